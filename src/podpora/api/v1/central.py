"""Central settings: for the program its bundle, for a company's administrators drafts, revisions and groups, for the vendor the schema."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Schema
from pydantic import Field, StringConstraints

from podpora.api.access import activation_of, caller_of, device, device_actor, token, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Made, Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.fleet import actions, queries
from podpora.fleet.models import Group, Profile, Revision
from podpora.fleet.rules import changes_between, entry_json, flags_of, read_rule
from podpora.fleet.values import Change, Outcome, Setting
from podpora.journeys import central as journey
from podpora.licensing import queries as licences
from podpora.people import queries as people
from podpora.people.models import Customer

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


class CommentIn(Strict):
    comment: Annotated[str, StringConstraints(max_length=500)] = ""


class GroupIn(Strict):
    name: Annotated[str, StringConstraints(max_length=100)] | None = None
    priority: Annotated[int, Field(ge=0, le=10_000)] | None = None
    rule: dict[str, Any] | None = None


class DevicesIn(Strict):
    devices: Annotated[list[Code], Field(max_length=100_000)]


class WhoseIn(Schema):
    """Whose settings: needed only where the caller belongs to several companies, or owns several products."""

    customer: str = ""
    product: str = ""


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
    row, changes = actions.upload_schema(_product(product), body, by=by, at=at)
    told = [{"key": c.key, "kind": c.kind, "what": c.what, "breaks": c.breaks} for c in changes]
    return answer({"version": row.version, "changes": told}, 201)


# --- for a company's administrators -------------------------------------------------------------------------------


@router.get("settings/schema", auth=member)
def schema(request: HttpRequest, product: str = "") -> HttpResponse:
    """The settings that the program has."""
    row = queries.newest_schema(_product(product))
    if row is None:
        raise NotYours
    read = queries.read(row)
    pages = [{"id": page.code, "title": dict(page.title)} for page in read.pages]
    return answer({"version": row.version, "pages": pages, "settings": [_setting(each) for each in read.settings.values()]})


@router.get("settings/layers/{layer}", auth=member)
def layer(request: HttpRequest, layer: str, whose: Query[WhoseIn]) -> HttpResponse:
    """The caller's draft of a layer (`company`, `group:CODE`, `device:CODE`), or what is published where he has none."""
    profile = _profile(request, whose, "see")
    place = queries.place_of(profile, layer)
    draft = queries.drafts_of(profile, caller_of(request).person).get(place.key)
    published = queries.entries_of(profile, profile.revision).get(place.key, {})
    entries = draft.entries if draft else {key: entry_json(entry) for key, entry in published.items()}
    based_on = draft.based_on if draft else profile.revision
    return answer({"layer": place.key, "draft": draft is not None, "based_on": based_on, "entries": entries})


