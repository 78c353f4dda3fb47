"""The lists of incoming mail that people look at: by state and reason, searched, counted; and what one mail says."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.mail.models import IncomingMail
from podpora.mail.queries.incoming import incoming
from podpora.mail.values import IncomingState

HELD = (IncomingState.QUARANTINED, IncomingState.FAILED)
PAGE = 50


@dataclass(frozen=True, slots=True)
class MailWish:
    """What somebody wants to see. `before`: the id that the page begins after; `words`: a part of address or subject, or a code."""

    state: str = IncomingState.QUARANTINED
    reason: str = ""
    words: str = ""
    before: int = 0


def visible_incoming(hidden_queues: Iterable[str]) -> QuerySet[IncomingMail]:
    """VI-3: without the mail of queues that the reader may not read."""
    hidden = list(hidden_queues)
    return incoming().exclude(queue__in=hidden) if hidden else incoming()


def mails_wished(rows: QuerySet[IncomingMail], wish: MailWish) -> list[IncomingMail]:
    """A page and one more, newest first: reads an index."""
    if wish.state:
        rows = rows.filter(state=wish.state)
    if wish.reason:
        rows = rows.filter(reason=wish.reason)
    words = wish.words.replace("\x00", "").strip()[:200]
    if words:
        rows = rows.filter(
            Q(sender__icontains=words) | Q(subject__icontains=words) | Q(code__iexact=words) | Q(ticket__iexact=words)
        )
    if wish.before:
        rows = rows.filter(pk__lt=wish.before)
    return list(rows[: PAGE + 1])


def held_counts(rows: QuerySet[IncomingMail]) -> tuple[dict[str, int], dict[str, int]]:
    """How many are held, by state and by reason (one query over what is held alone)."""
    by_state: dict[str, int] = {}
    by_reason: dict[str, int] = {}
    held = rows.filter(state__in=HELD).order_by().values("state", "reason").annotate(count=Count("pk"))
    for row in held:
        by_state[row["state"]] = by_state.get(row["state"], 0) + row["count"]
        by_reason[row["reason"]] = by_reason.get(row["reason"], 0) + row["count"]
    return by_state, by_reason


def held_count(rows: QuerySet[IncomingMail]) -> int:
    """How many wait for a person."""
    return rows.filter(state__in=HELD).count()


def visible_mail(rows: QuerySet[IncomingMail], code: str) -> IncomingMail:
    """The one with this code among those that the reader may see. Raises NotYours."""
    found = rows.filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found
