"""Technicians, skills, absences, how queues give tickets away; and reports."""

from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import Caller, caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Strict
from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Absence, Queue, Skill
from podpora.desk.values import LONGEST_REPORT, AbsenceWish, Assignment, FollowUp, Grouping, Measured, ProfileWish
from podpora.people.models import Person
from podpora.people.permissions import is_manager

router = Router(tags=["technicians"])
managers = vendor("tickets", "people")
staff = vendor("tickets", "tickets")
Code = Annotated[str, StringConstraints(max_length=40)]
Day = Annotated[date, Field(strict=False)]


class ProfileIn(Strict):
    """`cap`: running tickets at most; `calendar`: the hours in which new ones come. What is left out is not limited."""

    skills: Annotated[list[Code], Field(max_length=50)] = []
    languages: Annotated[list[Annotated[str, StringConstraints(max_length=2)]], Field(max_length=30)] = []
    cap: Annotated[int, Field(ge=1, le=1000)] | None = None
    calendar: Code = ""


class SkillIn(Strict):
    """Tickets of these queues, about these products or platforms (words) go only to those who have the skill."""

    name_cs: Annotated[str, StringConstraints(max_length=80)]
    name_en: Annotated[str, StringConstraints(max_length=80)]
    queues: Annotated[list[Code], Field(max_length=50)] = []
    products: Annotated[list[Code], Field(max_length=50)] = []
    platforms: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=20)] = []


class AbsenceIn(Strict):
    """Both days inclusive, in the vendor's zone. `technician` left out: the caller himself. `stand_in`: a technician's code."""

    technician: Code = ""
    starts_on: Day
    ends_on: Day
    stand_in: Code = ""
    note: Annotated[str, StringConstraints(max_length=200)] = ""


class FollowUpIn(Strict):
    """`days` counts for `reopen_within`; left out it stays."""

    follow_up: Literal["reopen", "new", "reopen_within"]
    days: Annotated[int, Field(ge=1, le=365)] | None = None


class AssignmentIn(Strict):
    """`timeout`: minutes of service after which a ticket without a deed goes back; null: never."""

    assignment: Literal["round_robin", "by_load", "manual"]
    timeout: Annotated[int, Field(ge=1, le=525_600)] | None = None


def skill_json(row: Skill) -> dict[str, Any]:
    return {
        "code": row.code, "name_cs": row.name_cs, "name_en": row.name_en, "platforms": row.platforms,
        "queues": sorted(queue.code for queue in row.queues.all()), "products": sorted(product.code for product in row.products.all()),
    }  # fmt: skip


def absence_json(row: Absence) -> dict[str, Any]:
    return {
        "code": row.code, "technician": row.person.code, "starts_on": row.starts_on, "ends_on": row.ends_on,
        "stand_in": row.stand_in.code if row.stand_in else None, "note": row.note,
    }  # fmt: skip


@router.get("technicians", auth=managers)
def technicians(request: HttpRequest) -> HttpResponse:
    """Everybody who answers tickets: `load` counts those whose clock runs."""
    items = [
        {
            "code": row.person.code, "name": str(row.person), "email": row.person.email, "present": row.person.is_present, "load": row.load,
            "cap": row.profile.cap if row.profile else None, "languages": row.profile.languages if row.profile else [],
            "skills": [skill.code for skill in row.profile.skills.all()] if row.profile else [],
            "calendar": row.profile.calendar.code if row.profile and row.profile.calendar else None,
            "absences": [absence_json(each) for each in row.absences],
        }
        for row in queries.technician_rows(at=request.now)  # type: ignore[attr-defined]
    ]  # fmt: skip
    return answer({"items": items, "next": None})