@router.put("settings/layers/{layer}", auth=member, response={200: Made})
def save(request: HttpRequest, layer: str, body: LayerIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The layer as the caller wants it, all of its entries `{key: {value, mode, when?}}`; nothing is published yet."""
    profile = _profile(request, whose, "settings")
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
    profile = _profile(request, whose, "settings")
    actions.discard_drafts(profile, caller_of(request).person, queries.place_of(profile, layer))
    return answer(None, 204)


@router.post("settings/revisions", auth=member, response={201: Made})
def publish(request: HttpRequest, body: PublishIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The caller's drafts become the next revision. 409 `settings.conflict` with `diff` and `conflicts` when `based_on` is not the newest."""
    profile, caller = _profile(request, whose, "settings"), caller_of(request)
    made = actions.publish(
        profile, person=caller.person, based_on=body.based_on, comment=body.comment, by=caller.actor, at=request.now  # type: ignore[attr-defined]
    )  # fmt: skip
    return answer(_revision(made), 201)


@router.get("settings/revisions", auth=member)
def revisions(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """What was published, newest first."""
    profile = _profile(request, whose, "see")
    return listing(request, Revision.objects.filter(profile=profile).defer("content"), _revision)


@router.get("settings/revisions/{number}", auth=member)
def revision(request: HttpRequest, number: int, whose: Query[WhoseIn]) -> HttpResponse:
    """One revision with all of its entries by layer."""
    found = queries.revision(_profile(request, whose, "see"), _number(number))
    return answer(_revision(found) | {"layers": found.content})


@router.get("settings/revisions/{number}/diff", auth=member)
def diff(request: HttpRequest, number: int, whose: Query[WhoseIn], to: int = -1) -> HttpResponse:
    """What differs from this revision to another (`?to=`, the newest if left out)."""
    profile = _profile(request, whose, "see")
    other = profile.revision if to < 0 else to
    ends = [queries.content_of(profile, queries.entries_of(profile, _known(profile, each))) for each in (number, other)]
    return answer({"from": number, "to": other, "changes": [_change(change) for change in changes_between(*ends)]})


@router.post("settings/revisions/{number}/rollback", auth=member, response={201: Made})
def roll_back(request: HttpRequest, number: int, body: CommentIn, whose: Query[WhoseIn]) -> HttpResponse:
    """The content of this revision as the next one (CS-7)."""
    profile, caller = _profile(request, whose, "settings"), caller_of(request)
    at = request.now  # type: ignore[attr-defined]
    made = actions.roll_back(profile, _number(number), person=caller.person, comment=body.comment, by=caller.actor, at=at)
    return answer(_revision(made), 201)


@router.get("settings/effective", auth=member)
def effective(request: HttpRequest, whose: Query[WhoseIn], device: str = "", revision: int = -1) -> HttpResponse:
    """What counts on one device and why: the winner of each setting, everything that lost, and what its program leaves out."""
    profile = _profile(request, whose, "see")
    found = queries.devices_of(profile).select_related("team", "person", "licence").filter(code=normalised(device)[:20]).first()
    if found is None:
        raise NotYours
    number = profile.revision if revision < 0 else _known(profile, revision)
    return answer({"revision": number, **_outcome(queries.outcome_for(profile, found, number=number))})


@router.get("settings/groups", auth=member)
def groups(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """The groups in their order: 0 wins."""
    return answer({"items": [_group(group) for group in queries.groups_of(_profile(request, whose, "see"))], "next": None})


@router.post("settings/groups", auth=member, response={201: Made})
def new_group(request: HttpRequest, body: GroupIn, whose: Query[WhoseIn]) -> HttpResponse:
    """A new group; without `priority` it stands last."""
    profile, by, at = _profile(request, whose, "settings"), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    rule = read_rule(body.rule) if body.rule is not None else None
    made = actions.create_group(profile, body.name or "", priority=body.priority, rule=rule, by=by, at=at)
    return answer(_group(made), 201)


@router.patch("settings/groups/{code}", auth=member, response={200: Made})
def change_group(request: HttpRequest, code: str, body: GroupIn, whose: Query[WhoseIn]) -> HttpResponse:
    """Another name, place or rule."""
    group, by, at = _group_of(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    rule = read_rule(body.rule) if body.rule is not None else None
    return answer(_group(actions.update_group(group, name=body.name, priority=body.priority, rule=rule, by=by, at=at)))


@router.api_operation(["DELETE"], "settings/groups/{code}", auth=member, response={204: None})
def end_group(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """The group is no more; what was published in it stays in the history."""
    actions.delete_group(_group_of(request, whose, code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


@router.put("settings/groups/{code}/devices", auth=member, response={200: Made})
def group_devices(request: HttpRequest, code: str, body: DevicesIn, whose: Query[WhoseIn]) -> HttpResponse:
    """Exactly these devices are in the group, besides those of its rule."""
    group, by, at = _group_of(request, whose, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    wanted = {normalised(each) for each in body.devices}
    found = list(queries.devices_of(group.profile).filter(code__in=wanted))
    if missing := sorted(wanted - {each.code for each in found}):
        raise InvalidInput({"devices": ["unknown"]}, {"devices": {"choices": ", ".join(missing[:5])}})
    added, removed = actions.set_devices(group, found, by=by, at=at)
    return answer(_group(group) | {"added": added, "removed": removed})


# --- whose, and how it looks --------------------------------------------------------------------------------------


def _product(code: str) -> Product:
    if code:
        return catalog.product(code[:50])
    found = catalog.products().first()
    if found is None:
        raise NotYours
    return found


def _profile(request: HttpRequest, whose: WhoseIn, permission: str) -> Profile:
    """The settings of the caller's company; a stranger's are not there (CS-24)."""
    caller = caller_of(request)
    if caller.sees_all:
        raise NotYours  # drafts and revisions have an author: a token of a person
    mine = people.customers_with(caller.person, permission)
    customer = people.customer_in(mine, normalised(whose.customer)[:20]) if whose.customer else _only(mine)
    product = _product(whose.product) if whose.product else _owned(customer)
    return queries.profile_or_empty(customer, product) if permission == "see" else actions.ensure_profile(customer, product)


def _only(mine: QuerySet[Customer]) -> Customer:
    """The one company of the caller that owns something, or himself; of several he has to say which."""
    owners = mine.filter(pk__in=licences.all_licences().values("customer"))
    found = list(owners.filter(person=None)[:20]) or list(owners[:1])
    if not found:
        raise NotYours
    if len(found) > 1:
        raise InvalidInput({"customer": ["required"]}, {"customer": {"choices": ", ".join(each.code for each in found)}})
    return found[0]


def _owned(customer: Customer) -> Product:
    licence = licences.all_licences().filter(customer=customer).order_by("pk").first()
    if licence is None:
        raise NotYours
    product: Product = licence.product
    return product


def _group_of(request: HttpRequest, whose: WhoseIn, code: str) -> Group:
    return queries.group_in(_profile(request, whose, "settings"), normalised(code)[:20])


def _number(number: int) -> int:
    if not 0 < number < 2**31:
        raise NotYours
    return number


def _known(profile: Profile, number: int) -> int:
    """A revision that is there; 0 is the empty one before the first."""
    if number == 0:
        return 0
    return queries.revision(profile, _number(number)).number


def _setting(setting: Setting) -> dict[str, Any]:
    said = {
        "key": setting.key, "type": setting.type.value, "default": setting.default, "modes": [mode.value for mode in setting.modes],
        "title": dict(setting.title), "help": dict(setting.help), "page": setting.page,
    }  # fmt: skip
    more = {
        "enum": list(setting.choices), "minimum": setting.minimum, "maximum": setting.maximum, "min_length": setting.min_length,
        "max_length": setting.max_length, "pattern": setting.pattern, "atomic_group": setting.atomic_group, "since": setting.since,
        "deprecated": setting.deprecated, "until": setting.until, "restart": setting.needs_restart, "sensitive": setting.is_sensitive,
    }  # fmt: skip
    return said | {name: value for name, value in more.items() if value not in (None, "", [], False)}


def _revision(row: Revision) -> dict[str, Any]:
    return {
        "revision": row.number, "comment": row.comment, "published_at": format_instant(row.published_at), "by": row.by_name,
        "content_of": row.content_of,
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    before, after = (entry_json(each) if each else None for each in (change.before, change.after))
    return {"layer": change.layer.key, "key": change.key, "before": before, "after": after}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    values = {
        key: {
            "value": found.entry.value, "mode": found.entry.mode.value, "from": found.layer.key,
            "losers": [_loser(each) for each in found.losers],
        }
        for key, found in sorted(outcome.values.items())
    }  # fmt: skip
    return {"values": values, "skipped": {key: [_loser(each) for each in lost] for key, lost in outcome.skipped.items()}}


def _loser(loser: Any) -> dict[str, Any]:
    return {"from": loser.layer.key, "value": loser.entry.value, "mode": loser.entry.mode.value, "why": loser.why.value}


def _group(group: Group) -> dict[str, Any]:
    return {
        "code": group.code,
        "name": group.name,
        "priority": group.priority,
        "rule": group.rule,
        "devices": group.members.count(),
    }
