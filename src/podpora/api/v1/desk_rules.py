"""What the vendor sets up for his desk: canned replies, macros, triggers, time rules. Read by technicians,
changed by managers and the vendor's systems."""

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of
from podpora.api.envelope import answer
from podpora.api.v1.desk_words import Name, items_of, queue_of, reads, sets_up
from podpora.api.v1.schemas import Made, Strict
from podpora.api.v1.ticket_work import how, staffs
from podpora.api.v1.tickets import Code
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import CannedReply, Macro, RuleRun, TimeRule, Trigger
from podpora.desk.values import Happening, HappeningKind

router = Router(tags=["desk"])
Long = Annotated[str, StringConstraints(max_length=10_000)]
Parts = Annotated[list[dict[str, Any]], Field(max_length=20)]


class CannedIn(Strict):
    name: Name
    text_cs: Long = ""
    text_en: Long = ""
    queue: Code | None = None
    active: bool = True


class MacroIn(Strict):
    """`deeds`: `[{"do": "tags", "add": ["duplicate"]}, {"do": "state", "value": "solved"}]`."""

    name: Name
    deeds: Parts
    queue: Code | None = None
    active: bool = True
    position: int | None = None


class TriggerIn(Strict):
    """`conditions`: `[{"ask": "queue", "how": "is", "value": "vip"}]`, all of which have to hold."""

    name: Name
    deeds: Parts
    conditions: Parts = []
    happenings: Annotated[list[str], Field(max_length=30)] = []
    always: bool = False
    active: bool = True
    position: int | None = None


class TimeRuleIn(Strict):
    name: Name
    state: Code
    after_minutes: int
    deeds: Parts
    conditions: Parts = []
    active: bool = True
    position: int | None = None


class TryIn(Strict):
    """`happening`: what would have happened."""

    ticket: Code
    happening: Code = "replied"


def canned_json(row: CannedReply) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "text_cs": row.text_cs, "text_en": row.text_en,
        "queue": row.queue.code if row.queue else None, "active": row.is_active, "used": row.used,
    }  # fmt: skip


@router.get("canned-replies", auth=reads)
def canned_replies(request: HttpRequest) -> HttpResponse:
    """Texts for answers."""
    return items_of(CannedReply.objects.select_related("queue"), canned_json)


@router.post("canned-replies", auth=sets_up, response={201: Made})
def make_canned(request: HttpRequest, body: CannedIn) -> HttpResponse:
    """A new one. 422 `template.unknown_variable` with the place."""
    return answer(canned_json(_save_canned(request, "", body)), 201)


@router.put("canned-replies/{code}", auth=sets_up)
def change_canned(request: HttpRequest, code: str, body: CannedIn) -> HttpResponse:
    """Another text, or off."""
    return answer(canned_json(_save_canned(request, _there(CannedReply, code), body)))


@router.api_operation(["DELETE"], "canned-replies/{code}", auth=sets_up, response={204: None})
def remove_canned(request: HttpRequest, code: str) -> HttpResponse:
    """Gone; the log of what it did stays."""
    return _removed(request, CannedReply, "canned", code)


def _save_canned(request: HttpRequest, code: str, body: CannedIn) -> CannedReply:
    plan = actions.CannedPlan(body.name, body.text_cs, body.text_en, code, queue_of(body.queue), body.active)
    return actions.save_canned(plan, **how(request))


def _there(model: Any, code: str) -> str:
    if not model.objects.filter(code=code[:40]).exists():
        raise NotYours
    return code


def _removed(request: HttpRequest, model: Any, name: str, code: str) -> HttpResponse:
    actions.remove_rule(name, _there(model, code), **how(request))
    return answer(status=204)


def rule_json(row: Macro | Trigger | TimeRule) -> dict[str, Any]:
    told = {"code": row.code, "name": row.name, "deeds": row.deeds, "active": row.is_active, "position": row.position}
    if isinstance(row, Macro):
        return told | {"queue": row.queue.code if row.queue else None, "used": row.used}
    told["conditions"] = row.conditions
    if isinstance(row, Trigger):
        return told | {"happenings": row.happenings, "always": row.is_always}
    return told | {"state": row.state, "after_minutes": row.after_minutes}


@router.get("macros", auth=reads)
def macros(request: HttpRequest) -> HttpResponse:
    """Several deeds by one click."""
    return items_of(Macro.objects.select_related("queue"), rule_json)


@router.post("macros", auth=sets_up, response={201: Made})
def make_macro(request: HttpRequest, body: MacroIn) -> HttpResponse:
    """A new one; what can't be done is 422."""
    return answer(rule_json(actions.save_macro(_macro(body, ""), **how(request))), 201)


@router.put("macros/{code}", auth=sets_up)
def change_macro(request: HttpRequest, code: str, body: MacroIn) -> HttpResponse:
    """Change it, or switch it off."""
    return answer(rule_json(actions.save_macro(_macro(body, _there(Macro, code)), **how(request))))


@router.api_operation(["DELETE"], "macros/{code}", auth=sets_up, response={204: None})
def remove_macro(request: HttpRequest, code: str) -> HttpResponse:
    """Gone; the log of what it did stays."""
    return _removed(request, Macro, "macro", code)


