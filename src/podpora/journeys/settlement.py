"""Rights follow money. `settle` is the one place where an order's money becomes rights, licences, documents and mails.

It reads the order's whole money history, so it does not matter what happened last, nor whether it was told already: calling it twice,
late, or after a crash gives the same result. Every journey with money in it ends here.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from podpora.base.actors import Actor
from podpora.catalog.values import OfferKind
from podpora.entitlements import actions as entitlements
from podpora.entitlements import queries as ledgers
from podpora.entitlements.values import Rights
from podpora.journeys.rights import rights_of, sales_facts_of
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceKind, LicenceState
from podpora.orders import actions, queries, rules
from podpora.orders.models import Order, OrderLine
from podpora.orders.values import Delivered, History, OrderState

RECENT = timedelta(
    days=15
)  # an older payment is an import: its invoice was written elsewhere, and nobody waits for a mail about it


@transaction.atomic
def settle(order: Order, *, by: Actor, at: datetime) -> Order:
    """Make everything that this order bears upon agree with its money. Idempotent."""
    order = queries.locked(order)
    history = queries.history_of(order)
    lines = queries.lines_of(order)
    _record_rights(order, history, lines, by=by, at=at)
    if history.captured_at is not None:
        for line in lines:
            _hand_over(order, line, by=by, at=at)
    for code in sorted({line.licence_code for line in lines}):
        follow(code, by=by, at=at)
    before = OrderState(order.state)
    if actions.mirror_money(order, history, by=by, at=at) and _is_recent(history, at):
        _tell(order, history, before, lines, at=at)
    _write_documents(order, history, by=by, at=at)  # last: numbers are held until the end of the transaction
    return order


def _record_rights(order: Order, history: History, lines: list[OrderLine], *, by: Actor, at: datetime) -> None:
    product = queries.offers_named([lines[0].offer_code]).values_list("product_id", flat=True).first()
    facts = order.facts()
    entries = rules.entries_of(facts, history, sales_facts_of(product or 0).offered)
    recorded = ledgers.ledgers(entries)
    for licence, mine in sorted(entries.items()):
        gone = rules.retracted(facts, mine, recorded[licence])
        entitlements.record_entries(licence, order.customer, [*mine, *gone], by=by, at=at)


def _hand_over(order: Order, line: OrderLine, *, by: Actor, at: datetime) -> None:
    """A new licence is issued under the code that was reserved for it; what extends one is delivered by its ledger entry."""
    offer = queries.offers_named([line.offer_code]).get()
    if not line.target_licence and offer.edition is not None:
        kind = LicenceKind.SUBSCRIPTION if line.kind == OfferKind.SUBSCRIPTION else LicenceKind.ONE_TIME
        licensing.issue(
            code=line.licence_code, customer=order.customer, product=offer.product, edition=offer.edition, offer=offer.code,
            kind=kind, seats=line.devices * line.quantity, source=line.source, by=by, at=at,
        )  # fmt: skip
    actions.mark_delivered(line, by=by, at=at)


def follow(code: str, *, by: Actor, at: datetime) -> None:
    """The licence's seats and state as its ledger gives them at this instant. Nothing to do before it is issued."""
    licence = Licence.objects.select_related("customer", "product", "edition").filter(code=code).first()
    if licence is None:
        return
    rights = rights_of(licence, at=rules.horizon(ledgers.ledger(code), at))
    licensing.set_seats(licence, rights.seats, by=by, at=at)
    licensing.set_state(licence, _state(rights), by=by, at=at)


def _state(rights: Rights) -> LicenceState:
    if rights.base is None:
        return LicenceState.REVOKED
    return LicenceState.SUSPENDED if rights.is_suspended else LicenceState.ACTIVE


def _is_recent(history: History, at: datetime) -> bool:
    return history.last_at is None or abs(at - history.last_at) <= RECENT


def _write_documents(order: Order, history: History, *, by: Actor, at: datetime) -> None:
    """The invoice when the order is paid, and a credit note for each refund of an invoiced order.

    Who imports the orders of another shop has their invoices there; so without a word about it only recent payments get one.
    """
    if history.captured_at is None or history.captured_on is None:
        return
    wanted = order.writes_invoice if order.writes_invoice is not None else abs(at - history.captured_at) <= RECENT
    invoice = actions.issue_invoice(order, paid_on=history.captured_on, by=by, at=at) if wanted else queries.tax_invoice(order)
    if invoice is None:
        return
    for event in queries.undocumented_refunds(order):
        actions.issue_credit_note(event, invoice, by=by, at=at)


def _tell(order: Order, history: History, before: OrderState, lines: Iterable[OrderLine], *, at: datetime) -> None:
    if order.state == OrderState.PAID and before in (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED):
        actions.tell_paid(order, [_delivered(line, at) for line in lines], at=at)
    else:
        actions.tell_changed(order, history, at=at)


def _delivered(line: OrderLine, at: datetime) -> Delivered:
    """What a line gave, for the mail: key of a new licence, and the date that stands now."""
    licence = Licence.objects.filter(code=line.licence_code).first()
    if licence is None:
        return Delivered(line.name_cs, line.name_en, line.licence_code)
    rights = rights_of(licence, at=rules.horizon(ledgers.ledger(licence.code), at))
    key = "" if line.target_licence else licences.key_of(licence)
    return Delivered(line.name_cs, line.name_en, licence.code, key=key, support_through=rights.support_through, run=rights.run)
