"""What the vendor sets up for his desk: tags, fields, own states, canned replies, macros, triggers, time rules. Read by technicians,
changed by managers and the vendor's systems."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Made, Strict
from podpora.api.v1.ticket_work import how, staffs
from podpora.api.v1.tickets import Code
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import CannedReply, Macro, OwnState, Queue, RuleRun, Tag, TimeRule, Trigger
from podpora.desk.models import Field as OwnField
from podpora.desk.values import FieldKind, Happening, HappeningKind, State, TagColour

router = Router(tags=["desk"])
reads = vendor("tickets", "tickets")
sets_up = vendor("tickets", "desk")
Name = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Long = Annotated[str, StringConstraints(max_length=10_000)]
Parts = Annotated[list[dict[str, Any]], Field(max_length=20)]


class TagIn(Strict):
    name: Annotated[str, StringConstraints(max_length=60)]
    colour: Literal["plain", "accent", "good", "warn", "bad"] = "plain"
    active: bool = True
    new_name: Annotated[str, StringConstraints(max_length=60)] = ""


class TagsMergeIn(Strict):
    """All tickets of `tag` get `into`; `tag` is gone."""

    tag: Annotated[str, StringConstraints(max_length=60)]
    into: Annotated[str, StringConstraints(max_length=60)]


class ChoiceIn(Strict):
    value: Name
    cs: Name
    en: Name


class FieldIn(Strict):
    kind: Literal["text", "number", "date", "choice", "multi", "checkbox"]
    name_cs: Name
    name_en: Name
    help_cs: Annotated[str, StringConstraints(max_length=200)] = ""
    help_en: Annotated[str, StringConstraints(max_length=200)] = ""
    choices: Annotated[list[ChoiceIn], Field(max_length=100)] = []
    public: bool = False
    required: bool = False
    active: bool = True
    shown_when: Code | None = None
    shown_when_values: Annotated[list[str], Field(max_length=100)] = []
    queues: Annotated[list[Code], Field(max_length=100)] = []


class OwnStateIn(Strict):
    state: Literal["open", "waiting_customer", "waiting_vendor", "solved", "closed"]
    name_cs: Name
    name_en: Name
    active: bool = True


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


def _items(rows: Any, item: Any) -> HttpResponse:
    return answer({"items": [item(row) for row in rows], "next": None})


def _queue(code: str | None) -> Queue | None:
    if code is None:
        return None
    try:
        return queries.queue(code)
    except NotYours:
        raise InvalidInput({"queue": ["unknown"]}) from None


def tag_json(tag: Tag) -> dict[str, Any]:
    return {"name": tag.name, "colour": tag.colour, "active": tag.is_active}


@router.get("tags", auth=reads)
def tags(request: HttpRequest, begin: str = "") -> HttpResponse:
    """The first twenty tags that begin so: those that the caller can put on a ticket, without those of tickets that he can't read."""
    caller, begin = caller_of(request), begin.replace("\x00", "")[:40]
    if caller.sees_all:
        return _items(Tag.objects.filter(name__startswith=begin.lower())[:20], tag_json)
    return _items(queries.tags_for(caller.person, begin), tag_json)


@router.put("tags", auth=sets_up)
def save_tag(request: HttpRequest, body: TagIn) -> HttpResponse:
    """A tag: made, coloured, renamed, switched off."""
    tag = actions.save_tag(body.name, colour=TagColour(body.colour), is_active=body.active, new_name=body.new_name, **how(request))
    return answer(tag_json(tag))


@router.post("tags/merge", auth=sets_up)
def merge_tags(request: HttpRequest, body: TagsMergeIn) -> HttpResponse:
    """Two tags become one."""
    found = {}
    for field, name in (("tag", body.tag), ("into", body.into)):
        tag = Tag.objects.filter(name=actions.tag_name(name)).first()
        if tag is None:
            raise InvalidInput({field: ["unknown"]})
        found[field] = tag
    return answer({"tickets": actions.merge_tags(found["tag"], found["into"], **how(request))})


def field_json(field: OwnField) -> dict[str, Any]:
    return {
        "code": field.code, "kind": field.kind, "name_cs": field.name_cs, "name_en": field.name_en, "help_cs": field.help_cs,
        "help_en": field.help_en, "choices": field.choices, "public": field.is_public, "required": field.is_required,
        "active": field.is_active, "shown_when": field.shown_when.code if field.shown_when else None,
        "shown_when_values": field.shown_when_values, "queues": [queue.code for queue in field.queues.all()],
    }  # fmt: skip


@router.get("fields", auth=reads)
def fields(request: HttpRequest) -> HttpResponse:
    """All fields in their order."""
    return _items(OwnField.objects.select_related("shown_when").prefetch_related("queues"), field_json)


@router.put("fields/{code}", auth=sets_up)
def save_field(request: HttpRequest, code: str, body: FieldIn) -> HttpResponse:
    """A field: made or changed. Its kind stays once tickets have values of it."""
    plan = actions.FieldPlan(
        code, FieldKind(body.kind), body.name_cs, body.name_en, body.help_cs, body.help_en,
        [(choice.value, choice.cs, choice.en) for choice in body.choices], body.public, body.required, body.active,
        body.shown_when or "", body.shown_when_values, [queue for each in body.queues if (queue := _queue(each))],
    )  # fmt: skip
    return answer(field_json(actions.save_field(plan, **how(request))))


def own_state_json(own: OwnState) -> dict[str, Any]:
    return {"code": own.code, "state": own.state, "name_cs": own.name_cs, "name_en": own.name_en, "active": own.is_active}