def _macro(body: MacroIn, code: str) -> actions.RulePlan:
    return actions.RulePlan(body.name, body.deeds, code, queue=queue_of(body.queue), is_active=body.active, position=body.position)


@router.get("triggers", auth=reads)
def triggers(request: HttpRequest) -> HttpResponse:
    """In the order in which they run."""
    return items_of(Trigger.objects.all(), rule_json)


@router.post("triggers", auth=sets_up, response={201: Made})
def make_trigger(request: HttpRequest, body: TriggerIn) -> HttpResponse:
    """A new one; what can't be asked or done is 422."""
    return answer(rule_json(actions.save_trigger(_trigger(body, ""), **how(request))), 201)


@router.post("triggers/try", auth=sets_up)
def try_triggers(request: HttpRequest, body: TryIn) -> HttpResponse:
    """Which triggers would run on this ticket now. Nothing is written."""
    if body.happening not in set(HappeningKind):
        raise InvalidInput({"happening": ["unknown"]}, {"happening": {"choices": sorted(HappeningKind)}})
    try:
        ticket = staffs(request, body.ticket)
    except NotYours:
        raise InvalidInput({"ticket": ["unknown"]}) from None
    return items_of(actions.would_run(ticket, Happening(HappeningKind(body.happening))), rule_json)


@router.put("triggers/{code}", auth=sets_up)
def change_trigger(request: HttpRequest, code: str, body: TriggerIn) -> HttpResponse:
    """Change it, or switch it off."""
    return answer(rule_json(actions.save_trigger(_trigger(body, _there(Trigger, code)), **how(request))))


@router.api_operation(["DELETE"], "triggers/{code}", auth=sets_up, response={204: None})
def remove_trigger(request: HttpRequest, code: str) -> HttpResponse:
    """Gone; the log of what it did stays."""
    return _removed(request, Trigger, "trigger", code)


def _trigger(body: TriggerIn, code: str) -> actions.RulePlan:
    more = {"happenings": body.happenings, "is_always": body.always, "is_active": body.active, "position": body.position}
    return actions.RulePlan(body.name, body.deeds, code, body.conditions, **more)  # type: ignore[arg-type]


@router.get("time-rules", auth=reads)
def time_rules(request: HttpRequest) -> HttpResponse:
    """What happens after so long in a state."""
    return items_of(TimeRule.objects.all(), rule_json)


@router.post("time-rules", auth=sets_up, response={201: Made})
def make_time_rule(request: HttpRequest, body: TimeRuleIn) -> HttpResponse:
    """A new one; it looks at what begins from now on."""
    return answer(rule_json(actions.save_time_rule(_time_rule(body, ""), **how(request))), 201)


@router.put("time-rules/{code}", auth=sets_up)
def change_time_rule(request: HttpRequest, code: str, body: TimeRuleIn) -> HttpResponse:
    """Change it, or switch it off."""
    return answer(rule_json(actions.save_time_rule(_time_rule(body, _there(TimeRule, code)), **how(request))))


@router.api_operation(["DELETE"], "time-rules/{code}", auth=sets_up, response={204: None})
def remove_time_rule(request: HttpRequest, code: str) -> HttpResponse:
    """Gone; the log of what it did stays."""
    return _removed(request, TimeRule, "time_rule", code)


def _time_rule(body: TimeRuleIn, code: str) -> actions.RulePlan:
    more = {"state": body.state, "after_minutes": body.after_minutes, "is_active": body.active, "position": body.position}
    return actions.RulePlan(body.name, body.deeds, code, body.conditions, **more)  # type: ignore[arg-type]


def run_json(run: RuleRun) -> dict[str, Any]:
    return {
        "ticket": run.ticket.code, "kind": run.kind, "rule": run.rule, "why": run.why or None, "done": run.done,
        "at": format_instant(run.run_at),
    }  # fmt: skip


class TryConditionsIn(Strict):
    """`state` and `after_minutes`: those of a time rule; without them it is asked about unfinished tickets and the customer's last word."""

    conditions: Parts = []
    state: Code | None = None
    after_minutes: Annotated[int, Field(ge=1, le=366 * 24 * 60)] | None = None


@router.post("rules/try", auth=sets_up)
def try_conditions(request: HttpRequest, body: TryConditionsIn) -> HttpResponse:
    """Which tickets such a rule would touch now. Nothing is written; of the newest 1,000 it says how many it looked at."""
    if (body.state is None) != (body.after_minutes is None):
        raise InvalidInput({"state" if body.state is None else "after_minutes": ["required"]})
    caller = caller_of(request)
    after = timedelta(minutes=body.after_minutes) if body.after_minutes is not None else None
    trial = actions.try_conditions(
        None if caller.sees_all else caller.person, body.conditions, state=body.state or "", after=after, at=how(request)["at"]
    )
    items = [{"code": ticket.code, "subject": ticket.subject, "state": ticket.state} for ticket in trial.fitting[:100]]
    return answer({"looked_at": trial.looked_at, "fitting": len(trial.fitting), "items": items, "next": None})


@router.get("rule-runs", auth=sets_up)
def rule_runs(request: HttpRequest, rule: str = "") -> HttpResponse:
    """What rules and macros did, newest first; `rule`: of one."""
    return items_of(queries.newest_runs(rule.replace("\x00", "")[:40]), run_json)
