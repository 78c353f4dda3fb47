"""The technician's list, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from podpora.desk.models import VIP_CODES, Ticket
from podpora.desk.queries.finding import found
from podpora.desk.queries.seeing import Sight, sight_of
from podpora.desk.queries.views import ORDERS, ListWish, Order, narrowed, of_view
from podpora.people.models import Person

PAGE = 50
FOUND_PAGE = 25  # what was looked for stands at the beginning, or other words are better
EXPORTED = 20_000  # rows of a table at most


class Listed(NamedTuple):
    """A ticket as a line of a list: what is shown of it and nothing more, read without making models of four tables."""

    pk: int
    code: str
    subject: str
    state: str
    priority: int
    rank: int
    since: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    solved_at: datetime | None
    changed_at: datetime
    opened_at: datetime
    support_code: str
    app_version: str
    queue_id: int
    requester_name: str
    requester_email: str
    customer_name: str
    customer_kind: str
    assignee_name: str | None
    assignee_email: str | None

    @property
    def is_vip(self) -> bool:
        return self.support_code in VIP_CODES


# In the order of Listed.
LIST_FIELDS = (
    *("pk", "code", "subject", "state", "priority", "rank", "since", "waiting_since", "due_at", "solved_at", "changed_at"),
    *("opened_at", "support_code", "app_version", "queue_id", "requester__name", "requester__email", "customer__name"),
    *("customer__kind", "assignee__name", "assignee__email"),
)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list and the cursor of the next."""

    tickets: Sequence[Listed]
    next: str


def wished(reader: Sight | Person, wish: ListWish, *, at: datetime, zone: tzinfo = UTC) -> QuerySet[Ticket]:
    """The tickets of a wish, in no order: the one predicate of the list, its counts, its export and what is done to all of them."""
    sight = reader if isinstance(reader, Sight) else sight_of(reader)
    tickets = narrowed(of_view(sight.tickets, wish.view, sight.person, at=at), wish)
    return found(tickets, wish.words, sight.person, zone=zone) if wish.words else tickets


def work_list(reader: Sight | Person, wish: ListWish, *, at: datetime, size: int = PAGE, zone: tzinfo = UTC) -> ListPage:
    """A page of the technician's list, in the order of the wish, behind its cursor."""
    order = ORDERS[wish.order_name]
    tickets = _after(wished(reader, wish, at=at, zone=zone), wish.after, order)
    rows = [Listed(*line) for line in _ordered(tickets, order).values_list(*LIST_FIELDS)[: size + 1]]
    more = len(rows) > size
    return ListPage(rows[:size], cursor(rows[size - 1], order) if more else "")


def all_of(reader: Sight | Person, wish: ListWish, *, at: datetime, zone: tzinfo = UTC) -> Iterator[Listed]:
    """Every ticket of a wish, at most EXPORTED, for a table in a file."""
    tickets = _ordered(wished(reader, replace(wish, after=""), at=at, zone=zone), ORDERS[wish.order_name])
    return (Listed(*line) for line in tickets.values_list(*LIST_FIELDS)[:EXPORTED].iterator(chunk_size=2000))


def beside(reader: Sight | Person, wish: ListWish, ticket: Ticket, *, at: datetime) -> tuple[str, str]:
    """The codes of the tickets before and behind this one in the list one came from, empty where there is none."""
    order = ORDERS[wish.order_name]
    tickets = wished(reader, wish, at=at)
    place = "~".join(_text(getattr(ticket, name)) for name, _down in order)
    backwards: Order = tuple((name, not down) for name, down in order)
    later = _ordered(_after(tickets, place, order), order).values_list("code", flat=True).first()
    earlier = _ordered(_after(tickets, place, backwards), backwards).values_list("code", flat=True).first()
    return earlier or "", later or ""


def cursor(ticket: Any, order: Order) -> str:
    """The place of a ticket in its list, for `?after=`: what changes elsewhere does not shift the next page."""
    return "~".join(_text(getattr(ticket, name)) for name, _down in order)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)


def _ordered(tickets: QuerySet[Ticket], order: Order) -> QuerySet[Ticket]:
    return tickets.order_by(*(f"-{name}" if down else name for name, down in order))


def _after(tickets: QuerySet[Ticket], after: str, order: Order) -> QuerySet[Ticket]:
    """The rows behind the cursor; one that makes no sense is the beginning."""
    values = _values(after, order)
    if values is None:
        return tickets
    behind, same = Q(), Q()
    for (name, down), value in zip(order, values, strict=True):
        behind |= same & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
        same &= Q(**{name: value})
    name, down = order[0]
    return tickets.filter(behind, **{f"{name}__{'lte' if down else 'gte'}": values[0]})


def _values(after: str, order: Order) -> list[Any] | None:
    texts = after.split("~")
    if len(texts) != len(order):
        return None
    try:
        values = [_value(name, text) for (name, _down), text in zip(order, texts, strict=True)]
    except (ValueError, OverflowError):
        return None
    return values


def _value(name: str, text: str) -> Any:
    if name in ("pk", "rank"):
        number = int(text)
        if not 0 <= number < (2**63 if name == "pk" else 1000):
            raise ValueError(text)
        return number
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant
