"""What waits, what failed, what went out."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from podpora.base.errors import NotYours
from podpora.mail.models import OutgoingMail
from podpora.mail.values import BANNER_AFTER, MailState

WAITING = (MailState.QUEUED, MailState.CLAIMED)


def outgoing(to: str = "", state: str = "") -> QuerySet[OutgoingMail]:
    """Newest first; `to` is a part of the address."""
    mails = OutgoingMail.objects.order_by("-id")
    if to:
        mails = mails.filter(to_address__icontains=to)
    return mails.filter(state=state) if state else mails


def mail_with_code(code: str) -> OutgoingMail:
    """Raises NotYours."""
    found = OutgoingMail.objects.filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def returned_from(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses whose newest mail came back (one query): nobody reads there."""
    known = {address.casefold() for address in addresses}
    newest: dict[str, str] = {}
    for address, state in OutgoingMail.objects.filter(to_address__in=known).order_by("id").values_list("to_address", "state"):
        newest[address.casefold()] = state
    return {address for address, state in newest.items() if state == MailState.BOUNCED}


def counts_by_state() -> dict[str, int]:
    counted = dict(OutgoingMail.objects.order_by().values_list("state").annotate(count=Count("id")))
    return {state.value: counted.get(state.value, 0) for state in MailState}


def is_stuck(*, at: datetime) -> bool:
    """Has a mail that was tried been waiting for more than five minutes (the banner for the vendor's people, F11)?"""
    tried = OutgoingMail.objects.filter(state__in=WAITING, attempts__gt=0)
    oldest = tried.aggregate(oldest=Min("queued_at"))["oldest"]
    return oldest is not None and at - oldest > BANNER_AFTER
