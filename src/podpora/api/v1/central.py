"""Central settings: for the program its bundle, for a company's administrators drafts, revisions and groups, for the vendor the schema."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Schema
from pydantic import Field, StringConstraints

from podpora.api.access import activation_of, caller_of, device, device_actor, token, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.central_facts import (
    WhoseIn,
    change_json,
    checked_number,
    group_json,
    group_of,
    known_revision,
    outcome_json,
    plan_of,
    product_of,
    profile_of,
    proposal_json,
    revision_json,
    setting_json,
)
from podpora.api.v1.schemas import Made, Strict
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.fleet import actions, queries
from podpora.fleet.models import Revision
from podpora.fleet.rules import changes_between, entry_json, flags_of, read_rule
from podpora.fleet.values import Publishing
from podpora.journeys import central as journey

router = Router(tags=["settings"])
member = token("settings")
Code = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Said = Annotated[str, StringConstraints(max_length=1000)]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class KeyIn(Schema):
    state: Said = ""
    code: Said = ""
    reason: Said = ""


class RefusedIn(Schema):
    code: Said = ""


class ReportIn(Strict):
    revision: Number
    state: Said = ""
    keys: Annotated[dict[Key, KeyIn], Field(max_length=2000)] = {}
    refused: Annotated[list[RefusedIn], Field(max_length=100)] = []
    app_version: Said = ""


class LayerIn(Strict):
    entries: Annotated[dict[Key, Any], Field(max_length=2000)]
    based_on: Number | None = None


class PublishIn(Strict):
    based_on: Number
    comment: Annotated[str, StringConstraints(max_length=500)] = ""
    rollout: dict[str, Any] | None = None
    instead_of: Code = ""


class CommentIn(Strict):
    comment: Annotated[str, StringConstraints(max_length=500)] = ""


class GroupIn(Strict):
    name: Annotated[str, StringConstraints(max_length=100)] | None = None
    priority: Annotated[int, Field(ge=0, le=10_000)] | None = None
    rule: dict[str, Any] | None = None


class DevicesIn(Strict):
    devices: Annotated[list[Code], Field(max_length=100_000)]


# --- for the program ----------------------------------------------------------------------------------------------


@router.get("settings", auth=device, response={200: Made, 304: None})
def bundle(request: HttpRequest) -> HttpResponse:
    """The signed settings of this device `{bundle}`, or 304 with `If-None-Match`; 404 where its company has none."""
    found = journey.poll(activation_of(request), at=request.now)  # type: ignore[attr-defined]
    if found is None:
        raise NotYours
    headers = {"ETag": f'"{found.etag}"'}
    if request.headers.get("If-None-Match", "").removeprefix("W/").strip('"') == found.etag:
        return answer(None, 304, headers=headers)
    return answer({"bundle": found.bundle}, headers=headers)


@router.post("settings/report", auth=device, response={200: Made})
def report(request: HttpRequest, body: ReportIn) -> HttpResponse:
    """What became of the settings on the device: the state of each key, and bundles that it did not take."""
    activation = activation_of(request)
    keys = {key: told.model_dump() for key, told in body.keys.items()}
    refused = [told.model_dump() for told in body.refused]
    by, at = device_actor(activation), request.now  # type: ignore[attr-defined]
    kept = actions.report(activation.device, revision=body.revision, keys=keys, refused=refused, by=by, at=at)
    return answer({"state": kept.state if kept else "none"})


# --- for the vendor -----------------------------------------------------------------------------------------------


@router.post("settings/schemas", auth=vendor("settings", "catalog"), response={201: Made})
def upload(request: HttpRequest, body: Body[dict[str, Any]], product: str = "") -> HttpResponse:
    """The product's settings, described: a document of JSON Schema (docs/reference/central-settings.md). Answers what changed."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    row, changes = actions.upload_schema(product_of(product), body, by=by, at=at)
    told = [{"key": c.key, "kind": c.kind, "what": c.what, "breaks": c.breaks} for c in changes]
    return answer({"version": row.version, "changes": told}, 201)


