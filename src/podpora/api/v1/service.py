"""Service times: calendars, agreements in their order, what pauses a clock. For managers and the vendor's systems."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Strict
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries, rules
from podpora.desk.models import Calendar, Sla
from podpora.desk.values import CalendarWish, ClockRules, Metric, Priority, SlaPlan, SlaWish, State, Targets

router = Router(tags=["service times"])
managers = vendor("tickets", "people")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
HoursText = Annotated[str, StringConstraints(max_length=200), Field(examples=["8:00-12:00, 13:00-17:00"])]
Minutes = Annotated[int, Field(ge=1, le=525_600)]


class WeekIn(Strict):
    """Windows of each day by the calendar's wall clock; empty: closed."""

    monday: HoursText = ""
    tuesday: HoursText = ""
    wednesday: HoursText = ""
    thursday: HoursText = ""
    friday: HoursText = ""
    saturday: HoursText = ""
    sunday: HoursText = ""


class CalendarIn(Strict):
    """`country` and `subdivision` (ISO codes): whose public holidays are days without service."""

    name_cs: Name
    name_en: Name
    zone: Annotated[str, StringConstraints(max_length=64)] = "Europe/Prague"
    week: WeekIn
    country: Annotated[str, StringConstraints(max_length=2)] = ""
    subdivision: Annotated[str, StringConstraints(max_length=10)] = ""


class HolidayIn(Strict):
    on: Annotated[date, Field(strict=False)]
    name: Annotated[str, StringConstraints(max_length=120)] = ""


class FeedIn(Strict):
    """An iCalendar file by https; an empty address ends it."""

    url: Annotated[str, StringConstraints(max_length=500)]


class TargetIn(Strict):
    """Minutes of service time. `priority` left out: for all that have no row of their own. An answer to each question, or a regular
    update: not both."""

    priority: Annotated[str, Field(pattern="^(low|normal|high|urgent)$")] | None = None
    first_response: Minutes | None = None
    next_response: Minutes | None = None
    periodic_update: Minutes | None = None
    solution: Minutes | None = None


class AgreementIn(Strict):
    """The lists say for which tickets; an empty one asks nothing. The first agreement in order that fits holds."""

    name_cs: Name
    name_en: Name
    calendar: Code
    targets: Annotated[list[TargetIn], Field(max_length=5)] = []
    plans: Annotated[list[str], Field(max_length=6)] = []
    queues: Annotated[list[str], Field(max_length=50)] = []
    priorities: Annotated[list[str], Field(max_length=4)] = []
    languages: Annotated[list[str], Field(max_length=30)] = []
    follows_plan: bool = False
    warn_minutes: Annotated[int, Field(ge=0, le=525_600)] = 60
    is_active: bool = True


class OrderIn(Strict):
    codes: Annotated[list[Code], Field(max_length=200)]


class RulesIn(Strict):
    """`pauses`: for each clock the states in which it stands; `priorities`: of a new ticket, by plan."""

    pauses: dict[str, list[str]] = {}
    priorities: dict[str, str] = {}


def calendar_json(row: Calendar) -> dict[str, Any]:
    week, feed = queries.service_calendar(row).week, getattr(row, "feed", None)
    return {
        "code": row.code, "name_cs": row.name_cs, "name_en": row.name_en, "zone": row.zone, "country": row.country, "subdivision": row.subdivision,
        "week": {name: rules.written_hours(week[day]) for day, name in enumerate(DAYS)},
        "holidays": [{"on": each.on, "name": each.name, "source": each.source} for each in row.holidays.all()],
        "feed": feed and {
            "url": feed.url, "fetched_at": format_instant(feed.fetched_at) if feed.fetched_at else None, "error": feed.last_error or None,
        },
    }  # fmt: skip


def agreement_json(row: Sla) -> dict[str, Any]:
    names = [metric.value for metric in Metric]
    return {
        "code": row.code, "name_cs": row.name_cs, "name_en": row.name_en, "calendar": row.calendar.code, "plans": row.plans, "queues": row.queues,
        "priorities": [Priority(each).name.lower() for each in row.priorities], "languages": row.languages, "follows_plan": row.follows_plan,
        "warn_minutes": row.warn_minutes, "is_active": row.is_active,
        "targets": [
            {"priority": None if each.priority is None else Priority(each.priority).name.lower(), **{name: getattr(each, name) for name in names}}
            for each in row.targets.all()
        ],
    }  # fmt: skip


def _all(items: list[dict[str, Any]]) -> HttpResponse:
    return answer({"items": items, "next": None})


@router.get("calendars", auth=managers)
def calendars(request: HttpRequest) -> HttpResponse:
    """All calendars with their windows and days without service."""
    return _all([calendar_json(row) for row in queries.calendars_in_full()])


@router.get("calendars/{code}", auth=managers)
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    return answer(calendar_json(queries.calendar(code)))


