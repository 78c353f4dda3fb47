"""The devices of a licence: found, named, assigned, freed, one or many at once."""

from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.lists import page
from podpora.api.v1.licences import device_json, licence_of
from podpora.api.v1.schemas import Made, Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.journeys import devices as journey
from podpora.journeys import manager
from podpora.licensing import actions, queries
from podpora.licensing.models import Device, DeviceWork, Licence
from podpora.licensing.permissions import may_free, may_manage_devices
from podpora.licensing.queries.lists import DeviceWish
from podpora.licensing.values import WORK_MOST

router = Router(tags=["devices"])
licences_token = token("licences")
Code = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=100)]


class DeviceIn(Strict):
    name: Text | None = None
    person: Code | None = None
    team: Code | None = None
    blocked: bool | None = None
    suspected_clone: Literal[False] | None = None


class FilterIn(Strict):
    q: Text = ""
    state: Text = "all"
    platform: Text = ""
    version: Text = ""
    team: Text = ""
    person: Text = ""


class ListIn(Schema):
    """What narrows the list, and its pages."""

    q: str = ""
    state: str = "all"
    platform: str = ""
    version: str = ""
    team: str = ""
    person: str = ""
    limit: str = ""
    cursor: str = ""


class ActionsIn(Strict):
    action: Text
    devices: Annotated[list[Code], Field(min_length=1, max_length=WORK_MOST)] | None = None
    filter: FilterIn | None = None
    pattern: Text = ""
    person: Code = ""
    team: Code = ""


def _seen(request: HttpRequest, licence: Licence) -> QuerySet[Device]:
    caller = caller_of(request)
    return queries.all_devices(licence) if caller.sees_all else queries.devices_seen_by(caller.person, licence)


def _managed(request: HttpRequest, code: str) -> Licence:
    """The licence, for those who look after all of its devices; else NotYours."""
    licence, caller = licence_of(request, code), caller_of(request)
    if not caller.sees_all and not may_manage_devices(caller.person, licence):
        raise NotYours
    return licence


def full_json(device: Device) -> dict[str, Any]:
    """A device with all that the License Manager shows of it."""
    return device_json(device) | {
        "first_seen_at": format_instant(device.first_seen_at), "blocked": device.blocked_at is not None,
        "suspected_clone": device.suspected_clone_at is not None,
        "person": {"code": device.person.code, "name": str(device.person)} if device.person else None,
        "team": {"code": device.team.code, "name": device.team.name} if device.team else None,
    }  # fmt: skip


def _full(rows: QuerySet[Device]) -> QuerySet[Device]:
    return rows.select_related("person", "team").prefetch_related(queries.newest_first())


@router.get("licences/{code}/devices", auth=licences_token)
def devices(request: HttpRequest, code: str, asked: Query[ListIn]) -> HttpResponse:
    """The devices that the caller may see, oldest first.

    `?state=` active, silent, blocked, clone, deactivated or all (if left out); `?team=` and `?person=` codes, or `none`.
    """
    wish = DeviceWish(**{name: value[:100] for name, value in asked.model_dump(exclude={"limit", "cursor"}).items()})
    rows = queries.narrowed(_seen(request, licence_of(request, code)), wish, at=request.now)  # type: ignore[attr-defined]
    return answer(page(request, _full(rows), full_json, newest_first=False))


@router.post("licences/{code}/devices/actions", auth=licences_token, response={200: Made, 202: Made})
def act(request: HttpRequest, code: str, body: ActionsIn) -> HttpResponse:
    """Do one thing to many devices: `free`, `rename` (`pattern`), `assign` (`person`), `team` (`team`), `block`, `unblock`.

    Which: `devices` (codes), or `filter` (all that it means). 200 when it is done, 202 when it goes on in the background:
    `GET licences/{code}/device-works/{work}` tells how far it is. Needs the whole License Manager (409 `manager.company_licence_needed`).
    """
    at = request.now  # type: ignore[attr-defined]
    licence, caller = licence_of(request, code), caller_of(request)
    rows = _seen(request, licence)
    if not caller.sees_all and not may_manage_devices(caller.person, licence):
        rows = _led(caller.person, licence, rows, body.action)
    if licence.customer is not None:
        manager.may_use(licence.customer, at=at).or_refuse()
    work = actions.start_work(licence, body.action, _chosen(rows, body, at), _arguments(body), by=caller.actor, at=at)
    return answer(work_json(work), 200 if work.finished_at else 202)


def _led(person: Any, licence: Licence, rows: QuerySet[Device], action: str) -> QuerySet[Device]:
    """A lead frees seats of his teams; nobody else does anything here."""
    teams = queries.led_teams(person, licence)
    if action != "free" or not teams.exists():
        raise NotYours
    return rows.filter(team__in=teams)


