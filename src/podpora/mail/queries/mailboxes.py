"""Which mailbox an address belongs to, and what is fetched."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Min, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.base.sealing import unseal
from podpora.mail import rules
from podpora.mail.models import IncomingMail, Mailbox
from podpora.mail.values import IncomingState
from podpora.mail.values.mailboxes import PURPOSE


def mailboxes() -> QuerySet[Mailbox]:
    """Every mailbox, by its address."""
    return Mailbox.objects.order_by("address")


def mailbox(code: str) -> Mailbox:
    """One mailbox. NotYours if there is none."""
    found = Mailbox.objects.filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def mailbox_for(addresses: Iterable[str]) -> Mailbox | None:
    """The mailbox of the first of these addresses that is ours: its address or an alias, with or without a `+part` (one query)."""
    return next((box for box, _addresses in by_mailbox(addresses) if box is not None), None)


def by_mailbox(addresses: Iterable[str]) -> list[tuple[Mailbox | None, list[str]]]:
    """These addresses by the mailbox that they belong to, in their order; None has those that are nobody's (one query)."""
    known: dict[str, Mailbox] = {}
    for box in mailboxes():
        for address in (box.address, *box.aliases):
            known.setdefault(address, box)
    found: dict[int | None, tuple[Mailbox | None, list[str]]] = {}
    for address in addresses:
        bare = rules.bare_address(address)
        mine = known.get(bare) or known.get(rules.without_part(bare))
        found.setdefault(mine.pk if mine else None, (mine, []))[1].append(address)
    return list(found.values())


def own_addresses() -> frozenset[str]:
    """Every address of ours, lower case, without `+part`: mailboxes, their aliases, and the sender of our mail."""
    found = {rules.bare_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])}
    for address, aliases in Mailbox.objects.values_list("address", "aliases"):
        found |= {address, *aliases}
    return frozenset(found)


def is_ours(address: str, own: frozenset[str] | None = None) -> bool:
    """Is this one of our addresses, also with a `+part`?"""
    known = own_addresses() if own is None else own
    bare = rules.bare_address(address)
    return bare in known or rules.without_part(bare) in known


def mailboxes_to_fetch(*, at: datetime, also: str = "") -> QuerySet[Mailbox]:
    """Those that are fetched from a server and whose turn it is: not paused, not backing off, not being read by another worker.

    `also`: a reader whose lease may stand (he has died; `take_mailbox` looks at that).
    """
    found = mailboxes().filter(is_active=True).exclude(imap_host="")
    found = found.filter(Q(next_poll_at__isnull=True) | Q(next_poll_at__lte=at))
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    return found.filter(free | Q(leased_by=also) if also else free)


def last_fetched() -> dict[str, datetime]:
    """When each mailbox that is fetched was read last; one that never was, since when it is there."""
    boxes = mailboxes().filter(is_active=True).exclude(imap_host="")
    return {box.address: box.last_polled_at or box.created_at for box in boxes}


def unread_since() -> datetime | None:
    """Since when the oldest mail that came in waits to be read; None when none does."""
    waiting = IncomingMail.objects.filter(state__in=(IncomingState.STORED, IncomingState.PROCESSING))
    oldest: datetime | None = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    return oldest


def secret_of(box: Mailbox) -> str:
    """The password that the server wants. Raises CannotOpen when it was sealed with another key."""
    if box.is_from_setting:
        return unquote(urlsplit(settings.IMAP_URL).password or "")
    return unseal(box.imap_secret_sealed, PURPOSE) if box.imap_secret_sealed else ""