# --- for a company's administrators -------------------------------------------------------------------------------


@router.get("settings/schema", auth=member)
def schema(request: HttpRequest, product: str = "") -> HttpResponse:
    """The settings that the program has."""
    row = queries.newest_schema(product_of(product))
    if row is None:
        raise NotYours
    read = queries.read(row)
    pages = [{"id": page.code, "title": dict(page.title)} for page in read.pages]
    return answer({"version": row.version, "pages": pages, "settings": [setting_json(each) for each in read.settings.values()]})


@router.get("settings/layers/{layer}", auth=member)
def layer(request: HttpRequest, layer: str, whose: Query[WhoseIn]) -> HttpResponse:
    """The caller's draft of a layer (`company`, `group:CODE`, `device:CODE`), or what is published where he has none."""
    profile = profile_of(request, whose, "see")
    place = queries.place_of(profile, layer)
    draft = queries.drafts_of(profile, caller_of(request).person).get(place.key)
    published = queries.entries_of(profile, profile.revision).get(place.key, {})
    entries = draft.entries if draft else {key: entry_json(entry) for key, entry in published.items()}
    based_on = draft.based_on if draft else profile.revision
    return answer({"layer": place.key, "draft": draft is not None, "based_on": based_on, "entries": entries})


@router.put("settings/layers/{layer}", auth=member, response={200: Made})
def save(request: HttpRequest, layer: str, body: LayerIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The layer as the caller wants it, all of its entries `{key: {value, mode, when?}}`; nothing is published yet."""
    profile = profile_of(request, whose, "settings")
    place, person, at = queries.place_of(profile, layer), caller_of(request).person, request.now  # type: ignore[attr-defined]
    draft = actions.save_layer(profile, place, body.entries, person=person, based_on=body.based_on, at=at)
    read = queries.draft_content(profile, {place.key: draft}, draft.based_on).get(place.key, {})
    row = queries.newest_schema(profile.product)
    warnings = flags_of(queries.read(row), read) if row else {}
    told = {"layer": place.key, "draft": True, "based_on": draft.based_on, "entries": draft.entries, "warnings": warnings}
    return answer(told)


@router.api_operation(["DELETE"], "settings/layers/{layer}", auth=member, response={204: None})
def discard(request: HttpRequest, layer: str, whose: Query[WhoseIn]) -> HttpResponse:
    """Away with the caller's draft of this layer; what is published stays."""
    profile = profile_of(request, whose, "settings")
    actions.discard_drafts(profile, caller_of(request).person, queries.place_of(profile, layer))
    return answer(None, 204)


@router.post("settings/revisions", auth=member, response={201: Made, 202: Made})
def publish(request: HttpRequest, body: PublishIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The caller's drafts become the next revision, for every device at once or, with `rollout`, wave after wave.

    202 with the proposal where a second person has to approve it. 409 `settings.conflict` with `diff` and `conflicts` when `based_on`
    is not the newest, `settings.rollout_open` while another roll-out is under way and `instead_of` does not name it.
    """
    profile, caller = profile_of(request, whose, "settings"), caller_of(request)
    plan = plan_of(profile, body.rollout) if body.rollout is not None else None
    wish = Publishing(body.based_on, body.comment, plan, body.instead_of)
    made = actions.publish(profile, wish, person=caller.person, by=caller.actor, at=request.now)  # type: ignore[attr-defined]
    if isinstance(made, Revision):
        return answer(revision_json(made), 201)
    return answer({"proposal": proposal_json(made)}, 202)


@router.get("settings/revisions", auth=member)
def revisions(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """What was published, newest first."""
    profile = profile_of(request, whose, "see")
    return listing(request, queries.revisions_of(profile), revision_json)


@router.get("settings/revisions/{number}", auth=member)
def revision(request: HttpRequest, number: int, whose: Query[WhoseIn]) -> HttpResponse:
    """One revision with all of its entries by layer."""
    found = queries.revision(profile_of(request, whose, "see"), checked_number(number))
    return answer(revision_json(found) | {"layers": found.content})


@router.get("settings/revisions/{number}/diff", auth=member)
def diff(request: HttpRequest, number: int, whose: Query[WhoseIn], to: int = -1) -> HttpResponse:
    """What differs from this revision to another (`?to=`, the newest if left out)."""
    profile = profile_of(request, whose, "see")
    other = profile.revision if to < 0 else to
    ends = [queries.content_of(profile, queries.entries_of(profile, known_revision(profile, each))) for each in (number, other)]
    return answer({"from": number, "to": other, "changes": [change_json(change) for change in changes_between(*ends)]})


@router.post("settings/revisions/{number}/rollback", auth=member, response={201: Made})
def roll_back(request: HttpRequest, number: int, body: CommentIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The content of this revision as the next one (CS-7)."""
    profile, caller = profile_of(request, whose, "settings"), caller_of(request)
    at = request.now  # type: ignore[attr-defined]
    made = actions.roll_back(profile, checked_number(number), person=caller.person, comment=body.comment, by=caller.actor, at=at)
    return answer(revision_json(made), 201)


@router.get("settings/effective", auth=member)
def effective(request: HttpRequest, whose: Query[WhoseIn], device: str = "", revision: int = -1) -> HttpResponse:
    """What counts on one device and why: the winner of each setting, everything that lost, and what its program leaves out."""
    profile = profile_of(request, whose, "see")
    found = queries.devices_of(profile).select_related("team", "person", "licence").filter(code=normalised(device)[:20]).first()
    if found is None:
        raise NotYours
    number = profile.revision if revision < 0 else known_revision(profile, revision)
    return answer({"revision": number, **outcome_json(queries.outcome_for(profile, found, number=number))})


@router.get("settings/groups", auth=member)
def groups(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """The groups in their order: 0 wins."""
    return answer({"items": [group_json(group) for group in queries.groups_of(profile_of(request, whose, "see"))], "next": None})


@router.post("settings/groups", auth=member, response={201: Made})
def new_group(request: HttpRequest, body: GroupIn, whose: Query[WhoseIn]) -> HttpResponse:
    """A new group; without `priority` it stands last."""
    profile, by, at = profile_of(request, whose, "settings"), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    rule = read_rule(body.rule) if body.rule is not None else None
    made = actions.create_group(profile, body.name or "", priority=body.priority, rule=rule, by=by, at=at)
    return answer(group_json(made), 201)


@router.patch("settings/groups/{code}", auth=member, response={200: Made})
def change_group(request: HttpRequest, code: str, body: GroupIn, whose: Query[WhoseIn]) -> HttpResponse:
    """Another name, place or rule."""
    group, by, at = group_of(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    rule = read_rule(body.rule) if body.rule is not None else None
    return answer(group_json(actions.update_group(group, name=body.name, priority=body.priority, rule=rule, by=by, at=at)))


@router.api_operation(["DELETE"], "settings/groups/{code}", auth=member, response={204: None})
def end_group(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """The group is no more; what was published in it stays in the history."""
    actions.delete_group(group_of(request, whose, code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


@router.put("settings/groups/{code}/devices", auth=member, response={200: Made})
def group_devices(request: HttpRequest, code: str, body: DevicesIn, whose: Query[WhoseIn]) -> HttpResponse:
    """Exactly these devices are in the group, besides those of its rule."""
    group, by, at = group_of(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    wanted = {normalised(each) for each in body.devices}
    found = list(queries.devices_of(group.profile).filter(code__in=wanted))
    if missing := sorted(wanted - {each.code for each in found}):
        raise InvalidInput({"devices": ["unknown"]}, {"devices": {"choices": ", ".join(missing[:5])}})
    added, removed = actions.set_devices(group, found, by=by, at=at)
    return answer(group_json(group) | {"added": added, "removed": removed})
