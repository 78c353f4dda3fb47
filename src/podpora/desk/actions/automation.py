"""Canned replies, macros, triggers and time rules: saved with everything checked, applied, run by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from podpora.audit.actions import record
from podpora.base.actors import Actor, system
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput, NotYours, Problems
from podpora.desk import queries, rules
from podpora.desk.actions.doing import do_all
from podpora.desk.actions.triggers import AUTOMATION
from podpora.desk.actions.writing import locked
from podpora.desk.models import CannedReply, Field, Macro, Queue, RuleRun, StateChange, Ticket, TimeRule, Trigger
from podpora.desk.values import HappeningKind, RuleKind, State
from podpora.people.models import Person

LONGEST_WAIT = 366 * 24 * 60
_KINDS: dict[str, Any] = {"trigger": Trigger, "time_rule": TimeRule, "macro": Macro, "canned": CannedReply, "field": Field}


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A trigger, time rule or macro as it is to be. What a kind has not is left out."""

    name: str
    deeds: Sequence[dict[str, Any]]
    code: str = ""  # of the one that changes
    conditions: Sequence[dict[str, Any]] = ()
    happenings: Sequence[str] = ()
    is_always: bool = False
    state: str = ""
    after_minutes: int = 0
    queue: Queue | None = None
    is_active: bool = True
    position: int | None = None


@dataclass(frozen=True, slots=True)
class CannedPlan:
    """A text for answers as somebody wants it; an empty code makes a new one."""

    name: str
    text_cs: str
    text_en: str
    code: str = ""
    queue: Queue | None = None
    is_active: bool = True


@transaction.atomic
def save_canned(plan: CannedPlan, *, by: Actor, at: datetime) -> CannedReply:
    """A text for answers. A variable that is not known is refused, with its place."""
    problems = Problems()
    _check_name(plan.name, problems)
    if not plan.text_cs.strip() and not plan.text_en.strip():
        problems.add("text_en", "required")
    for field, text in (("text_cs", plan.text_cs), ("text_en", plan.text_en)):
        if len(text) > rules.TEXT_LONGEST or "\x00" in text:
            problems.add(field, "too_long")
        elif wrong := rules.mistake_in(text):
            problems.add(field, wrong.code, **_place(wrong))
    problems.or_refuse()
    row: CannedReply = _row(CannedReply, plan.code, plan.name)
    row.text_cs, row.text_en, row.queue, row.is_active = plan.text_cs, plan.text_en, plan.queue, plan.is_active
    _saved(row, "desk.canned", by=by, at=at)
    return row


@transaction.atomic
def save_macro(plan: RulePlan, *, by: Actor, at: datetime) -> Macro:
    """Several deeds under one name."""
    _check(plan, people_too=True)
    row: Macro = _row(Macro, plan.code, plan.name)
    row.deeds, row.queue, row.is_active = list(plan.deeds), plan.queue, plan.is_active
    _saved(row, "desk.macro", by=by, at=at, position=plan.position)
    return row


@transaction.atomic
def save_trigger(plan: RulePlan, *, by: Actor, at: datetime) -> Trigger:
    """When and what. Unknown questions, values and deeds are refused."""
    if unknown := [kind for kind in plan.happenings if kind not in set(HappeningKind)]:
        raise InvalidInput({"happenings": ["unknown"]}, {"happenings": {"choices": sorted(HappeningKind), "what": unknown[0]}})
    _check(plan, people_too=False)
    row: Trigger = _row(Trigger, plan.code, plan.name)
    row.happenings, row.conditions, row.deeds = list(plan.happenings), list(plan.conditions), list(plan.deeds)
    row.is_always, row.is_active = plan.is_always, plan.is_active
    _saved(row, "desk.trigger", by=by, at=at, position=plan.position)
    return row


