"""A licence goes from one customer to another (A-17): both confirm, the end of support moves along, activations are cleared.

Licensing has the offer and the devices, the ledger (entitlements) the rights, orders know what waits for money, and the vendor's policy
says what becomes of lifetime updates. Old orders and invoices stay with the old owner; the new one reads the ledger without them.
"""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.values import LifetimeTransfer
from podpora.entitlements import actions as entitlements
from podpora.entitlements import queries as ledgers
from podpora.entitlements.values import Entry, EntryKind
from podpora.journeys.settlement import follow
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.licensing.models import Licence, Transfer
from podpora.orders import queries as orders
from podpora.people.models import Customer


@transaction.atomic
def offer(licence: Licence, email: str, *, by: Actor, at: datetime) -> Transfer:
    """Offer the licence to an address. Refused while orders about it wait for money, or its payment is disputed."""
    return licensing.offer_transfer(licence, email, orders=orders.waiting_orders_about(licence.code), by=by, at=at)


@transaction.atomic
def accept(transfer: Transfer, customer: Customer, *, by: Actor, at: datetime) -> Licence:
    """The other side takes it for this customer of his. Safe to call twice."""
    code = transfer.licence.code
    if licensing.accept_transfer(transfer, customer, orders=orders.waiting_orders_about(code), by=by, at=at):
        entitlements.move_ledger(code, to=customer, by=by, at=at)
        if not transfer.is_resale:
            _end_lifetime(transfer, customer, by=by, at=at)
        follow(code, by=by, at=at)
    licence = licences.by_code(licences.licences_of(customer), code)
    if licence.customer_id != customer.pk:
        raise NotYours
    return licence


def cancel(transfer: Transfer, *, by: Actor, at: datetime) -> bool:
    """Either side says no."""
    return licensing.cancel_transfer(transfer, by=by, at=at)


def _end_lifetime(transfer: Transfer, customer: Customer, *, by: Actor, at: datetime) -> None:
    """Where the vendor's policy says so, lifetime updates do not go along; every version that was out by then stays covered."""
    policy = catalog.policy_of(transfer.licence.product_id)
    if policy.transfer_of_lifetime is not LifetimeTransfer.ENDS:
        return
    code, on = transfer.licence.code, vendor_date(at, policy.zone)
    struck = [
        Entry(source=f"transfer:{transfer.code}/{number}", kind=EntryKind.REFUND, at=at, on=on, strikes=entry.source)
        for number, entry in enumerate(ledgers.ledger(code), start=1)
        if entry.kind is EntryKind.LIFETIME and entry.at is not None
    ]
    if not struck:
        return
    majors = [v.major for v in catalog.version_facts(transfer.licence.product_id) if v.released_on and v.released_on <= on]
    kept = Entry(
        source=f"transfer:{transfer.code}",
        kind=EntryKind.UPGRADE,
        at=at,
        on=on,
        units=1,
        years=0,
        through_major=max(majors, default=0),
    )
    entitlements.record_entries(code, customer, [*struck, kept], by=by, at=at)
