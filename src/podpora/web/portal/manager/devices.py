"""The devices of one licence: ten or ten thousand, filtered, sorted, page by page; the address holds what is shown."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from podpora.licensing import queries
from podpora.licensing.queries.lists import DeviceWish, ListedDevice
from podpora.licensing.values import DEVICE_STATES
from podpora.web.access import signed_in
from podpora.web.components.badges import badge
from podpora.web.components.times import moment
from podpora.web.portal.manager import frame
from podpora.web.request import Request
from podpora.web.spreadsheets import download
from podpora.web.templatetags.podpora import platform

STATE_NAMES = {
    "active": pgettext_lazy("devices", "On a seat"),
    "silent": gettext_lazy("Silent for a month"),
    "blocked": pgettext_lazy("devices", "Blocked"),
    "clone": gettext_lazy("Perhaps a copy"),
    "deactivated": pgettext_lazy("devices", "Deactivated"),
    "all": pgettext_lazy("devices", "All"),
}
ROW_STATES = {
    "active": (pgettext_lazy("device", "active"), "good", ""),
    "blocked": (pgettext_lazy("device", "blocked"), "bad", gettext_lazy("It keeps its seat and gets no certificate.")),
    "clone": (
        gettext_lazy("perhaps a copy"), "warn",
        gettext_lazy("Two computers seem to use this activation, as after copying a disk. Nothing is locked."),
    ),
    "deactivated": (pgettext_lazy("device", "deactivated"), "", ""),
}  # fmt: skip
PLATFORMS = ("windows", "macos", "linux", "android", "ios")
COLUMNS = ("name", "version", "seen", "first")
ACTIONS = {
    "free": gettext_lazy("Free seats"),
    "rename": gettext_lazy("Rename by a pattern"),
    "assign": gettext_lazy("Say who uses them"),
    "team": gettext_lazy("Move to a team"),
    "block": gettext_lazy("Block"),
    "unblock": gettext_lazy("Unblock"),
}
HEADER = (
    gettext_lazy("Device"), gettext_lazy("Code"), gettext_lazy("Platform"), gettext_lazy("Version"), gettext_lazy("State"),
    gettext_lazy("First contact"), gettext_lazy("Last contact"), gettext_lazy("Who uses it"), gettext_lazy("E-mail"),
    gettext_lazy("Team"), gettext_lazy("Licence"),
)  # fmt: skip


@signed_in
@require_GET
def devices(request: Request, code: str) -> HttpResponseBase:
    look, wish = frame.looker(request, code), frame.wish_of(request, DeviceWish)
    rows = frame.seen(request, look)
    page = queries.device_page(queries.narrowed(rows, wish, at=request.now), wish)
    counts = queries.device_counts(rows, at=request.now)
    licence = look.licence
    context = {
        "licence": licence,
        "look": look,
        "wish": wish,
        "rows": drawn(page.devices),
        "tabs": _tabs(wish, counts),
        "count": counts.get(wish.state or "active", 0),
        "is_narrowed": bool(set(wish.filters()) - {"state"}),
        "sorts": frame.sorts(wish, COLUMNS),
        "next": frame.address(wish, after=page.next) if page.next else "",
        "first": frame.address(wish) if wish.after else "",
        "query": frame.address(wish),
        "filters": wish.filters(),
        "platforms": PLATFORMS,
        "teams": queries.share_teams(licence) if look.whole.allowed else (),
        "actions": actions_for(look),
        "seat_notice": queries.open_seat_notice(licence),
        "works": recent_works(request, look),
        "crumbs": crumbs(licence, _("Devices")),
    }
    name = "portal/manager/devices.html#list" if request.htmx and not request.htmx.boosted else "portal/manager/devices.html"
    return TemplateResponse(request, name, context)


def actions_for(look: frame.Looker) -> list[tuple[str, Any]]:
    """What the reader may do with many devices: a lead only frees seats."""
    if not look.may_bulk:
        return []
    return list(ACTIONS.items()) if look.manages else [("free", ACTIONS["free"])]


def recent_works(request: Request, look: frame.Looker) -> list[tuple[Any, Any]]:
    """What goes on with many of the devices or was done to them lately, each with its name: a lead sees only what he began."""
    if not look.may_bulk:
        return []
    found = queries.recent_works(look.licence, None if look.manages else request.user, at=request.now)
    return [(work, ACTIONS[work.kind]) for work in found]


@signed_in
@require_GET
def devices_csv(request: Request, code: str) -> HttpResponseBase:
    """What the list shows, all pages of it."""
    look, wish = frame.looker(request, code), frame.wish_of(request, DeviceWish)
    order = queries.order_of(wish.sort).names
    rows = queries.listed(queries.narrowed(frame.seen(request, look), wish, at=request.now)).order_by(*order)
    states = {state: str(told[0]) for state, told in ROW_STATES.items()}
    lines = (ListedDevice(*line) for line in rows.values_list(*queries.DEVICE_FIELDS).iterator(chunk_size=500))
    return download(f"{look.licence.code}-devices", HEADER, _cells(lines, states, look.licence.code))


def _cells(devices: Iterator[ListedDevice], states: dict[str, str], licence: str) -> Iterator[tuple[Any, ...]]:
    for d in devices:
        yield (
            d.name, d.code, platform(d.platform), d.app_version, states[d.state], d.first_seen_at, d.last_seen_at, d.person_name,
            d.person_email, d.team_name, licence,
        )  # fmt: skip


def crumbs(licence: Any, here: str) -> list[tuple[Any, str]]:
    return [
        (_("Licences"), reverse("portal:licences")),
        (licence.name or licence.code, reverse("portal:licence", args=[licence.code])),
        (here, ""),
    ]  # fmt: skip


def drawn(devices: Any) -> list[dict[str, Any]]:
    """Lines ready to be drawn: the template of a list of fifty only puts them in their places."""
    states = {state: badge(str(label), kind, str(title)) for state, (label, kind, title) in ROW_STATES.items()}
    return [_line(device, states) for device in devices]


def _line(device: ListedDevice, states: dict[str, SafeString]) -> dict[str, Any]:
    facts = " ".join(filter(None, (platform(device.platform) if device.platform else "", device.app_version)))
    return {
        "code": device.code, "name": device.name or device.code, "facts": facts, "who": device.who, "team": device.team_name or "",
        "seen": moment(device.last_seen_at, "day"), "first": moment(device.first_seen_at, "day"), "state": states[device.state],
        "sits": device.holds_seat,
    }  # fmt: skip


def _tabs(wish: DeviceWish, counts: dict[str, int]) -> list[tuple[Any, str, int, bool]]:
    now = wish.state if wish.state in DEVICE_STATES else "active"
    shown = [state for state in DEVICE_STATES if counts[state] or state in ("active", now)]
    return [
        (STATE_NAMES[state], frame.address(wish, state="" if state == "active" else state), counts[state], state == now)
        for state in shown
    ]