@transaction.atomic
def save_time_rule(plan: RulePlan, *, by: Actor, at: datetime) -> TimeRule:
    """After how long in which state. It looks only at states that begin after it was switched on."""
    problems = Problems()
    if plan.state not in {state.value for state in State} - {State.MERGED.value}:
        problems.add("state", "unknown")
    if not 1 <= plan.after_minutes <= LONGEST_WAIT:
        problems.add("after_minutes", "out_of_range", least=1, most=LONGEST_WAIT)
    problems.or_refuse()
    _check(plan, people_too=False)
    row: TimeRule = _row(TimeRule, plan.code, plan.name)
    if plan.is_active and (row.active_since is None or not row.is_active):
        row.active_since = at
    row.state, row.after_minutes, row.conditions = plan.state, plan.after_minutes, list(plan.conditions)
    row.deeds, row.is_active = list(plan.deeds), plan.is_active
    _saved(row, "desk.time_rule", by=by, at=at, position=plan.position)
    return row


def _check_name(name: str, problems: Problems) -> None:
    if not name.strip():
        problems.add("name", "required")
    elif len(name) > 80:
        problems.add("name", "too_long", most=80)


def _check(plan: RulePlan, *, people_too: bool) -> None:
    problems = Problems()
    _check_name(plan.name, problems)
    queues, fields = _check_conditions(plan.conditions, problems)
    technicians = frozenset(queries.technicians().values_list("email", flat=True))
    try:
        rules.check_deeds(list(plan.deeds), queues=queues, fields=fields, technicians=technicians, people_too=people_too)
    except rules.WrongDeed as deed:
        if deed.mistake:
            problems.add("deeds", deed.mistake.code, number=deed.number, **_place(deed.mistake))
        else:
            problems.add("deeds", "rule.not_a_deed", what=f"{deed.number}: {deed.what}", number=deed.number)
    problems.or_refuse()


def _check_conditions(conditions: Sequence[dict[str, Any]], problems: Problems) -> tuple[frozenset[str], frozenset[str]]:
    queues = frozenset(Queue.objects.values_list("code", flat=True))
    fields = frozenset(Field.objects.values_list("code", flat=True))
    if wrong := rules.problem_of(list(conditions), fields=fields, queues=queues):
        problems.add("conditions", "rule.not_a_condition", what=wrong, number=_number(wrong))
    return queues, fields


def try_conditions(
    person: Person | None, conditions: Sequence[dict[str, Any]], *, state: str = "", after: timedelta | None = None, at: datetime
) -> queries.Trial:
    """The dry run of a rule that need not be saved: the tickets that it would touch now (`queries.would_touch`). Nothing is written.

    InvalidInput for conditions that can't be asked.
    """
    problems = Problems()
    _check_conditions(conditions, problems)
    if after is not None and state not in set(State):
        problems.add("state", "unknown", choices=sorted(State))
    problems.or_refuse()
    return queries.would_touch(person, conditions, state=state, after=after, at=at)


def _number(wrong: str) -> int:
    """Which condition it is, counted from one; 0: all of them."""
    first = wrong.partition(":")[0]
    return int(first) if first.isdigit() else 0


def _place(wrong: rules.Mistake) -> dict[str, Any]:
    facts = {"what": wrong.what, "line": wrong.line, "column": wrong.column, "choices": list(rules.VARIABLES)}
    return facts | {"example": "{{requester.name}}"}


def _row(model: Any, code: str, name: str) -> Any:
    if (
        not code and model.objects.filter(name=" ".join(name.split())).exists()
    ):  # sent twice, or two that nobody could tell apart (S21)
        raise InvalidInput({"name": ["taken"]})
    if code:
        found = model.objects.select_for_update().filter(code=code).first()
        if found is not None:
            found.name = " ".join(name.split())
            return found
    base = (code or slugify(name))[:36] or model.__name__.lower()
    taken = set(model.objects.filter(code__startswith=base).values_list("code", flat=True))
    free = base if base not in taken else next(f"{base}-{n}" for n in range(2, 1000) if f"{base}-{n}" not in taken)
    return model(code=free, name=" ".join(name.split()), position=model.objects.count())


def _saved(row: Any, verb: str, *, by: Actor, at: datetime, position: int | None = None) -> None:
    if position is not None:
        row.position = position
    row.save()
    record(verb, f"{verb.partition('.')[2]}:{row.code}", by=by, at=at, after={"name": row.name, "active": row.is_active})


