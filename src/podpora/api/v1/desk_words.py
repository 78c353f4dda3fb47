"""The words that the vendor's desk works with: tags, fields, own states. Read by technicians, changed by managers and the vendor's systems."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.v1.schemas import Strict
from podpora.api.v1.ticket_work import how
from podpora.api.v1.tickets import Code
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk import actions, queries
from podpora.desk.models import Field as OwnField
from podpora.desk.models import OwnState, Queue, Tag
from podpora.desk.values import FieldKind, State, TagColour

router = Router(tags=["desk"])
reads = vendor("tickets", "tickets")
sets_up = vendor("tickets", "desk")
Name = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]


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


def items_of(rows: Any, item: Any) -> HttpResponse:
    return answer({"items": [item(row) for row in rows], "next": None})


def queue_of(code: str | None) -> Queue | None:
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
        return items_of(Tag.objects.filter(name__startswith=begin.lower())[:20], tag_json)
    return items_of(queries.tags_for(caller.person, begin), tag_json)


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
    return items_of(OwnField.objects.select_related("shown_when").prefetch_related("queues"), field_json)


@router.put("fields/{code}", auth=sets_up)
def save_field(request: HttpRequest, code: str, body: FieldIn) -> HttpResponse:
    """A field: made or changed. Its kind stays once tickets have values of it."""
    plan = actions.FieldPlan(
        code, FieldKind(body.kind), body.name_cs, body.name_en, body.help_cs, body.help_en,
        [(choice.value, choice.cs, choice.en) for choice in body.choices], body.public, body.required, body.active,
        body.shown_when or "", body.shown_when_values, [queue for each in body.queues if (queue := queue_of(each))],
    )  # fmt: skip
    return answer(field_json(actions.save_field(plan, **how(request))))


def own_state_json(own: OwnState) -> dict[str, Any]:
    return {"code": own.code, "state": own.state, "name_cs": own.name_cs, "name_en": own.name_en, "active": own.is_active}


@router.get("own-states", auth=reads)
def own_states(request: HttpRequest) -> HttpResponse:
    """States under names of our own."""
    return items_of(OwnState.objects.all(), own_state_json)


@router.put("own-states/{code}", auth=sets_up)
def save_own_state(request: HttpRequest, code: str, body: OwnStateIn) -> HttpResponse:
    """A name of our own for a state."""
    names: dict[str, Any] = {"name_cs": body.name_cs, "name_en": body.name_en, "is_active": body.active}
    return answer(own_state_json(actions.save_own_state(_code(code), State(body.state), **names, **how(request))))


def _code(code: str) -> str:
    if not code.replace("-", "").replace("_", "").isalnum() or not code.isascii() or len(code) > 40:
        raise InvalidInput({"code": ["not_valid"]}, {"code": {"example": "with-developers"}})
    return code.lower()
