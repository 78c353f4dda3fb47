"""Central settings, device by device: what each was offered, applied or refused; files for other tools and for computers without a network."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router
from pydantic import Field

from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.central import member
from podpora.api.v1.central_facts import WhoseIn, profile_of
from podpora.api.v1.schemas import Made
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import NotYours
from podpora.base.spreadsheets import lines
from podpora.fleet import queries
from podpora.fleet.models import DeviceSettings, Profile, RollOut
from podpora.fleet.queries import SettingsWish
from podpora.journeys import central as journey
from podpora.licensing.models import Device

router = Router(tags=["settings"])
State = Literal["", "current", "waiting", "behind", "error", "drift", "silent"]
COLUMNS = (
    "code", "name", "platform", "app_version", "person", "team", "standing", "offered_revision", "offered_at", "state",
    "reported_revision", "reported_at", "drifted", "problems", "refused", "last_seen_at",
)  # fmt: skip


class DevicesIn(WhoseIn):
    """Which devices: `state` as the page's tabs have it, a word, a platform (`windows`), a group's code."""

    state: State = ""
    q: Annotated[str, Field(max_length=100)] = ""
    platform: Annotated[str, Field(max_length=50)] = ""
    group: Annotated[str, Field(max_length=20)] = ""


class ListIn(DevicesIn):
    form: Literal["json", "csv"] = "json"


class ExportIn(WhoseIn):
    layer: Annotated[str, Field(max_length=40)] = "company"
    form: Literal["json", "reg", "plist", "admx"] = "json"


@router.get("settings/devices", auth=member)
def devices(request: HttpRequest, wish: Query[ListIn]) -> HttpResponseBase:
    """What each device was offered and what it says became of it; `?form=csv` all of them as a table."""
    profile, at = profile_of(request, wish, "see"), request.now  # type: ignore[attr-defined]
    asked = SettingsWish(wish.state, _plain(wish.q), _plain(wish.platform), normalised(wish.group) if wish.group else "")
    rows, rollout = queries.listed(profile, asked, at=at), queries.open_rollout(profile)
    if wish.form == "csv":
        told = (_cells(device_json(profile, each, rollout)) for each in rows.order_by("pk").iterator(chunk_size=500))
        response = StreamingHttpResponse(lines(COLUMNS, told), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{profile.customer.code}-settings.csv"'
        response["Cache-Control"] = "private, no-store"
        return response
    return listing(request, rows, lambda each: device_json(profile, each, rollout), newest_first=False)


@router.get("settings/devices/counts", auth=member)
def counts(request: HttpRequest, whose: Query[WhoseIn]) -> HttpResponse:
    """How many devices stand how."""
    found = queries.device_counts(profile_of(request, whose, "see"), at=request.now)  # type: ignore[attr-defined]
    return answer({"devices": found.total, **{name: found.of(name) for name in queries.STATES if name != "all"}})


@router.get("settings/devices/{code}", auth=member)
def device(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """One device."""
    profile = profile_of(request, whose, "see")
    return answer(device_json(profile, _device(profile, code), queries.open_rollout(profile)))


@router.post("settings/devices/{code}/file", auth=member, response={200: Made})
def offline_file(request: HttpRequest, code: str, whose: Query[WhoseIn]) -> HttpResponse:
    """Its signed settings as the file that is carried to a computer without a network; 404 where there are none."""
    profile = profile_of(request, whose, "settings")
    made = journey.offline_file(_device(profile, code), at=request.now)  # type: ignore[attr-defined]
    if made is None:
        raise NotYours
    return answer(made)


@router.get("settings/export", auth=member)
def export(request: HttpRequest, wish: Query[ExportIn]) -> HttpResponse:
    """What a layer says as a file for tools that set computers on the spot; `admx`: templates for group policy."""
    made = journey.exported(profile_of(request, wish, "see"), wish.layer, wish.form)
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def device_json(profile: Profile, row: Device, rollout: RollOut | None) -> dict[str, Any]:
    """`standing`: current, waiting (for its wave), behind or error; `state`: what it said last; `keys`: what it did not apply."""
    given: DeviceSettings | None = getattr(row, "central_settings", None)
    if given is not None and given.profile_id != profile.pk:
        given = None
    reported_at = given.reported_at if given else None
    return {
        "code": row.code, "name": row.name, "platform": row.platform, "app_version": row.app_version,
        "person": row.person.email if row.person else None, "team": row.team.name if row.team else None,
        "standing": queries.standing_of(profile, given, rollout),
        "offered": {"revision": given.revision, "at": format_instant(given.offered_at)} if given else None,
        "state": given.state if given else None,
        "reported": {"revision": given.reported_revision, "at": format_instant(reported_at)} if given and reported_at else None,
        "drifted": bool(given and given.is_drifted), "keys": given.keys if given else {},
        "refused": [one["code"] for one in given.refused] if given else [],
        "last_seen_at": format_instant(row.last_seen_at) if row.last_seen_at else None,
    }  # fmt: skip


def _cells(told: dict[str, Any]) -> list[Any]:
    offered, reported = told["offered"] or {}, told["reported"] or {}
    more = {
        "offered_revision": offered.get("revision"), "offered_at": offered.get("at"), "reported_revision": reported.get("revision"),
        "reported_at": reported.get("at"), "refused": "; ".join(told["refused"]),
        "problems": "; ".join(f"{key}: {said.get('reason') or said.get('code', '')}" for key, said in told["keys"].items()),
    }  # fmt: skip
    return [(told | more)[name] for name in COLUMNS]


def _device(profile: Profile, code: str) -> Device:
    found = queries.device_in(profile, normalised(code)[:20])
    if found is None:
        raise NotYours
    return found


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