@transaction.atomic
def order_rules(model_name: str, codes: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Put triggers (or time rules, macros, canned replies, fields) into this order; those not named keep theirs, behind."""
    model = _KINDS[model_name]
    rows = {row.code: row for row in model.objects.select_for_update().order_by("position", "code")}
    named = [rows.pop(code) for code in codes if code in rows]
    for position, row in enumerate([*named, *rows.values()]):
        if row.position != position:
            model.objects.filter(pk=row.pk).update(position=position)
    record("desk.order", f"{model_name}:order", by=by, at=at, facts={"order": list(codes)})


@transaction.atomic
def switch_rule(model_name: str, code: str, is_active: bool, *, by: Actor, at: datetime) -> None:
    """On or off. A time rule that is switched on looks only at what begins from now on. NotYours where there is none."""
    row = _KINDS[model_name].objects.select_for_update().filter(code=code[:40]).first()
    if row is None:
        raise NotYours
    if row.is_active == is_active:
        return
    row.is_active = is_active
    if is_active and isinstance(row, TimeRule):
        row.active_since = at
    row.save()
    name = getattr(row, "name", "") or row.name_en
    before, after = {"name": name, "active": not is_active}, {"name": name, "active": is_active}
    record(f"desk.{model_name}", f"{model_name}:{row.code}", by=by, at=at, before=before, after=after)


@transaction.atomic
def remove_rule(model_name: str, code: str, *, by: Actor, at: datetime) -> None:
    """A trigger, time rule, macro or canned reply is gone; the log of what it did stays. Gone already: nothing happens."""
    row = _KINDS[model_name].objects.select_for_update().filter(code=code[:40]).first()
    if row is None or model_name == "field":
        return
    row.delete()
    record("desk.rule_removed", f"{model_name}:{code}", by=by, at=at, before={"name": row.name})


@transaction.atomic
def apply_macro(ticket: Ticket, macro: Macro, technician: Person, *, by: Actor, at: datetime) -> list[str]:
    """All its deeds as if the technician did them by hand; what each came to. The log names the macro."""
    if not macro.is_active or (macro.queue_id and macro.queue_id != ticket.queue_id):
        refuse("ticket.macro_off", ticket=ticket.code).or_refuse()
    ticket = locked(ticket)
    done = do_all(ticket, macro.deeds, technician=technician, by=by, at=at)
    Macro.objects.filter(pk=macro.pk).update(used=F("used") + 1)
    RuleRun.objects.create(ticket=ticket, kind=RuleKind.MACRO, rule=macro.code, why="", done=done, run_at=at)
    record("ticket.macro", ticket, by=by, at=at, facts={"macro": macro.code, "done": done})
    return done


def run_time_rules(*, at: datetime) -> int:
    """RU-2: each active rule for each time that a ticket has been in its state for long enough, once. How many ran."""
    return sum(
        _run_one(rule, change, at=at) for rule in TimeRule.objects.filter(is_active=True) for change in queries.overdue(rule, at=at)
    )


@transaction.atomic
def _run_one(rule: TimeRule, change: StateChange, *, at: datetime) -> bool:
    ticket = locked(change.ticket)
    once = f"time:{rule.code}:{change.pk}"
    current = StateChange.objects.filter(pk=change.pk, until_at=None).exists()
    if not current or RuleRun.objects.filter(once=once).exists():
        return False
    fits = rules.all_hold(rule.conditions, queries.world_of(ticket, None))
    run = RuleRun.objects.create(ticket=ticket, kind=RuleKind.TIME, rule=rule.code, why=rule.state, once=once, run_at=at)
    if not fits:
        return False  # looked at once for this time in the state; the row says that nothing was done
    run.done = do_all(ticket, rule.deeds, technician=None, by=system(AUTOMATION), at=at)
    run.save(update_fields=["done"])
    record("ticket.rule", ticket, by=system(AUTOMATION), at=at, facts={"rule": rule.code, "done": run.done})
    return True