def _chosen(rows: QuerySet[Device], body: ActionsIn, at: Any) -> list[int]:
    if (body.devices is None) == (body.filter is None):
        raise InvalidInput({"devices": ["required"]}, {"devices": {"choices": "devices, filter"}})
    if body.filter is not None:
        return queries.chosen_ids(queries.narrowed(rows, DeviceWish(**body.filter.model_dump()), at=at))
    wanted = {normalised(code) for code in body.devices or ()}
    found = queries.chosen_ids(rows.filter(code__in=wanted))
    if len(found) != len(wanted):
        raise InvalidInput({"devices": ["unknown"]})
    return found


def _arguments(body: ActionsIn) -> dict[str, str]:
    return {"pattern": body.pattern, "person": normalised(body.person), "team": normalised(body.team)}


def work_json(work: DeviceWork) -> dict[str, Any]:
    return {
        "code": work.code, "action": work.kind, "total": work.total, "done": work.done, "changed": work.changed,
        "refused": work.refused_counts, "by": work.actor_name, "started_at": format_instant(work.started_at),
        "finished_at": format_instant(work.finished_at) if work.finished_at else None,
        "undone_at": format_instant(work.undone_at) if work.undone_at else None,
    }  # fmt: skip


def _work(licence: Licence, code: str) -> DeviceWork:
    found = queries.work_of(licence, normalised(code)[:20])
    if found is None:
        raise NotYours
    return found


@router.get("licences/{code}/device-works", auth=licences_token)
def works(request: HttpRequest, code: str) -> HttpResponse:
    """What goes on with many devices and what was done to them lately, newest first; the latest few."""
    found = queries.recent_works(_managed(request, code), None, at=request.now)  # type: ignore[attr-defined]
    return answer({"items": [work_json(work) for work in found], "next": None})


@router.get("licences/{code}/device-works/{work}", auth=licences_token)
def work(request: HttpRequest, code: str, work: str) -> HttpResponse:
    """How far it is, what changed, and what stayed as it was by which reason."""
    return answer(work_json(_work(_managed(request, code), work)))


@router.post("licences/{code}/device-works/{work}/undo", auth=licences_token)
def undo(request: HttpRequest, code: str, work: str) -> HttpResponse:
    """Every device becomes what it was; 409 for what cannot be undone, is not finished, or was undone before."""
    licence, by, at = _managed(request, code), caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer(work_json(actions.undo_work(licence, _work(licence, work).code, by=by, at=at)))


@router.get("licences/{code}/devices/{device}", auth=licences_token)
def device(request: HttpRequest, code: str, device: str) -> HttpResponse:
    """One device."""
    return answer(full_json(queries.device_in(_full(_seen(request, licence_of(request, code))), normalised(device))))


@router.patch("licences/{code}/devices/{device}", auth=licences_token)
def change(request: HttpRequest, code: str, device: str, body: DeviceIn) -> HttpResponse:
    """`name`, `person` and `team` (codes, "" for none), `blocked`: what is named changes, all of it or nothing.

    `suspected_clone` false takes the flag off a device that was looked into.

    `person` and `team` need the whole License Manager.
    """
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    licence = _managed(request, code)
    found = queries.device_in(_seen(request, licence), normalised(device))
    given = {name: value for name, value in body.model_dump().items() if value is not None}
    if {"person", "team"} & given.keys() and licence.customer is not None:
        manager.may_use(licence.customer, at=at).or_refuse()
    blocked = given.pop("blocked", None)
    looked = given.pop("suspected_clone", None) is False
    told = {name: value if name == "name" else normalised(value) for name, value in given.items()}
    if told or blocked is not None or not looked:
        journey.change(licence, found.code, told, blocked=blocked, by=by, at=at)
    if looked:
        actions.clear_clone(found, by=by, at=at)
    return answer(full_json(queries.device_in(_full(_seen(request, licence)), found.code)))


@router.api_operation(["DELETE"], "licences/{code}/devices/{device}", auth=licences_token, response={204: None})
def free_seat(request: HttpRequest, code: str, device: str) -> HttpResponse:
    """Take a device off its seat; it learns it at its next contact. Also the lead of its team may."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    licence, caller = licence_of(request, code), caller_of(request)
    found = queries.device_in(_seen(request, licence), normalised(device))
    if not caller.sees_all and not may_free(caller.person, found):
        raise NotYours
    actions.free_seat(licence, found.code, by=by, at=at)
    return answer(None, 204)
