"""Reports, aggregated by the database: what came, how long it took, what was promised and kept (issue by queue, technician, version, topic)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Avg, BigIntegerField, CharField, Count, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Substr

from podpora.base.clock import start_of, vendor_date
from podpora.base.folding import folded
from podpora.desk.models import VIP_CODES, Queue, Rating, Refusal, Tag, Ticket, TicketTag, TimeEntry
from podpora.desk.queries.seeing import sight_of
from podpora.desk.rules import RANK_DONE, plan_of
from podpora.desk.values import Group, Grouping, Measured, Period, Report, Score
from podpora.people.models import Person
from podpora.people.permissions import is_manager

AGES = (1, 3, 7, 30)
MOST_GROUPS, MOST_TOPICS, WORDS_OF = 50, 15, 5_000
_WORD = re.compile(r"[^\W\d_]{4,}")
# Words that are in every question, in both languages; written without accents.
_COMMON = frozenset(
    [
        "kdyz",
        "jsem",
        "jsme",
        "jako",
        "nebo",
        "prosim",
        "dobry",
        "den",
        "ktery",
        "ktere",
        "mate",
        "jeste",
        "take",
        "proc",
        "muze",
        "mohu",
        "bude",
        "have",
        "with",
        "that",
        "this",
        "from",
        "what",
        "when",
        "does",
        "please",
        "hello",
        "after",
        "the",
        "and",
        "for",
        "not",
        "are",
        "was",
        "cannot",
        "doesn",
    ]
)
_FIELDS = {Grouping.QUEUE: "queue", Grouping.TECHNICIAN: "assignee", Grouping.VERSION: "app_version", Grouping.LANGUAGE: "language"}


def readable(reader: Person | None) -> QuerySet[Ticket]:
    """The tickets that a report may count: a manager's and the vendor's systems' are all, a technician's those of his queues (VI-3)."""
    return (Ticket.objects.all() if reader is None else sight_of(reader).tickets).exclude(merged_into__isnull=False)


def report(period: Period, by: Grouping, reader: Person | None, *, at: datetime, language: str) -> Report:
    """Everything about a period. As many statements whatever the number of tickets."""
    tickets = readable(reader)
    sees_all = reader is None or is_manager(reader)
    return Report(
        period,
        measured(tickets, period, at=at),
        measured(tickets, period.before, at=at),
        _volume(tickets, period),
        _backlog(tickets, at),
        groups(tickets, period, by, at=at, language=language),
        _topics(tickets, period),
        _words(tickets, period),
        _refusals(period) if sees_all else (),
        _without_support(tickets, period, language),
    )


def measured(tickets: QuerySet[Ticket], period: Period, *, at: datetime) -> Measured:
    """The numbers of a period: four statements."""
    return _merged((), tickets, period, at)[None]


def groups(tickets: QuerySet[Ticket], period: Period, by: Grouping, *, at: datetime, language: str) -> list[Group]:
    """The same for each queue, technician, version, tag or language, the largest first."""
    if by is Grouping.TAG:
        names = dict(Tag.objects.order_by().values_list("pk", "name"))
        found = _merged(("ticket_tags__tag",), tickets, period, at)
    else:
        found = _merged((_FIELDS[by],), tickets, period, at)
        names = _names(by, found, language)
    rows = [Group(str(key or ""), str(names.get(key) or ""), numbers) for key, numbers in found.items()]
    return sorted(rows, key=lambda row: (-row.measured.opened, -row.measured.solved, row.name))[:MOST_GROUPS]


def _names(by: Grouping, keys: Iterable[Any], language: str) -> dict[Any, str]:
    if by is Grouping.QUEUE:
        return dict(Queue.objects.values_list("pk", "name_cs" if language == "cs" else "name_en"))
    if by is Grouping.TECHNICIAN:
        people = Person.objects.filter(pk__in=[key for key in keys if key is not None])
        return {person.pk: str(person) for person in people}
    return {key: str(key or "") for key in keys}


# A promise is kept or missed once a ticket. One that nobody has answered or solved is missed when its deadline has passed: else the
# worst tickets would be those that no report counts.
_FIRST = Q(first_response_diff__gte=0)
_UPDATE = Q(update_diff__gte=0)


def _promises(at: datetime) -> dict[str, Any]:
    """Of the tickets opened in a period: first and further answers, and solutions that are overdue."""
    first_late = Q(first_response_diff__lt=0) | Q(first_response_diff=None, first_response_due_at__lt=at)
    update_late = Q(update_diff__lt=0) | Q(first_answered_at__isnull=False, update_due_at__lt=at)
    return {
        "first_kept": Count("pk", filter=_FIRST), "first_missed": Count("pk", filter=first_late),
        "update_kept": Count("pk", filter=_UPDATE & ~update_late), "update_missed": Count("pk", filter=update_late),
        "overdue": Count("pk", filter=Q(solved_at=None, solution_due_at__lt=at)),
    }  # fmt: skip


def _merged(group: Sequence[str], tickets: QuerySet[Ticket], period: Period, at: datetime) -> dict[Any, Measured]:
    """What was opened, what was solved, what was rated and worked in a period, put together by group."""
    start, end = _bounds(period)
    opened = tickets.filter(opened_at__gte=start, opened_at__lt=end)
    solved = tickets.filter(solved_at__gte=start, solved_at__lt=end)
    parts: dict[Any, dict[str, Any]] = {}

    def add(rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            key = row.pop(group[0]) if group else None
            parts.setdefault(key, {}).update(row)

    add(_rows(opened, group, opened=Count("pk"), first_response=Avg("first_response_minutes"), **_promises(at)))
    add(_rows(solved, group, solved=Count("pk"), solution=Avg("solution_minutes"),
              then_kept=Count("pk", filter=Q(solution_diff__gte=0)), then_missed=Count("pk", filter=Q(solution_diff__lt=0))))  # fmt: skip
    rated = Rating.objects.filter(rated_at__gte=start, rated_at__lt=end, ticket__in=tickets.values("pk"))
    good, bad = (Count("pk", filter=Q(score=score)) for score in (Score.GOOD, Score.BAD))
    add(_rows(rated, [f"ticket__{name}" for name in group], rename=group, good=good, bad=bad))
    worked = TimeEntry.objects.filter(worked_at__gte=start, worked_at__lt=end, ticket__in=tickets.values("pk"))
    add(_rows(worked, [f"ticket__{name}" for name in group], rename=group, spent=Sum("minutes")))
    return {key: _measured(row) for key, row in parts.items()}


def _rows(rows: QuerySet[Any], group: Sequence[str], *, rename: Sequence[str] = (), **numbers: Any) -> Iterable[dict[str, Any]]:
    if not group:
        return [rows.order_by().aggregate(**numbers)]
    column: Any = F(group[0])
    if group[0].endswith(("queue", "assignee")):  # an index that is in this order would be followed row by row
        column = ExpressionWrapper(column * 1, BigIntegerField())
    found = rows.order_by().annotate(grouped_by=column).values("grouped_by").annotate(**numbers)
    return [{((rename or group)[0] if name == "grouped_by" else name): value for name, value in row.items()} for row in found]


def _measured(row: dict[str, Any]) -> Measured:
    def number(name: str) -> int:
        return int(row.get(name) or 0)

    def average(name: str) -> float | None:
        return None if row.get(name) is None else float(row[name])

    return Measured(
        number("opened"), number("solved"), average("first_response"), average("solution"),
        number("first_kept") + number("update_kept") + number("then_kept"),
        number("first_missed") + number("update_missed") + number("overdue") + number("then_missed"),
        number("good"), number("bad"), number("spent"),
    )  # fmt: skip


def _bounds(period: Period) -> tuple[datetime, datetime]:
    zone = settings.VENDOR_ZONE
    return start_of(period.since, zone), start_of(period.until + timedelta(days=1), zone)


def _volume(tickets: QuerySet[Ticket], period: Period) -> list[tuple[date, int, int]]:
    """Opened and solved by the vendor's days, put into the steps of the chart."""
    start, end = _bounds(period)
    by_day: list[Counter[date]] = []
    for name in ("opened_at", "solved_at"):
        rows = tickets.filter(**{f"{name}__gte": start, f"{name}__lt": end}).order_by()
        # The hour as text, "2026-03-10 09", put into days here: the database would ask Python about the zone for each row.
        hours = rows.annotate(hour=Substr(Cast(name, CharField()), 1, _LENGTH_OF_HOUR)).values_list("hour").annotate(n=Count("pk"))
        counted: Counter[date] = Counter()
        for hour, n in hours:
            counted[_day_of(hour)] += n
        by_day.append(counted)
    points = []
    for offset in range(0, period.days, period.step):
        first = period.since + timedelta(days=offset)
        days = [first + timedelta(days=n) for n in range(min(period.step, period.days - offset))]
        points.append((first, sum(by_day[0].get(day, 0) for day in days), sum(by_day[1].get(day, 0) for day in days)))
    return points