@router.put("calendars/{code}", auth=managers)
def put_calendar(request: HttpRequest, code: str, body: CalendarIn) -> HttpResponse:
    """Make it (201) or change it. One that could never be open is 422; the clocks of all tickets follow."""
    week, problems = [], {}
    for name in DAYS:
        try:
            week.append(rules.read_hours(getattr(body.week, name)))
        except ValueError as problem:
            problems[f"week.{name}"] = [str(problem)]
    if problems:
        raise InvalidInput(problems)
    is_new = not queries.calendars_in_full().filter(code=_code(code)).exists()
    wish = CalendarWish(body.name_cs, body.name_en, body.zone, tuple(week), body.country.upper(), body.subdivision.upper())
    actions.save_calendar(code, wish, is_new=is_new, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(calendar_json(queries.calendar(code)), 201 if is_new else 200)


@router.api_operation(["DELETE"], "calendars/{code}", auth=managers)
def delete_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """409 `calendar.in_use` where an agreement or a technician needs it."""
    actions.delete_calendar(queries.calendar(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(status=204)


@router.post("calendars/{code}/holidays", auth=managers, response={201: Any})
def add_holiday(request: HttpRequest, code: str, body: HolidayIn) -> HttpResponse:
    row = queries.calendar(code)
    actions.add_holiday(row, body.on, body.name, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(calendar_json(queries.calendar(code)), 201)


@router.api_operation(["DELETE"], "calendars/{code}/holidays/{on}", auth=managers)
def remove_holiday(request: HttpRequest, code: str, on: date) -> HttpResponse:
    """Take back a day that was added by hand."""
    actions.remove_holiday(queries.calendar(code), on, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(status=204)


@router.put("calendars/{code}/feed", auth=managers)
def put_feed(request: HttpRequest, code: str, body: FeedIn) -> HttpResponse:
    """From where days without service are fetched; it is fetched at once, and what went wrong stands in `feed.error`."""
    feed = actions.set_feed(queries.calendar(code), body.url, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    if feed is not None:
        actions.fetch_feed(feed, at=request.now)  # type: ignore[attr-defined]
    return answer(calendar_json(queries.calendar(code)))


@router.get("agreements", auth=managers)
def agreements(request: HttpRequest) -> HttpResponse:
    """All agreements in their order."""
    return _all([agreement_json(row) for row in queries.slas()])


@router.post("agreements/order", auth=managers)
def order(request: HttpRequest, body: OrderIn) -> HttpResponse:
    """All codes in the order in which they are asked (SLA-14)."""
    actions.order_slas(body.codes, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return agreements(request)


@router.get("agreements/{code}", auth=managers)
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    return answer(agreement_json(queries.sla(code)))


@router.put("agreements/{code}", auth=managers)
def put_agreement(request: HttpRequest, code: str, body: AgreementIn) -> HttpResponse:
    """Make it (201), last in order, or change it."""
    by_priority: dict[Priority | None, TargetIn] = {
        None if each.priority is None else Priority[each.priority.upper()]: each for each in body.targets
    }
    if len(by_priority) < len(body.targets):
        raise InvalidInput({"targets": ["twice"]})
    targets = {
        key: Targets(each.first_response, each.next_response, each.periodic_update, each.solution)
        for key, each in by_priority.items()
    }
    wish = SlaWish(
        body.name_cs, body.name_en, body.calendar, targets, body.plans, body.queues, _priorities(body.priorities),
        body.languages, body.follows_plan, body.warn_minutes, body.is_active,
    )  # fmt: skip
    is_new = not queries.slas().filter(code=_code(code)).exists()
    actions.save_sla(code, wish, is_new=is_new, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(agreement_json(queries.sla(code)), 201 if is_new else 200)


@router.api_operation(["DELETE"], "agreements/{code}", auth=managers)
def delete_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """409 `sla.in_use` where tickets were opened under it."""
    actions.delete_sla(queries.sla(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(status=204)


@router.get("clock-rules", auth=managers)
def clock_rules(request: HttpRequest) -> HttpResponse:
    """In which states each clock stands (SLA-19), which priority a plan gives, and how far a recalculation has come."""
    book, settings = queries.promise_book(), queries.clock_settings()
    return answer({
        "pauses": {metric.value: [state.value for state in State if book.pauses.pauses(metric, state)] for metric in Metric},
        "priorities": {plan.value: book.priorities[plan].name.lower() for plan in SlaPlan},
        "recalculation": settings and {
            "running": settings.stale_since is not None, "done": settings.recount_done, "of": settings.recount_of,
            "finished_at": format_instant(settings.recounted_at) if settings.recounted_at else None,
        },
    })  # fmt: skip


@router.put("clock-rules", auth=managers)
def put_clock_rules(request: HttpRequest, body: RulesIn) -> HttpResponse:
    """What is left out has its default."""
    named = dict(zip(body.priorities, _priorities(body.priorities.values()), strict=True))
    actions.set_clock_rules(ClockRules(body.pauses, named), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return clock_rules(request)


def _priorities(names: Any) -> list[int]:
    known = {priority.name.lower(): priority.value for priority in Priority}
    if not set(names) <= set(known):
        raise InvalidInput({"priorities": ["unknown"]})
    return [known[name] for name in names]


def _code(code: str) -> str:
    if not code.replace("-", "").isalnum() or not code.isascii() or not code.islower() or len(code) > 40:
        raise InvalidInput({"code": ["not_valid"]})
    return code
