"""One thing done to many devices: first what it will mean, then how far it is, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from podpora.base.decisions import Decision, Reason, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.licensing import actions, queries
from podpora.licensing.models import DeviceWork
from podpora.licensing.queries.lists import DeviceWish
from podpora.licensing.values import UNDOABLE, WORK_AT_ONCE, WORK_MOST
from podpora.people import queries as people
from podpora.web.access import signed_in
from podpora.web.portal.manager import frame
from podpora.web.portal.manager.devices import ACTIONS, actions_for, crumbs
from podpora.web.request import Request

SHOWN = 10
FIELDS = {"pattern": "pattern", "person": "to_person", "team": "to_team"}  # the filter has a person and a team of its own


@require_POST
@signed_in
def begin(request: Request, code: str) -> HttpResponse:
    """The first time: what it will mean for how many, and the button. With `confirm`: do it."""
    look, wish = frame.looker(request, code), frame.wish_of(request, DeviceWish)
    kind = request.POST.get("action", "")
    if kind not in dict(actions_for(look)):
        raise NotYours
    ids = _chosen(request, look, wish)
    if not ids:
        messages.error(request, _("Choose some devices first."))
        return redirect(_list(code, wish))
    problems: dict[str, str] = {}
    if request.POST.get("confirm") == str(len(ids)):
        try:
            work = actions.start_work(look.licence, kind, ids, _arguments(request), by=request.actor, at=request.now)
        except InvalidInput as problem:
            problems = {name: field_sentence(codes[0], problem.facts.get(name)) for name, codes in problem.fields.items()}
        else:
            return redirect("portal:device_work", look.licence.code, work.code)
    return _preview(request, look, wish, kind, ids, problems)


def _list(code: str, wish: DeviceWish) -> str:
    return f"/licences/{code}/devices/{frame.address(wish)}"


def _arguments(request: Request) -> dict[str, str]:
    return {name: request.POST.get(field, "").replace("\x00", "")[:200] for name, field in FIELDS.items()}


def _chosen(request: Request, look: frame.Looker, wish: DeviceWish) -> list[int]:
    """Those that are ticked, or all that the filter shows, in the order of the list; only such as the reader may act on."""
    rows = frame.actable(look, frame.seen(request, look))
    if request.POST.get("all"):
        return queries.chosen_ids(queries.narrowed(rows, wish, at=request.now), wish.sort)[:WORK_MOST]
    codes = request.POST.getlist("device")[:WORK_MOST]
    return queries.chosen_ids(rows.filter(code__in=[code[:20] for code in codes if code.isprintable()]), wish.sort)


def _preview(
    request: Request, look: frame.Looker, wish: DeviceWish, kind: str, ids: list[int], problems: dict[str, str]
) -> HttpResponse:
    names = queries.names_of(ids[:SHOWN])
    context = {
        "licence": look.licence,
        "kind": kind,
        "action": ACTIONS[kind],
        "total": len(ids),
        "names": names,
        "more": max(0, len(ids) - SHOWN),
        "told": effect(kind, len(ids)),
        "is_long": len(ids) > WORK_AT_ONCE,
        "can_undo": kind in UNDOABLE,
        "codes": [] if request.POST.get("all") else request.POST.getlist("device")[:WORK_MOST],
        "all": bool(request.POST.get("all")),
        "hidden": wish.filters() | {"sort": wish.sort},
        "members": [m.person for m in people.members_of(look.customer)] if kind == "assign" else [],
        "teams": queries.share_teams(look.licence) if kind == "team" else [],
        "given": _arguments(request),
        "problems": problems,
        "back": _list(look.licence.code, wish),
        "crumbs": crumbs(look.licence, str(ACTIONS[kind])),
    }
    return TemplateResponse(request, "portal/manager/work_preview.html", context, status=422 if problems else 200)


def effect(kind: str, count: int) -> str:
    """Exactly what will be lost or changed."""
    match kind:
        case "free":
            lost = ngettext(
                "%(count)d device loses its seat at once. Its program learns it at its next contact and then asks for the key.",
                "%(count)d devices lose their seats at once. Their programs learn it at their next contact and then ask for the key.",
                count,
            ) % {"count": count}
            kept = _("Nothing on the computers is deleted. A freed seat comes back only by activating again.")
            return f"{lost} {kept}"
        case "block":
            return ngettext(
                "%(count)d device gets no new certificate: its program stops when the present one ends. It keeps its seat.",
                "%(count)d devices get no new certificate: their programs stop when the present ones end. They keep their seats.",
                count,
            ) % {"count": count}
        case "unblock":
            return ngettext(
                "%(count)d device may refresh its certificate again.",
                "%(count)d devices may refresh their certificates again.",
                count,
            ) % {"count": count}
    return ngettext("%(count)d device will be changed.", "%(count)d devices will be changed.", count) % {"count": count}


def _found(request: Request, code: str, work: str) -> tuple[frame.Looker, DeviceWork]:
    look = frame.looker(request, code)
    found = queries.work_of(look.licence, work) if look.may_bulk else None
    if found is None or not (look.manages or found.person_id == request.user.pk):
        raise Http404
    return look, found


@signed_in
@require_GET
def show(request: Request, code: str, work: str) -> HttpResponse:
    """How far it is; when it is done: what changed, what was refused and why, and the way back."""
    look, found = _found(request, code, work)
    return _page(request, look, found)


@require_POST
@signed_in
def undo(request: Request, code: str, work: str) -> HttpResponse:
    look, found = _found(request, code, work)
    if not look.manages:
        raise Http404
    try:
        actions.undo_work(look.licence, found.code, by=request.actor, at=request.now)
    except Refused as refusal:
        return _page(request, look, found, refusal.decision)
    messages.success(request, _("Undone: the devices are as they were. What somebody has changed since stays."))
    return redirect("portal:devices", look.licence.code)


def _page(request: Request, look: frame.Looker, found: DeviceWork, decision: Decision | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "licence": look.licence,
        "work": found,
        "action": ACTIONS[found.kind],
        "refused": [(Reason(code, told["facts"]), told["count"]) for code, told in sorted(found.refused.items())],
        "can_undo": look.manages and found.kind in UNDOABLE and found.finished_at and not found.undone_at and found.changed,
        "decision": decision,
        "crumbs": crumbs(look.licence, str(ACTIONS[found.kind])),
    }
    name = "portal/manager/work.html#progress" if request.htmx and not request.htmx.boosted else "portal/manager/work.html"
    return TemplateResponse(request, name, context, status=409 if decision else 200)