_LENGTH_OF_HOUR = 15  # to ten minutes: some zones lie half an hour beside the others


def _day_of(hour: str) -> date:
    """`2026-03-10 09:3` of UTC -> the vendor's date."""
    return datetime.fromisoformat(f"{hour.replace('T', ' ')}0+00:00").astimezone(settings.VENDOR_ZONE).date()


def _backlog(tickets: QuerySet[Ticket], at: datetime) -> list[tuple[int | None, int]]:
    """Unfinished tickets by their age in days, now."""
    open_ = tickets.filter(rank__lt=RANK_DONE).order_by()
    edges = [at - timedelta(days=age) for age in AGES]
    counts = open_.aggregate(
        total=Count("pk"), **{f"a{n}": Count("pk", filter=Q(opened_at__gt=edge)) for n, edge in enumerate(edges)}
    )
    found: list[tuple[int | None, int]] = []
    before = 0
    for n, age in enumerate(AGES):
        found.append((age, counts[f"a{n}"] - before))
        before = counts[f"a{n}"]
    return [*found, (None, counts["total"] - before)]


def _opened(tickets: QuerySet[Ticket], period: Period) -> QuerySet[Ticket]:
    start, end = _bounds(period)
    return tickets.filter(opened_at__gte=start, opened_at__lt=end).order_by()


