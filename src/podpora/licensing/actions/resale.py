"""A licence that was bought for somebody else (ORG-6): it waits for him, and he decides what its reseller sees of it.

It is a licence of nobody, as a trial is, until whoever reads the mail at that address claims it; what has to be kept for that is an offer
as of a handed-over licence (Transfer), so there is one way in which a licence comes to a new owner.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.codes import unguessable
from podpora.base.decisions import Refused, refuse
from podpora.licensing import notices, queries
from podpora.licensing.models import Licence, Transfer
from podpora.licensing.values import TRANSFER_OVER, LicenceState
from podpora.people.actions import email_of
from podpora.people.models import Customer

CLAIM_LIFE = timedelta(days=365)


@transaction.atomic
def resell(new: Iterable[Licence], reseller: Customer, email: str, *, tells: bool = True, by: Actor, at: datetime) -> None:
    """These licences were bought for whoever reads the mail of this address. He gets a link for each.

    Without `tells` (an order of long ago comes in) he gets it only when the reseller sends it (`send_claim`).
    """
    for licence in new:
        Licence.objects.filter(pk=licence.pk).update(reseller=reseller)
        licence.reseller = reseller
        _offer(licence, reseller, email, tells=tells, by=by, at=at)


@transaction.atomic
def send_claim(licence: Licence, email: str, *, by: Actor, at: datetime) -> Transfer:
    """The link again, to the same address or, where the first was wrong, to another one. The old link is of no use from then on.

    Refused (`transfer.over`) once it was claimed, or when what it was bought with was returned.
    """
    licence = queries.locked(licence)
    if licence.customer_id is not None or licence.reseller is None or licence.state == LicenceState.REVOKED:
        raise Refused(refuse(TRANSFER_OVER))
    address = email_of(email)
    Transfer.objects.filter(licence=licence, accepted_at=None, cancelled_at=None).update(cancelled_at=at)
    return _offer(licence, licence.reseller, address, tells=True, by=by, at=at)


def _offer(licence: Licence, reseller: Customer, email: str, *, tells: bool, by: Actor, at: datetime) -> Transfer:
    token = unguessable()
    made = Transfer.objects.create(
        licence=licence, from_customer=reseller, to_email=email, is_resale=True, token_hash=queries.transfer_hash(token),
        offered_by_id=by.person_id, offered_at=at, expires_at=at + CLAIM_LIFE,
    )  # fmt: skip
    facts = {"to": email, "transfer": made.code, "reseller": reseller.code}
    verb = "licence.resold" if tells else "licence.resold_before"
    audit.record(verb, f"licence:{licence.code}", by=by, at=at, facts=facts)
    if tells:
        notices.resold(made, token, at=at)
    return made


@transaction.atomic
def show_reseller(licence: Licence, is_shown: bool, *, by: Actor, at: datetime) -> Licence:
    """The owner lets the reseller see dates, versions and how many seats are used, or no longer."""
    licence = queries.locked(licence)
    if licence.reseller is not None and licence.reseller_sees != is_shown:
        licence.reseller_sees = is_shown
        licence.save(update_fields=["reseller_sees"])
        verb = "licence.shown_to_reseller" if is_shown else "licence.hidden_from_reseller"
        audit.record(verb, f"licence:{licence.code}", by=by, at=at, facts={"reseller": licence.reseller.name})
    return licence