@router.get("own-states", auth=reads)
def own_states(request: HttpRequest) -> HttpResponse:
    """States under names of our own."""
    return _items(OwnState.objects.all(), own_state_json)


@router.put("own-states/{code}", auth=sets_up)
def save_own_state(request: HttpRequest, code: str, body: OwnStateIn) -> HttpResponse:
    """A name of our own for a state."""
    names: dict[str, Any] = {"name_cs": body.name_cs, "name_en": body.name_en, "is_active": body.active}
    return answer(own_state_json(actions.save_own_state(_code(code), State(body.state), **names, **how(request))))


def _code(code: str) -> str:
    if not code.replace("-", "").replace("_", "").isalnum() or not code.isascii() or len(code) > 40:
        raise InvalidInput({"code": ["not_valid"]}, {"code": {"example": "with-developers"}})
    return code.lower()


def canned_json(row: CannedReply) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "text_cs": row.text_cs, "text_en": row.text_en,
        "queue": row.queue.code if row.queue else None, "active": row.is_active, "used": row.used,
    }  # fmt: skip


@router.get("canned-replies", auth=reads)
def canned_replies(request: HttpRequest) -> HttpResponse:
    """Texts for answers."""
    return _items(CannedReply.objects.select_related("queue"), canned_json)


@router.post("canned-replies", auth=sets_up, response={201: Made})
def make_canned(request: HttpRequest, body: CannedIn) -> HttpResponse:
    """A new one. 422 `template.unknown_variable` with the place."""
    return answer(canned_json(_save_canned(request, "", body)), 201)


@router.put("canned-replies/{code}", auth=sets_up)
def change_canned(request: HttpRequest, code: str, body: CannedIn) -> HttpResponse:
    """Another text, or off."""
    return answer(canned_json(_save_canned(request, _there(CannedReply, code), body)))


def _save_canned(request: HttpRequest, code: str, body: CannedIn) -> CannedReply:
    plan = actions.CannedPlan(body.name, body.text_cs, body.text_en, code, _queue(body.queue), body.active)
    return actions.save_canned(plan, **how(request))


def _there(model: Any, code: str) -> str:
    if not model.objects.filter(code=code[:40]).exists():
        raise NotYours
    return code


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
    return _items(Macro.objects.select_related("queue"), rule_json)


@router.post("macros", auth=sets_up, response={201: Made})
def make_macro(request: HttpRequest, body: MacroIn) -> HttpResponse:
    """A new one; what can't be done is 422."""
    return answer(rule_json(actions.save_macro(_macro(body, ""), **how(request))), 201)


@router.put("macros/{code}", auth=sets_up)
def change_macro(request: HttpRequest, code: str, body: MacroIn) -> HttpResponse:
    """Change it, or switch it off."""
    return answer(rule_json(actions.save_macro(_macro(body, _there(Macro, code)), **how(request))))


def _macro(body: MacroIn, code: str) -> actions.RulePlan:
    return actions.RulePlan(body.name, body.deeds, code, queue=_queue(body.queue), is_active=body.active, position=body.position)


@router.get("triggers", auth=reads)
def triggers(request: HttpRequest) -> HttpResponse:
    """In the order in which they run."""
    return _items(Trigger.objects.all(), rule_json)


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
    return _items(actions.would_run(ticket, Happening(HappeningKind(body.happening))), rule_json)


@router.put("triggers/{code}", auth=sets_up)
def change_trigger(request: HttpRequest, code: str, body: TriggerIn) -> HttpResponse:
    """Change it, or switch it off."""
    return answer(rule_json(actions.save_trigger(_trigger(body, _there(Trigger, code)), **how(request))))


def _trigger(body: TriggerIn, code: str) -> actions.RulePlan:
    more = {"happenings": body.happenings, "is_always": body.always, "is_active": body.active, "position": body.position}
    return actions.RulePlan(body.name, body.deeds, code, body.conditions, **more)  # type: ignore[arg-type]


@router.get("time-rules", auth=reads)
def time_rules(request: HttpRequest) -> HttpResponse:
    """What happens after so long in a state."""
    return _items(TimeRule.objects.all(), rule_json)


@router.post("time-rules", auth=sets_up, response={201: Made})
def make_time_rule(request: HttpRequest, body: TimeRuleIn) -> HttpResponse:
    """A new one; it looks at what begins from now on."""
    return answer(rule_json(actions.save_time_rule(_time_rule(body, ""), **how(request))), 201)


@router.put("time-rules/{code}", auth=sets_up)
def change_time_rule(request: HttpRequest, code: str, body: TimeRuleIn) -> HttpResponse:
    """Change it, or switch it off."""
    return answer(rule_json(actions.save_time_rule(_time_rule(body, _there(TimeRule, code)), **how(request))))


def _time_rule(body: TimeRuleIn, code: str) -> actions.RulePlan:
    more = {"state": body.state, "after_minutes": body.after_minutes, "is_active": body.active, "position": body.position}
    return actions.RulePlan(body.name, body.deeds, code, body.conditions, **more)  # type: ignore[arg-type]


def run_json(run: RuleRun) -> dict[str, Any]:
    return {
        "ticket": run.ticket.code, "kind": run.kind, "rule": run.rule, "why": run.why or None, "done": run.done,
        "at": format_instant(run.run_at),
    }  # fmt: skip


@router.get("rule-runs", auth=sets_up)
def rule_runs(request: HttpRequest, rule: str = "") -> HttpResponse:
    """What rules and macros did, newest first; `rule`: of one."""
    return _items(queries.newest_runs(rule.replace("\x00", "")[:40]), run_json)