def _topics(tickets: QuerySet[Ticket], period: Period) -> list[tuple[str, int]]:
    """Tags of what was opened, the most frequent first."""
    rows = TicketTag.objects.filter(ticket__in=_opened(tickets, period).values("pk")).order_by()
    return list(rows.values_list("tag__name").annotate(n=Count("pk")).order_by("-n", "tag__name")[:MOST_TOPICS])


def _words(tickets: QuerySet[Ticket], period: Period) -> list[tuple[str, int]]:
    """What was asked most: words of the newest subjects, each once a ticket, without those that are in every question."""
    counted: Counter[str] = Counter()
    for subject in _opened(tickets, period).order_by("-pk").values_list("subject", flat=True)[:WORDS_OF]:
        counted.update({word for word in _WORD.findall(subject.lower()) if folded(word) not in _COMMON})
    frequent = sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST_TOPICS]
    return [(word, n) for word, n in frequent if n > 1]


def _refusals(period: Period) -> list[tuple[str, str, int]]:
    """How many people met the closed gate, why, and which ways they were shown."""
    rows = Refusal.objects.filter(on__gte=period.since, on__lte=period.until)
    counted: Counter[tuple[str, str]] = Counter()
    for code, ways, n in rows.order_by().values_list("code", "ways").annotate(n=Count("pk")):
        for way in ways.split(",") if ways else [""]:
            counted[code, way] += n
    return [(code, way, n) for (code, way), n in sorted(counted.items(), key=lambda each: (each[0][0], -each[1], each[0][1]))]


def _without_support(tickets: QuerySet[Ticket], period: Period, language: str) -> list[tuple[str, str, int]]:
    """Questions of people without VIP support that were accepted: under which plan, and in which queue they were answered."""
    name = F("queue__name_cs" if language == "cs" else "queue__name_en")
    rows = _opened(tickets, period).exclude(support_code__in=VIP_CODES).annotate(line=name)
    found = rows.values_list("tier", "line").annotate(n=Count("pk")).order_by("-n")
    return [(plan_of(tier, is_vip=False).value, line, n) for tier, line, n in found]


def period_of(since: str, until: str, *, at: datetime, days: int = 30) -> Period:
    """What was asked for, or the last days. ValueError for dates that make no sense."""
    today = vendor_date(at, settings.VENDOR_ZONE)
    last = date.fromisoformat(until) if until else today
    first = date.fromisoformat(since) if since else last - timedelta(days=days - 1)
    return Period(first, last)
