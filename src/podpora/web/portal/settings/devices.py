"""The devices with what each has, and one of them: what counts on it and why."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from podpora.base.codes import normalised
from podpora.base.errors import NotYours
from podpora.fleet import queries
from podpora.fleet.models import DeviceSettings, RollOut
from podpora.fleet.queries import SettingsWish
from podpora.fleet.values import HARMLESS, REPORT_NAMES, WHY_SENTENCES, Level, Loser, ReportState, Setting
from podpora.licensing.models import Device
from podpora.web.access import signed_in
from podpora.web.portal.settings import drawing, frame
from podpora.web.request import Request
from podpora.web.spreadsheets import download
from podpora.web.templatetags.podpora import platform

PAGE = 50
STATE_NAMES = {
    "all": pgettext_lazy("devices", "All"),
    "current": pgettext_lazy("devices and settings", "Up to date"),
    "waiting": pgettext_lazy("devices and settings", "Wait for their wave"),
    "behind": pgettext_lazy("devices and settings", "Behind"),
    "error": pgettext_lazy("devices and settings", "With an error"),
    "drift": pgettext_lazy("devices and settings", "With a policy of their own"),
    "silent": gettext_lazy("Silent for 14 days"),
}
KINDS = {"current": "good", "waiting": "accent", "behind": "warn", "error": "bad"}
ONE = {
    "current": pgettext_lazy("one device", "Up to date"), "waiting": pgettext_lazy("one device", "Waits for its wave"),
    "behind": pgettext_lazy("one device", "Behind"),
}  # fmt: skip
HEADER = (
    gettext_lazy("Device"), gettext_lazy("Code"), gettext_lazy("Platform"), gettext_lazy("Version"), gettext_lazy("Revision"),
    gettext_lazy("State"), gettext_lazy("Reported"), gettext_lazy("Last contact"), gettext_lazy("Who uses it"), gettext_lazy("Team"),
    gettext_lazy("Problems"),
)  # fmt: skip


def _wish(request: Request) -> SettingsWish:
    given = {f.name: " ".join(request.GET.get(f.name, "").replace("\x00", "").split())[:100] for f in fields(SettingsWish)}
    return SettingsWish(**{name: value for name, value in given.items() if value})


@signed_in
@require_GET
def devices(request: Request, company: str, product: str) -> HttpResponse:
    look, wish = frame.looker(request, company, product), _wish(request)
    counts = queries.device_counts(look.profile, at=request.now)
    rollout = queries.open_rollout(look.profile)
    now = wish.state if wish.state in STATE_NAMES else "all"
    pages = Paginator(queries.listed(look.profile, wish, at=request.now), PAGE)
    page = pages.get_page(request.GET.get("number", "1"))
    default = asdict(SettingsWish())
    kept = {name: value for name, value in asdict(wish).items() if value != default[name]}
    context = {
        "wish": wish, "page": page, "rows": [_line(look, device, rollout) for device in page], "count": pages.count,
        "states": [(STATE_NAMES[s], _address(kept, state="" if s == "all" else s), counts.of(s), s == now) for s in STATE_NAMES],
        "query": urlencode(kept), "is_narrowed": bool(wish.q or wish.platform or wish.group), "platforms": drawing.PLATFORMS,
        "groups": list(queries.groups_of(look.profile)),
        "sorts": {name: (_address(kept, sort=_turned(wish.sort, name)), _how(wish.sort, name)) for name in ("name", "seen", "revision")},
        "previous": _address(kept, number=page.previous_page_number()) if page.has_previous() else "",
        "next": _address(kept, number=page.next_page_number()) if page.has_next() else "",
    }  # fmt: skip
    return frame.page(request, "devices.html", look, "devices", context)


def _address(kept: dict[str, str], **changes: Any) -> str:
    return "?" + urlencode({name: value for name, value in (kept | changes).items() if value != ""})


def _turned(sort: str, column: str) -> str:
    return f"-{column}" if sort == column else column


def _how(sort: str, column: str) -> str:
    return "" if sort.removeprefix("-") != column else "descending" if sort.startswith("-") else "ascending"


def given_of(device: Device) -> DeviceSettings | None:
    return getattr(device, "central_settings", None)


def _line(look: frame.Looker, device: Device, rollout: RollOut | None) -> dict[str, Any]:
    """A device with how it stands: against what is published, not only what it said of what it has."""
    given = given_of(device)
    standing = queries.standing_of(look.profile, given, rollout)
    return {
        "device": device, "given": given, "state": REPORT_NAMES[ReportState(given.state)] if given and standing == "error" else ONE[standing],
        "kind": KINDS[standing],
        "problems": len(_problems(given)) + len(given.refused) if given else 0,
    }  # fmt: skip


@signed_in
@require_GET
def devices_csv(request: Request, company: str, product: str) -> HttpResponseBase:
    """What the list shows, all pages of it."""
    look = frame.looker(request, company, product)
    rows = queries.listed(look.profile, _wish(request), at=request.now)
    names = {state: str(name) for state, name in REPORT_NAMES.items()}

    def cells() -> Iterator[tuple[Any, ...]]:
        for d in rows.iterator(chunk_size=500):
            given = given_of(d)
            yield (
                d.name, d.code, platform(d.platform), d.app_version, given.revision if given else "",
                names[ReportState(given.state)] if given else "",
                given.reported_at if given else None, d.last_seen_at, d.person.name if d.person else "", d.team.name if d.team else "",
                "; ".join(_problems(given)) if given else "",
            )  # fmt: skip

    return download(f"{look.customer.code}-settings", HEADER, cells())


def _problems(given: DeviceSettings) -> list[str]:
    told = ((key, said) for key, said in given.keys.items() if said.get("state") not in HARMLESS)
    return [f"{key}: {said.get('reason') or said.get('code', '')}" for key, said in told]


def find(look: frame.Looker, code: str) -> Device:
    found = queries.device_in(look.profile, normalised(code)[:20])
    if found is None:
        raise NotYours
    return found


@signed_in
@require_GET
def device(request: Request, company: str, product: str, device: str) -> HttpResponse:
    """“Why does this computer have it?”: every setting with its winner, its losers and what the device says of it."""
    look = frame.looker(request, company, product)
    found = find(look, device)
    given, profile = given_of(found), look.profile
    traits = queries.traits_of(found)
    groups = queries.groups_of_device(profile, found, traits)
    offered = given.revision if given and given.profile_id == profile.pk else 0
    number = queries.revision_of_device(profile, found, {g.code for g in groups}, offered=offered, at=request.now)
    outcome, rollout = queries.outcome_for(profile, found, number=number), queries.open_rollout(profile)
    q = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    said = given.keys if given else {}
    rows = [
        {
            "key": key, "title": drawing.title_of(look.schema, key), "section": drawing.page_title(look.schema, look.schema.settings[key].page),
            "value": drawing.shown(won.entry.value, look.schema.settings[key]), "mode": won.entry.mode,
            "mode_name": drawing.mode_name(won.entry.mode),
            "layer": drawing.layer_name(won.layer, {found.code: str(found)}), "layer_key": won.layer.key,
            "losers": [_loser(loser, found, look.schema.settings[key]) for loser in won.losers], "told": said.get(key),
        }
        for key in look.schema.settings if (won := outcome.values.get(key)) is not None
    ]  # fmt: skip
    context = {
        "device": found, "given": given, "groups": groups, "number": number,
        "rows": [row for row in rows if not q or q.lower() in f"{row['key']} {row['title']}".lower()], "all_rows": len(rows), "q": q,
        "skipped": [
            (drawing.title_of(look.schema, key), [_loser(lost, found, look.schema.settings.get(key)) for lost in losers])
            for key, losers in outcome.skipped.items()
        ],
        "line": _line(look, found, rollout), "own": f"{Level.DEVICE}:{found.code}", "rollout": rollout,
        "crumbs": [(_("Devices"), look.url("devices")), (str(found), "")],
    }  # fmt: skip
    return frame.page(request, "device.html", look, "devices", context)


def _loser(loser: Loser, device: Device, setting: Setting | None) -> dict[str, Any]:
    return {
        "layer": drawing.layer_name(loser.layer, {device.code: str(device)}), "value": drawing.shown(loser.entry.value, setting),
        "mode_name": drawing.mode_name(loser.entry.mode), "why": WHY_SENTENCES[loser.why],
    }  # fmt: skip
