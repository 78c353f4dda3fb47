"""The views of the technician's list: which tickets each holds, in which orders they may stand, how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.desk.models import Follower, Mention, SavedView, Ticket, TicketWork
from podpora.desk.queries.assigning import absent_for
from podpora.desk.queries.seeing import Sight
from podpora.desk.values import Priority, State
from podpora.people.models import Person
from podpora.people.permissions import staff_may
from podpora.people.values import StaffRole

COUNT_LIMIT = 1000  # a badge says "999+": counting a hundred thousand rows helps nobody
SOON = timedelta(hours=1)  # a clock that ends within it is breaching

VIEWS = (
    *(
        "mine",
        "unassigned",
        "breaching",
        "waiting",
        "waiting_customer",
        "waiting_vendor",
        "snoozed",
        "followed",
        "mentioned",
        "stand_in",
    ),
    *("open", "solved", "all"),
)
COUNTED = tuple(view for view in VIEWS if view not in ("waiting", "solved", "all"))

# Each order: (column, downwards), ending in the key: what makes a page stable.
Order = tuple[tuple[str, bool], ...]
ORDERS: Mapping[str, Order] = {
    "urgency": (("rank", False), ("since", False), ("pk", False)),
    "newest": (("pk", True),),
    "oldest": (("pk", False),),
    "changed": (("changed_at", True), ("pk", True)),
    "due": (("due_at", False), ("pk", False)),
    "solved": (("solved_at", True), ("pk", True)),
}
CHOICES = ("urgency", "changed", "newest", "oldest")  # what a reader may choose; the others belong to their views


@dataclass(frozen=True, slots=True)
class ListWish:
    """What a technician wants to see; the address holds it, and a saved view keeps it. What makes no sense is left out."""

    view: str = "mine"
    queue: str = ""
    words: str = ""
    after: str = ""  # cursor
    state: str = ""
    assignee: str = ""  # a person's code, or "nobody"
    priority: str = ""
    order: str = ""
    columns: tuple[str, ...] = field(default=())  # () is the default; names of values.Column

    @property
    def order_name(self) -> str:
        """The order that holds: the chosen one, else that of the view, else the newest of what was looked for."""
        if self.order in CHOICES:
            return self.order
        own = {"breaching": "due", "solved": "solved", "all": "changed"}.get(self.view, "urgency")
        return "newest" if self.words else own

    def kept(self) -> dict[str, Any]:
        """As a saved view keeps it: without the place in the list."""
        names = ("view", "queue", "words", "state", "assignee", "priority", "order")
        found: dict[str, Any] = {name: getattr(self, name) for name in names if getattr(self, name)}
        return found | ({"columns": list(self.columns)} if self.columns else {})


def wish_of(kept: Mapping[str, Any]) -> ListWish:
    """A saved view's wish; what an older version knew and this one does not is left out."""
    texts = {name: str(kept[name]) for name in ("view", "queue", "words", "state", "assignee", "priority", "order") if name in kept}
    return ListWish(**texts, columns=tuple(map(str, kept.get("columns", ()))))


def of_view(tickets: QuerySet[Ticket], view: str, person: Person, *, at: datetime) -> QuerySet[Ticket]:
    """The tickets of one view."""
    match view:
        case "mine":
            return tickets.filter(assignee=person, rank__lt=200, snoozed_until=None)
        case "unassigned":
            return tickets.filter(assignee=None, rank__lt=200, snoozed_until=None)
        case "breaching":
            return tickets.filter(due_at__isnull=False, due_at__lt=at + SOON)
        case "waiting":
            return tickets.filter(rank__gte=100, rank__lt=200)
        case "waiting_customer":
            return tickets.filter(rank__gte=150, rank__lt=200)
        case "waiting_vendor":
            return tickets.filter(rank__gte=100, rank__lt=150)
        case "snoozed":
            return tickets.filter(rank__lt=200, snoozed_until__isnull=False)
        case "followed":
            return tickets.filter(Exists(Follower.objects.filter(ticket=OuterRef("pk"), person=person)), rank__lt=200)
        case "mentioned":
            named = Mention.objects.filter(person=person).values("message__ticket")
            return tickets.filter(pk__in=named, rank__lt=200)
        case "stand_in":
            return tickets.filter(assignee__in=absent_for(person, at=at), rank__lt=200)
        case "solved":
            return tickets.filter(rank__gte=200, rank__lt=290)  # what was merged is found in the other one
        case "all":
            return tickets
    return tickets.filter(rank__lt=200)