@router.put("technicians/{code}", auth=managers)
def put_profile(request: HttpRequest, code: str, body: ProfileIn) -> HttpResponse:
    """What he can do and how much he takes."""
    wish = ProfileWish(body.skills, body.languages, body.cap, body.calendar)
    actions.set_profile(queries.technician(code), wish, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return technicians(request)


@router.get("skills", auth=managers)
def skills(request: HttpRequest) -> HttpResponse:
    return answer({"items": [skill_json(row) for row in queries.skills()], "next": None})


@router.put("skills/{code}", auth=managers, response={201: Any, 200: Any})
def put_skill(request: HttpRequest, code: str, body: SkillIn) -> HttpResponse:
    """Make it (201) or change it."""
    is_new = not queries.skills().filter(code=code[:40]).exists()
    if is_new and not (code.isascii() and code.replace("-", "").isalnum() and code.islower() and len(code) <= 40):
        raise InvalidInput({"code": ["not_valid"]})
    actions.save_skill(
        code, (body.name_cs, body.name_en), queues=body.queues, products=body.products, platforms=body.platforms,
        by=caller_of(request).actor, at=request.now,  # type: ignore[attr-defined]
    )  # fmt: skip
    return answer(skill_json(queries.skill(code)), 201 if is_new else 200)


@router.api_operation(["DELETE"], "skills/{code}", auth=managers)
def delete_skill(request: HttpRequest, code: str) -> HttpResponse:
    """409 `skill.in_use` while technicians have it."""
    actions.delete_skill(queries.skill(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(status=204)


@router.get("absences", auth=staff)
def absences(request: HttpRequest) -> HttpResponse:
    """Those that last or come: a manager sees all, a technician his own."""
    caller, since = caller_of(request), vendor_date(request.now, settings.VENDOR_ZONE)  # type: ignore[attr-defined]
    rows = queries.absences(None if _leads(caller) else caller.person, since=since)
    return answer({"items": [absence_json(row) for row in rows], "next": None})


@router.post("absences", auth=staff, response={201: Any})
def add_absence(request: HttpRequest, body: AbsenceIn) -> HttpResponse:
    """For himself; a manager for anybody."""
    caller = caller_of(request)
    person = queries.technician(body.technician) if body.technician else None if caller.sees_all else caller.person
    if person is None:
        raise InvalidInput({"technician": ["required"]})
    _may(caller, person)
    wish = AbsenceWish(body.starts_on, body.ends_on, body.stand_in, body.note)
    row = actions.add_absence(person, wish, by=caller.actor, at=request.now)  # type: ignore[attr-defined]
    return answer(absence_json(row), 201)


@router.api_operation(["DELETE"], "absences/{code}", auth=staff)
def end_absence(request: HttpRequest, code: str) -> HttpResponse:
    """Back earlier; what was before today stays in the books. 409 `absence.over`."""
    caller, row = caller_of(request), queries.absence(code)
    _may(caller, row.person)
    actions.end_absence(row, by=caller.actor, at=request.now)  # type: ignore[attr-defined]
    return answer(status=204)


def _leads(caller: Caller) -> bool:
    return caller.sees_all or is_manager(caller.person)


def _may(caller: Caller, person: Person) -> None:
    if not _leads(caller) and caller.person.pk != person.pk:
        raise NotYours


@router.get("queues", auth=staff)
def queues(request: HttpRequest) -> HttpResponse:
    """Every queue with how it gives its tickets away."""
    return answer({"items": [_queue_json(row) for row in queries.queues()], "next": None})


@router.put("queues/{code}/assignment", auth=managers)
def put_assignment(request: HttpRequest, code: str, body: AssignmentIn) -> HttpResponse:
    queue = queries.queue(code)
    actions.set_assignment(queue, Assignment(body.assignment), body.timeout, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(_queue_json(queries.queue(code)))


@router.put("queues/{code}/follow-up", auth=managers)
def put_follow_up(request: HttpRequest, code: str, body: FollowUpIn) -> HttpResponse:
    """What a word about a ticket that is done does (TH-10)."""
    queue = queries.queue(code)
    days = queue.follow_up_days if body.days is None else body.days
    actions.set_follow_up(queue, FollowUp(body.follow_up), days, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(_queue_json(queries.queue(code)))


def _queue_json(row: Queue) -> dict[str, Any]:
    return {
        "code": row.code, "name_cs": row.name_cs, "name_en": row.name_en, "purpose": row.purpose, "needs_support": row.needs_support,
        "paused": row.is_paused, "assignment": row.assignment, "timeout": row.assignment_timeout, "follow_up": row.follow_up,
        "follow_up_days": row.follow_up_days,
    }  # fmt: skip


@router.get("statistics/tickets", auth=staff)
def statistics(request: HttpRequest, since: str = "", until: str = "", by: str = "queue") -> HttpResponse:
    """Numbers of a period (dates, both inclusive; the last 30 days if left out), those of the period before, and by group.

    `by`: queue, technician, version, tag or language. Minutes are of service time. A technician counts the tickets of his queues.
    """
    if by not in set(Grouping):
        raise InvalidInput({"by": ["unknown"]})
    try:
        period = queries.period_of(since, until, at=request.now)  # type: ignore[attr-defined]
    except ValueError:
        raise InvalidInput({"since": ["not_valid"]}) from None
    if not 1 <= period.days <= LONGEST_REPORT or not 1990 <= period.since.year <= period.until.year < 2200:
        raise InvalidInput({"since": ["out_of_range"]})
    caller = caller_of(request)
    reader = None if caller.sees_all else caller.person
    found = queries.report(period, Grouping(by), reader, at=request.now, language="en")  # type: ignore[attr-defined]
    return answer({
        "since": period.since, "until": period.until, "now": _numbers(found.now), "before": _numbers(found.before),
        "volume": [{"from": day, "opened": opened, "solved": solved} for day, opened, solved in found.volume],
        "backlog": [{"days": days, "tickets": n} for days, n in found.backlog],
        "groups": [{"name": row.name, **_numbers(row.measured)} for row in found.groups],
        "topics": [{"tag": name, "tickets": n} for name, n in found.topics],
        "words": [{"word": name, "tickets": n} for name, n in found.words],
        "refused": [{"code": code, "way": way, "people": n} for code, way, n in found.refusals],
        "without_support": [{"plan": plan, "queue": queue, "tickets": n} for plan, queue, n in found.without_support],
    })  # fmt: skip


def _numbers(of: Measured) -> dict[str, Any]:
    return {
        "opened": of.opened, "solved": of.solved, "first_response_minutes": of.first_response, "solution_minutes": of.solution,
        "kept": of.kept, "missed": of.missed, "satisfied": of.good, "not_satisfied": of.bad, "spent_minutes": of.spent,
    }  # fmt: skip
