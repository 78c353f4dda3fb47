"""The technician's list and its counts, and the list of the support centre."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from podpora.desk.models import VIP_CODES, Ticket
from podpora.desk.queries.finding import found
from podpora.desk.queries.seeing import Sight, seen_by_customer, sight_of
from podpora.people.models import Person
from podpora.people.permissions import staff_may

PAGE = 50
FOUND_PAGE = 25  # what was looked for stands at the beginning, or other words are better
COUNT_LIMIT = 1000  # a badge says "999+": counting a hundred thousand rows helps nobody


@dataclass(frozen=True, slots=True)
class ListWish:
    """What a technician wants to see; the address holds it."""

    view: str = "mine"  # mine, unassigned, waiting, open, solved
    queue: str = ""
    words: str = ""
    after: str = ""  # cursor


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
    solved_at: datetime | None
    changed_at: datetime
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


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list and the cursor of the next."""

    tickets: Sequence[Listed]
    next: str


VIEWS = ("mine", "unassigned", "waiting", "open", "solved")


def of_view(tickets: QuerySet[Ticket], view: str, person: Person) -> QuerySet[Ticket]:
    """The tickets of one tab."""
    match view:
        case "mine":
            return tickets.filter(assignee=person, rank__lt=200)
        case "unassigned":
            return tickets.filter(assignee=None, rank__lt=200)
        case "waiting":
            return tickets.filter(rank__gte=100, rank__lt=200)
        case "solved":
            return tickets.filter(rank__gte=200, rank__lt=290)  # what was merged is found in the other one
    return tickets.filter(rank__lt=200)


def work_list(reader: Sight | Person, wish: ListWish, *, size: int = PAGE) -> ListPage:
    """A page of the technician's list: by urgency; what is solved by the day of solving, newest first."""
    sight = reader if isinstance(reader, Sight) else sight_of(reader)
    tickets = sight.tickets
    if not wish.words or wish.view != "all":
        tickets = of_view(tickets, wish.view, sight.person)
    if wish.queue:
        tickets = tickets.filter(queue__code=wish.queue)
    if wish.words:
        tickets = found(tickets, wish.words)
    solved = wish.view == "solved"
    order = ("-solved_at", "-id") if solved else ("rank", "since", "id")
    lines = _after(tickets, wish.after, solved=solved).order_by(*order).values_list(*LIST_FIELDS)
    rows = [Listed(*line) for line in lines[: size + 1]]
    more = len(rows) > size
    return ListPage(rows[:size], cursor(rows[size - 1], solved=solved) if more else "")


# In the order of Listed.
LIST_FIELDS = (
    *("pk", "code", "subject", "state", "priority", "rank", "since", "waiting_since", "solved_at", "changed_at", "support_code"),
    *("app_version", "queue_id", "requester__name", "requester__email", "customer__name", "customer__kind"),
    *("assignee__name", "assignee__email"),
)


def cursor(ticket: Listed, *, solved: bool) -> str:
    """The place of a ticket in its list, for `?after=`: what changes elsewhere does not shift the next page."""
    instant = ticket.solved_at if solved else ticket.since
    return f"{ticket.rank}~{instant.isoformat() if instant else ''}~{ticket.pk}"


def _after(tickets: QuerySet[Ticket], after: str, *, solved: bool) -> QuerySet[Ticket]:
    """The rows behind the cursor; one that makes no sense is the beginning."""
    try:
        rank_text, instant_text, pk_text = after.split("~")
        rank, instant, pk = int(rank_text), datetime.fromisoformat(instant_text), int(pk_text)
    except ValueError:
        return tickets
    if instant.tzinfo is None or not 0 <= rank < 1000 or not 0 <= pk < 2**63:
        return tickets
    if solved:
        return tickets.filter(Q(solved_at__lt=instant) | Q(solved_at=instant, pk__lt=pk))
    later = Q(rank__gt=rank) | Q(rank=rank, since__gt=instant) | Q(rank=rank, since=instant, pk__gt=pk)
    return tickets.filter(later, rank__gte=rank)


def counts(reader: Sight | Person) -> dict[str, int]:
    """How many tickets each tab of unfinished work has, up to COUNT_LIMIT; by the same door as the list (VI-3)."""
    sight = reader if isinstance(reader, Sight) else sight_of(reader)
    tickets = sight.tickets.order_by()
    views = [view for view in VIEWS if view != "solved"]
    if not staff_may(sight.person, "tickets"):
        return dict.fromkeys(views, 0)
    parts = [of_view(tickets, view, sight.person).values("pk")[:COUNT_LIMIT].query.sql_with_params() for view in views]
    columns = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS part)" for sql, _params in parts)  # noqa: S608  # the ORM made it
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [param for _sql, params in parts for param in params])
        return dict(zip(views, cursor.fetchone(), strict=True))


@dataclass(frozen=True, slots=True)
class CentrePage:
    """One page of the support centre's list and the cursor of the next."""

    tickets: Sequence[Ticket]
    next: str


def tickets_of_customers(person: Person, *, size: int = PAGE, after: str = "") -> CentrePage:
    """The support centre's list: what the person sees, unfinished first, then by the last change."""
    tickets = seen_by_customer(person).select_related("requester", "customer").order_by("-changed_at", "-pk")
    try:
        instant_text, pk_text = after.split("~")
        instant, pk = datetime.fromisoformat(instant_text), int(pk_text)
        if instant.tzinfo is not None and 0 <= pk < 2**63:
            tickets = tickets.filter(Q(changed_at__lt=instant) | Q(changed_at=instant, pk__lt=pk))
    except ValueError:
        pass
    rows = list(tickets[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return CentrePage(rows[:size], f"{last.changed_at.isoformat()}~{last.pk}" if last else "")
