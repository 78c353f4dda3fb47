"""Agreements: for whom, how long, in which order; and what pauses a clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.desk import queries
from podpora.desk.actions.clocks import promises_changed
from podpora.desk.models import Calendar, Queue, Sla, SlaTarget, Ticket
from podpora.desk.values import MOST_MINUTES, ClockRules, Metric, Priority, SlaPlan, SlaWish, State, Targets


@transaction.atomic
def save_sla(code: str, wish: SlaWish, *, is_new: bool, by: Actor, at: datetime) -> Sla:
    """Make an agreement, last in order, or change it. All tickets follow (SLA-4)."""
    problems = _problems(wish) | ({"code": ["required"]} if not code else {})
    if is_new and Sla.objects.filter(code=code).exists():
        problems["code"] = ["taken"]
    calendar = Calendar.objects.filter(code=wish.calendar).first()
    if problems or calendar is None:
        raise InvalidInput(problems | ({} if calendar else {"calendar": ["unknown"]}))
    row = None if is_new else Sla.objects.select_for_update().get(code=code)
    before = _written(queries.sla(code)) if row else None
    if row is None:
        last = Sla.objects.aggregate(last=Max("position"))["last"]
        row = Sla(code=code, position=0 if last is None else last + 1)
    row.name_cs, row.name_en, row.calendar = " ".join(wish.name_cs.split()), " ".join(wish.name_en.split()), calendar
    row.plans, row.queues = sorted(set(wish.plans)), sorted(set(wish.queues))
    row.priorities, row.languages = sorted(set(wish.priorities)), sorted(set(wish.languages))
    row.follows_plan, row.warn_minutes, row.is_active = wish.follows_plan, wish.warn_minutes, wish.is_active
    row.save()
    row.targets.all().delete()
    SlaTarget.objects.bulk_create(
        SlaTarget(
            sla=row,
            priority=None if priority is None else priority.value,
            first_response=each.first_response,
            next_response=each.next_response,
            periodic_update=each.periodic_update,
            solution=each.solution,
        )
        for priority, each in wish.targets.items()
        if each != Targets() or priority is None
    )
    promises_changed(at=at)
    verb = "sla.created" if is_new else "sla.changed"
    record(verb, f"sla:{code}", by=by, at=at, before=before, after=_written(queries.sla(code)))
    return row


def _problems(wish: SlaWish) -> dict[str, list[str]]:
    problems = {name: ["required"] for name in ("name_cs", "name_en") if not getattr(wish, name).strip()}
    for name, values, known in (
        ("plans", wish.plans, set(SlaPlan)),
        ("queues", wish.queues, set(Queue.objects.filter(code__in=wish.queues).values_list("code", flat=True))),
        ("priorities", wish.priorities, {priority.value for priority in Priority}),
    ):
        if not set(values) <= known:
            problems[name] = ["unknown"]
    if any(len(language) != 2 or not language.isalpha() or not language.islower() for language in wish.languages):
        problems["languages"] = ["not_valid"]
    rows = wish.targets.values()
    if not wish.follows_plan and all(each == Targets() for each in rows):
        problems["targets"] = ["sla.no_target"]
    elif any(each.next_response is not None and each.periodic_update is not None for each in rows):
        problems["targets"] = ["sla.response_or_update"]
    elif not all(_in_range(minutes) for each in rows for minutes in _minutes(each)):
        problems["targets"] = ["out_of_range"]
    if not 0 <= wish.warn_minutes <= MOST_MINUTES:
        problems["warn_minutes"] = ["out_of_range"]
    return problems


def _minutes(each: Targets) -> Sequence[int | None]:
    return (each.first_response, each.next_response, each.periodic_update, each.solution)


def _in_range(minutes: int | None) -> bool:
    return minutes is None or 1 <= minutes <= MOST_MINUTES


def _written(row: Sla) -> dict[str, Any]:
    names = ("first_response", "next_response", "periodic_update", "solution")
    return {
        "calendar": row.calendar.code,
        "plans": row.plans,
        "queues": row.queues,
        "priorities": row.priorities,
        "languages": row.languages,
        "follows_plan": row.follows_plan,
        "warn_minutes": row.warn_minutes,
        "is_active": row.is_active,
        "targets": {str(each.priority): [getattr(each, name) for name in names] for each in row.targets.all()},
    }


@transaction.atomic
def order_slas(codes: Sequence[str], *, by: Actor, at: datetime) -> None:
    """SLA-14: the explicit order. Exactly the codes that there are; InvalidInput otherwise (somebody made one meanwhile)."""
    rows = {row.code: row for row in Sla.objects.select_for_update()}
    if sorted(codes) != sorted(rows):
        raise InvalidInput({"order": ["unknown"]})
    before = [row.code for row in sorted(rows.values(), key=lambda row: (row.position, row.code))]
    if before == list(codes):
        return
    for position, code in enumerate(codes):
        rows[code].position = position
    Sla.objects.bulk_update(rows.values(), ["position"])
    promises_changed(at=at)
    record("sla.ordered", "sla:order", by=by, at=at, before={"order": before}, after={"order": list(codes)})


@transaction.atomic
def delete_sla(row: Sla, *, by: Actor, at: datetime) -> None:
    """One under which no ticket ever was; another is switched off."""
    if Ticket.objects.filter(sla=row).exists():
        refuse("sla.in_use").or_refuse()
    record("sla.deleted", f"sla:{row.code}", by=by, at=at)
    row.delete()
    promises_changed(at=at)


@transaction.atomic
def set_clock_rules(wish: ClockRules, *, by: Actor, at: datetime) -> None:
    """SLA-19: which states pause which clock; and the priority that a plan gives to a new ticket."""
    states, priorities = {state.value for state in State}, {priority.value for priority in Priority}
    pauses_known = set(wish.pauses) <= set(Metric) and all(set(each) <= states for each in wish.pauses.values())
    plans_known = set(wish.priorities) <= set(SlaPlan) and set(wish.priorities.values()) <= priorities
    if not (pauses_known and plans_known):
        raise InvalidInput({"pauses" if not pauses_known else "priorities": ["unknown"]})
    settings = promises_changed(at=at)
    before = {"pauses": settings.pauses, "priorities": settings.priorities}
    settings.pauses = {metric: sorted(each) for metric, each in wish.pauses.items()}
    settings.priorities = dict(wish.priorities)
    settings.save(update_fields=["pauses", "priorities"])
    after = {"pauses": settings.pauses, "priorities": settings.priorities}
    if before != after:
        record("sla.rules", "sla:rules", by=by, at=at, before=before, after=after)
