"""Groups of devices: their order, their rules, who is in them."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from podpora.base.codes import normalised
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.fleet import actions, queries
from podpora.fleet.models import Group
from podpora.fleet.rules import read_rule, rule_from
from podpora.fleet.values import GroupRule
from podpora.people import queries as people
from podpora.web.access import signed_in
from podpora.web.portal.settings import drawing, frame
from podpora.web.request import Request

LARGEST_CSV, SHOWN = 5_000_000, 200


@signed_in
@require_GET
def groups(request: Request, company: str, product: str) -> HttpResponse:
    return _list(request, frame.looker(request, company, product))


@require_POST
@signed_in
def create(request: Request, company: str, product: str) -> HttpResponse:
    look = frame.looker(request, company, product, "settings")
    try:
        made = actions.create_group(look.profile, request.POST.get("name", "")[:200], by=request.actor, at=request.now)
    except InvalidInput as problem:
        return _list(request, look, problems=frame.told(problem))
    except Refused as refusal:
        return _list(request, look, decision=refusal.decision)
    messages.success(request, _("The group is here. Put devices into it, or say which belong to it by themselves."))
    return redirect(look.url("group", made.code))


def _list(
    request: Request, look: frame.Looker, *, problems: dict[str, str] | None = None, decision: Decision | None = None
) -> HttpResponse:
    named = queries.entries_of(look.profile, look.profile.revision)
    sizes: dict[str, int] = {}
    for member in queries.members(look.profile):
        for code in member.groups:
            sizes[code] = sizes.get(code, 0) + 1
    rows = [
        {
            "group": g,
            "rule": rule_text(rule_from(g.rule)),
            "devices": sizes.get(g.code, 0),
            "settings": len(named.get(f"group:{g.code}", {})),
        }
        for g in queries.groups_of(look.profile)
    ]
    context = {"rows": rows, "problems": problems or {}, "decision": decision, "given": request.POST.get("name", "")}
    return frame.page(request, "groups.html", look, "groups", context, status=422 if problems else 409 if decision else 200)


def rule_text(rule: GroupRule) -> str:
    """A rule as a sentence."""
    parts = []
    if rule.platforms:
        parts.append(", ".join(sorted(rule.platforms)))
    if rule.since:
        parts.append(_("version {version} or newer").format(version=rule.since))
    if rule.below:
        parts.append(_("older than version {version}").format(version=rule.below))
    if rule.name:
        parts.append(_("named {pattern}").format(pattern=rule.name))
    if rule.team:
        parts.append(_("team {team}").format(team=rule.team))
    if rule.person:
        parts.append(_("used by {person}").format(person=rule.person))
    return " · ".join(parts)


@signed_in
@require_GET
def group(request: Request, company: str, product: str, code: str) -> HttpResponse:
    look = frame.looker(request, company, product)
    return _page(request, look, queries.group_in(look.profile, normalised(code)[:20]))


@require_POST
@signed_in
def act(request: Request, company: str, product: str, code: str, what: str) -> HttpResponse:
    look = frame.looker(request, company, product, "settings")
    found = queries.group_in(look.profile, normalised(code)[:20])
    if what not in DEEDS:
        raise NotYours
    try:
        DEEDS[what](request, look, found)
    except InvalidInput as problem:
        return _page(request, look, found, problems=frame.told(problem))
    if what in ("up", "down", "delete"):
        return redirect(look.url("groups"))
    return redirect(look.url("group", found.code))


def _rename(request: Request, look: frame.Looker, group: Group) -> None:
    actions.update_group(group, name=request.POST.get("name", "")[:200], by=request.actor, at=request.now)
    messages.success(request, _("Saved."))


def _rule(request: Request, look: frame.Looker, group: Group) -> None:
    form = request.POST
    given: dict[str, Any] = {
        name: form.get(name, "").strip() for name in ("since", "below", "name", "team", "person") if form.get(name, "").strip()
    }
    if platforms := form.getlist("platforms"):
        given["platforms"] = platforms[:10]
    actions.update_group(group, rule=read_rule(given), by=request.actor, at=request.now)
    messages.success(request, _("Saved. The devices that it finds get their settings at their next contact."))


def _up(request: Request, look: frame.Looker, group: Group) -> None:
    actions.update_group(group, priority=max(0, group.priority - 1), by=request.actor, at=request.now)


def _down(request: Request, look: frame.Looker, group: Group) -> None:
    actions.update_group(group, priority=group.priority + 1, by=request.actor, at=request.now)


def _delete(request: Request, look: frame.Looker, group: Group) -> None:
    if request.POST.get("name", "").strip() != group.name:
        raise InvalidInput({"delete": ["settings.group_name_needed"]})
    actions.delete_group(group, by=request.actor, at=request.now)
    messages.success(request, _("The group is deleted. Its devices have what lies above."))


def _put(request: Request, look: frame.Looker, group: Group) -> None:
    """Devices typed by name or code, or the first column of a CSV file, besides those that are in it; or exactly these."""
    file = request.FILES.get("file")
    words = request.POST.get("devices", "")[:LARGEST_CSV].replace(",", "\n").replace(";", "\n").split("\n")
    if file is not None:
        text = file.read(LARGEST_CSV).decode("utf-8-sig", errors="replace").replace("\x00", "")
        words += [row[0] for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:2000] else ",") if row]
    wanted = [word.strip() for word in words if word.strip()]
    found = queries.devices_by_codes(look.profile, wanted)
    known = {device.code.lower() for device in found} | {device.name.lower() for device in found}
    missing = [word for word in wanted if word.lower() not in known]
    if not found:
        raise InvalidInput({"devices": ["unknown"]}, {"devices": {"choices": _("names or codes of devices")}})
    present = list(group.members.values_list("device_id", flat=True)) if request.POST.get("how") != "exactly" else []
    everybody = [*found, *queries.devices_of(look.profile).filter(pk__in=present)]
    added, removed = actions.set_devices(group, everybody, by=request.actor, at=request.now)
    messages.success(request, _("Put in: {added}, taken out: {removed}.").format(added=added, removed=removed))
    if missing:
        count = len(missing)
        text = ngettext("{count} name was not found: {names}", "{count} names were not found: {names}", count)
        messages.warning(request, text.format(count=count, names=", ".join(word[:60] for word in missing[:5])))


def _take(request: Request, look: frame.Looker, group: Group) -> None:
    gone = {normalised(code) for code in request.POST.getlist("device")[:5000]}
    kept = [member.device for member in group.members.select_related("device") if member.device.code not in gone]
    actions.set_devices(group, kept, by=request.actor, at=request.now)
    messages.success(request, _("Saved."))


Deed = Callable[[Request, frame.Looker, Group], None]
DEEDS: dict[str, Deed] = {
    "rename": _rename, "rule": _rule, "up": _up, "down": _down, "delete": _delete, "put": _put, "take": _take,
}  # fmt: skip


def _page(request: Request, look: frame.Looker, group: Group, *, problems: dict[str, str] | None = None) -> HttpResponse:
    put = set(group.members.values_list("device__code", flat=True))
    inside = queries.member_codes(look.profile, group)
    shown = sorted(inside)[:SHOWN]
    context = {
        "group": group, "rule": rule_from(group.rule), "rule_text": rule_text(rule_from(group.rule)), "problems": problems or {},
        "count": len(inside), "shown": len(shown),
        "rows": [(d, d.code in put) for d in queries.devices_of(look.profile).filter(code__in=shown).order_by("name", "pk")],
        "settings": len(queries.entries_of(look.profile, look.profile.revision).get(f"group:{group.code}", {})),
        "teams": list(people.teams_of(look.customer)), "platforms": drawing.PLATFORMS, "given": request.POST,
        "people": list(people.members_of(look.customer)) if look.manages else [], "has_put": bool(put),
        "crumbs": [(_("Groups"), look.url("groups")), (group.name, "")],
    }  # fmt: skip
    return frame.page(request, "group.html", look, "groups", context, status=422 if problems else 200)
