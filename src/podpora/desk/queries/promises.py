"""What was agreed with whom: calendars, agreements, and the story that a ticket's clocks are computed from."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.desk.models import VIP_CODES, Calendar, ClockSettings, Message, Sla, StateChange, Ticket
from podpora.desk.rules import clocks_of, plan_of, sla_for, targets_of
from podpora.desk.values import (
    DEFAULT_PRIORITIES,
    EVERY_HOUR,
    Clocks,
    Hours,
    Matched,
    MessageKind,
    Metric,
    PauseTable,
    Priority,
    PromiseBook,
    Said,
    ServiceCalendar,
    Side,
    SlaFacts,
    SlaPlan,
    Spell,
    State,
    Story,
    Targets,
)


def clock_settings() -> ClockSettings | None:
    """The one row; None until something was agreed."""
    return ClockSettings.objects.order_by("pk").first()


def promise_book() -> PromiseBook:
    """All agreements. One statement: what was read before is remembered by its revision, a word that never comes again."""
    revision = ClockSettings.objects.order_by("pk").values_list("revision", flat=True).first()
    return _book(revision) if revision else PromiseBook(priorities=DEFAULT_PRIORITIES)


@lru_cache(maxsize=4)
def _book(revision: str) -> PromiseBook:
    settings = ClockSettings.objects.order_by("pk").get()
    rows = Sla.objects.filter(is_active=True).prefetch_related("targets").select_related("calendar")
    calendars = {facts.pk: service_calendar(facts) for facts in calendars_in_full()}
    return PromiseBook(
        tuple(_sla(row, calendars[row.calendar_id]) for row in rows),
        pause_table(settings),
        DEFAULT_PRIORITIES | {SlaPlan(plan): Priority(priority) for plan, priority in settings.priorities.items()},
    )


def pause_table(settings: ClockSettings | None) -> PauseTable:
    """SLA-19: as the manager set it, with the defaults where he said nothing."""
    said = settings.pauses if settings else {}
    return PauseTable({Metric(metric): frozenset(map(State, states)) for metric, states in said.items()})


def calendars_in_full() -> QuerySet[Calendar]:
    """Calendars with their windows and holidays: three statements."""
    return Calendar.objects.prefetch_related("windows", "holidays").select_related("feed")


def calendar(code: str) -> Calendar:
    """The calendar with this code, in full; raises NotYours."""
    found = calendars_in_full().filter(code=code[:40]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def slas() -> QuerySet[Sla]:
    """All agreements in their order, also those that are not in force."""
    return Sla.objects.select_related("calendar").prefetch_related("targets")


def sla(code: str) -> Sla:
    """The agreement with this code; raises NotYours."""
    found = slas().filter(code=code[:40]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def service_calendar(row: Calendar) -> ServiceCalendar:
    """A calendar as the rules see it."""
    week: dict[int, list[Hours]] = defaultdict(list)
    for window in row.windows.all():
        week[window.weekday].append(Hours(window.opens, window.closes))
    closed = frozenset(holiday.on for holiday in row.holidays.all())
    return ServiceCalendar(row.zone, tuple(tuple(week[day]) for day in range(7)), closed)


def _sla(row: Sla, of: ServiceCalendar) -> SlaFacts:
    targets = {
        None if each.priority is None else Priority(each.priority): Targets(
            each.first_response, each.next_response, each.periodic_update, each.solution
        )
        for each in row.targets.all()
    }
    return SlaFacts(
        row.pk,
        row.code,
        of,
        targets,
        frozenset(row.plans),
        frozenset(row.queues),
        frozenset(row.priorities),
        frozenset(row.languages),
        row.follows_plan,
        row.warn_minutes,
    )


def matched(ticket: Ticket, queue: str) -> Matched:
    """A ticket as an agreement's condition sees it."""
    plan = plan_of(ticket.tier, is_vip=ticket.support_code in VIP_CODES)
    return Matched(plan, queue, Priority(ticket.priority), ticket.language)


def stories(tickets: Sequence[Ticket]) -> dict[int, Story]:
    """The stories of tickets by their ids: two statements, however many they are."""
    ids = [ticket.pk for ticket in tickets]
    spells: dict[int, list[Spell]] = defaultdict(list)
    for ticket, state, start, end in (
        StateChange.objects.filter(ticket__in=ids).order_by("pk").values_list("ticket", "state", "from_at", "until_at")
    ):
        spells[ticket].append(Spell(State(state), start, end))
    said: dict[int, list[Said]] = defaultdict(list)
    public = Message.objects.filter(ticket__in=ids, kind=MessageKind.PUBLIC, is_internal_mail=False)
    for ticket, side, written, quiet in public.order_by("written_at", "pk").values_list("ticket", "side", "written_at", "is_quiet"):
        said[ticket].append(Said(Side(side), written, counts=not quiet))
    return {ticket.pk: Story(ticket.opened_at, tuple(spells[ticket.pk]), tuple(said[ticket.pk])) for ticket in tickets}


def story_of(ticket: Ticket) -> Story:
    """The story of one ticket. One that was just opened needs no reading."""
    return stories([ticket])[ticket.pk]


def agreement_of(ticket: Ticket, book: PromiseBook, *, queue: str) -> SlaFacts | None:
    """The agreement that holds for a ticket now (SLA-14)."""
    return sla_for(book.slas, matched(ticket, queue))


def clocks_of_ticket(ticket: Ticket, book: PromiseBook, *, queue: str, story: Story | None = None) -> Clocks:
    """How the clocks of a ticket stand. Without an agreement nothing is due (SLA-13); how long things took is measured all the
    same, in the time of the first agreement, so that reports can compare."""
    sla = agreement_of(ticket, book, queue=queue)
    calendar = sla.calendar if sla else book.slas[0].calendar if book.slas else EVERY_HOUR
    targets = targets_of(sla, Priority(ticket.priority), ticket.promised_minutes) if sla else Targets()
    warn = sla.warn_minutes if sla else 0
    return clocks_of(story or story_of(ticket), targets, calendar, book.pauses, warn_minutes=warn)
