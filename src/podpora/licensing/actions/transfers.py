"""A licence goes to another customer: offered, cancelled, accepted (A-17). journeys/transfer.py tells the whole story."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.codes import unguessable
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput
from podpora.licensing import notices, queries
from podpora.licensing.actions.activations import deactivate
from podpora.licensing.actions.licence_keys import new_key
from podpora.licensing.actions.shares import end_share
from podpora.licensing.models import Activation, Device, FingerprintPart, Licence, Transfer
from podpora.licensing.rules.transfers import TransferFacts, may_accept, may_offer
from podpora.licensing.values import TRANSFER_LIFE, TRANSFER_OVER, ActivationState, LicenceKind, LicenceState
from podpora.people.actions import email_of
from podpora.people.models import Customer


def _facts(licence: Licence, orders: Sequence[str], *, offered: bool = False) -> TransferFacts:
    return TransferFacts(licence.code, LicenceKind(licence.kind), LicenceState(licence.state), tuple(orders), offered)


@transaction.atomic
def offer_transfer(licence: Licence, email: str, *, orders: Sequence[str] = (), by: Actor, at: datetime) -> Transfer:
    """Offer the licence to whoever reads the mail of this address. `orders`: those about it that wait for their payment."""
    licence = queries.locked(licence)
    if licence.customer is None:
        raise Refused(refuse(TRANSFER_OVER))
    address = email_of(email)
    Transfer.objects.filter(licence=licence, accepted_at=None, cancelled_at=None, expires_at__lte=at).update(cancelled_at=at)
    may_offer(_facts(licence, orders, offered=queries.open_transfer(licence, at=at) is not None)).or_refuse()
    if licence.customer.email == address:
        raise InvalidInput({"email": ["transfer.same_customer"]})
    token = unguessable()
    made = Transfer.objects.create(
        licence=licence, from_customer=licence.customer, to_email=address, token_hash=queries.transfer_hash(token),
        offered_by_id=by.person_id, offered_at=at, expires_at=at + TRANSFER_LIFE,
    )  # fmt: skip
    facts = {"to": address, "transfer": made.code}
    audit.record("licence.transfer_offered", f"licence:{licence.code}", by=by, at=at, facts=facts)
    notices.transfer_offered(made, token, at=at)
    return made


@transaction.atomic
def cancel_transfer(transfer: Transfer, *, by: Actor, at: datetime) -> bool:
    """Either side says no; the licence stays where it is. True the first time; Refused (`transfer.over`) once it was accepted."""
    queries.locked(transfer.licence)
    if Transfer.objects.filter(pk=transfer.pk, accepted_at__isnull=False).exists():
        raise Refused(refuse(TRANSFER_OVER))
    if not Transfer.objects.filter(pk=transfer.pk, accepted_at=None, cancelled_at=None).update(cancelled_at=at):
        return False
    facts = {"transfer": transfer.code}
    audit.record("licence.transfer_cancelled", f"licence:{transfer.licence.code}", by=by, at=at, facts=facts)
    notices.transfer_cancelled(transfer, at=at)
    return True


@transaction.atomic
def accept_transfer(transfer: Transfer, customer: Customer, *, orders: Sequence[str] = (), by: Actor, at: datetime) -> bool:
    """The licence is this customer's from now on: with a new key, without devices, shares and names of those who had it.

    True the first time; again with the same customer changes nothing. What the ledger gives moves along in the journey.
    """
    licence = queries.locked(transfer.licence)
    row = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if row.accepted_at is not None and row.to_customer_id == customer.pk:
        return False
    owner = None if row.is_resale else row.from_customer_id
    is_open = row.is_open and at < row.expires_at and licence.customer_id == owner
    may_accept(_facts(licence, orders), is_open=is_open, is_same=customer.pk == licence.customer_id).or_refuse()
    _clear(licence, by=by, at=at)
    licence.refresh_from_db()
    for name, value in new_key().items():
        setattr(licence, name, value)
    licence.customer, licence.owned_since, licence.name = customer, at, ""
    licence.save()
    row.to_customer, row.accepted_at = customer, at
    row.save(update_fields=["to_customer", "accepted_at"])
    facts = {"licence": licence.code, "from": row.from_customer.code, "to": customer.code, "transfer": row.code}
    for subject in (f"licence:{licence.code}", f"customer:{row.from_customer.code}", f"customer:{customer.code}"):
        audit.record("licence.transferred", subject, by=by, at=at, facts=facts)
    row.licence = licence
    if row.is_resale:
        notices.resale_claimed(row, at=at)
    else:
        notices.transferred(row, at=at)
    return True


def _clear(licence: Licence, *, by: Actor, at: datetime) -> None:
    """Activations end, shares end; the old owner's devices keep neither a name nor a fingerprint by which they would be known again."""
    active = Activation.objects.filter(licence=licence, state=ActivationState.ACTIVE).select_related("device", "licence")
    for activation in active:
        deactivate(activation, by=by, at=at)
    for share in queries.shares_of(licence):
        end_share(share, by=by, at=at)
    FingerprintPart.objects.filter(device__licence=licence).delete()
    Device.objects.filter(licence=licence).update(
        name="", fingerprint="{}", person=None, team=None, is_former=True, blocked_at=None, suspected_clone_at=None, former_hash=""
    )


@transaction.atomic
def forget_address(address: str, instead: str) -> None:
    """Somebody is erased (C47): offers that were sent to him keep that they were, and not to whom."""
    Transfer.objects.filter(to_email__iexact=address).update(to_email=instead)