def narrowed(tickets: QuerySet[Ticket], wish: ListWish) -> QuerySet[Ticket]:
    """By the filter bar: an allow-list of columns and values (C3); a value that makes no sense finds nothing."""
    if wish.queue:
        tickets = tickets.filter(queue__code=wish.queue)
    if wish.state:
        tickets = tickets.filter(state=wish.state) if wish.state in set(State) else tickets.none()
    if wish.priority:
        known = wish.priority in {str(priority.value) for priority in Priority}
        tickets = tickets.filter(priority=int(wish.priority)) if known else tickets.none()
    if wish.assignee:
        tickets = tickets.filter(assignee=None) if wish.assignee == "nobody" else tickets.filter(assignee__code=wish.assignee)
    return tickets


def counts(sight: Sight, saved: Sequence[SavedView] = (), *, at: datetime) -> dict[str, int]:
    """How many tickets each view of unfinished work has, and each saved one (by its code), up to COUNT_LIMIT.

    By the same door and the same conditions as the list (VI-3). One statement.
    """
    wishes = {view: ListWish(view) for view in COUNTED if view != "stand_in"}
    wishes |= {each.code: wish for each in saved if not (wish := wish_of(each.wish)).words}  # a search has no badge: it is the page
    if not staff_may(sight.person, "tickets"):
        return dict.fromkeys(wishes, 0)
    parts = [_counting(sight.own, sight.queues, wish, connection.vendor) for wish in wishes.values()]
    values = _stand_ins(_ANYBODY, _ANY_TIME, of=(sight.person, at))
    columns = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS part)" for sql, _params in parts)  # noqa: S608  # the ORM made it
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [values.get(param, param) for _sql, params in parts for param in params])
        found = dict(zip(wishes, cursor.fetchone(), strict=True))
    return found | {"stand_in": _of_absent(sight, at=at)}


def _of_absent(sight: Sight, *, at: datetime) -> int:
    """Mostly nobody is away: one statement, and one more when somebody is."""
    absent = absent_for(sight.person, at=at)
    return sight.tickets.filter(assignee__in=absent, rank__lt=200).order_by()[:COUNT_LIMIT].count() if absent else 0


# The ORM takes longer to write a dozen conditions than the database to count by them. So they are written once, for nobody at no
# time, and on each page the reader and the instant stand in for those.
_ANYBODY = 2**62 + 7
_ANY_TIME = datetime(1971, 1, 1, 12, tzinfo=UTC)
NOTHING = ("SELECT 1 WHERE 1 = 0", ())


@lru_cache(maxsize=2048)
def _counting(own: tuple[int, ...], queues: tuple[int, ...], wish: ListWish, vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The statement that finds the first COUNT_LIMIT tickets of a wish, as the list would."""
    nobody = Person(pk=_ANYBODY, staff_role=StaffRole.TECHNICIAN, is_active=True)
    sight = Sight(nobody, own, queues)
    tickets = narrowed(of_view(sight.tickets.order_by(), wish.view, nobody, at=_ANY_TIME), wish)
    try:
        sql, params = tickets.values("pk")[:COUNT_LIMIT].query.sql_with_params()
    except EmptyResultSet:
        return NOTHING
    return sql, tuple(params)


def _stand_ins(person: int, at: datetime, *, of: tuple[Person, datetime]) -> dict[Any, Any]:
    """What stands in the written statements -> what is meant now, as this engine takes it."""
    real_person, real_at = of
    ops = connection.ops

    return {
        person: real_person.pk,
        ops.adapt_datetimefield_value(at + SOON): ops.adapt_datetimefield_value(real_at + SOON),
    }


def saved_views(person: Person) -> list[SavedView]:
    """The person's own views, and those that others share; in their order."""
    return list(SavedView.objects.filter(Q(owner=person) | Q(is_shared=True)).select_related("owner"))


def saved_view(person: Person, code: str) -> SavedView | None:
    """The view with this code if the person may use it."""
    return next((view for view in saved_views(person) if view.code == code), None)


def work_of(person: Person, code: str) -> TicketWork:
    """What this person did to many tickets; raises NotYours for what is not there or another's."""
    found = TicketWork.objects.select_related("person").filter(code=code[:20].replace("\x00", ""), person=person).first()
    if found is None:
        raise NotYours
    return found


def behind(wish: ListWish, after: str) -> ListWish:
    """The same list behind a place in it."""
    return replace(wish, after=after)
