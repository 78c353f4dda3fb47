"""One device: what is known of it, its name, who uses it, its team; free its seat, block it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.journeys import devices as journey
from podpora.licensing import actions, queries
from podpora.licensing.models import Device
from podpora.people import queries as people
from podpora.web.access import signed_in
from podpora.web.portal.manager import frame
from podpora.web.portal.manager.devices import ROW_STATES, crumbs
from podpora.web.request import Request


def _found(request: Request, code: str, device: str) -> tuple[frame.Looker, Device]:
    look = frame.looker(request, code)
    return look, queries.device_in(frame.seen(request, look), device.upper())


def _managed(request: Request, code: str, device: str) -> tuple[frame.Looker, Device]:
    look, found = _found(request, code, device)
    if not look.manages:
        raise NotYours
    return look, found


@signed_in
@require_GET
def show(request: Request, code: str, device: str) -> HttpResponse:
    look, found = _found(request, code, device)
    return _page(request, look, found)


@require_POST
@signed_in
def change(request: Request, code: str, device: str) -> HttpResponse:
    """Its name, who uses it and its team, all at once or not at all."""
    look, found = _managed(request, code, device)
    given = {name: request.POST[name].replace("\x00", "")[:200] for name in ("name", "person", "team") if name in request.POST}
    if not look.whole.allowed:
        given = {name: value for name, value in given.items() if name == "name"}
    try:
        journey.change(look.licence, found.code, given, by=request.actor, at=request.now)
    except InvalidInput as problem:
        told = {name: field_sentence(codes[0], problem.facts.get(name)) for name, codes in problem.fields.items()}
        return _page(request, look, found, problems=told)
    except Refused as refusal:
        return _page(request, look, found, decision=refusal.decision)
    messages.success(request, _("Saved."))
    return redirect("portal:device", look.licence.code, found.code)


@require_POST
@signed_in
def block(request: Request, code: str, device: str) -> HttpResponse:
    look, found = _managed(request, code, device)
    actions.block_device(look.licence, found.code, by=request.actor, at=request.now)
    messages.success(request, _("The device is blocked. It keeps its seat and gets no new certificate."))
    return redirect("portal:device", look.licence.code, found.code)


@require_POST
@signed_in
def unblock(request: Request, code: str, device: str) -> HttpResponse:
    look, found = _managed(request, code, device)
    actions.unblock_device(look.licence, found.code, by=request.actor, at=request.now)
    messages.success(request, _("The device may refresh its certificate again."))
    return redirect("portal:device", look.licence.code, found.code)


@require_POST
@signed_in
def looked(request: Request, code: str, device: str) -> HttpResponse:
    """Somebody looked into the note that two computers seem to use it."""
    look, found = _managed(request, code, device)
    actions.clear_clone(found, by=request.actor, at=request.now)
    messages.success(request, _("The note is gone. Should two computers use the activation again, it comes back."))
    return redirect("portal:device", look.licence.code, found.code)


def _page(
    request: Request, look: frame.Looker, found: Device, *, problems: dict[str, str] | None = None, decision: Decision | None = None
) -> HttpResponse:
    status = 422 if problems else 409 if decision else 200
    state = "deactivated"
    if found.holds_seat:
        state = "blocked" if found.blocked_at else "clone" if found.suspected_clone_at else "active"
    label, kind, title = ROW_STATES[state]
    context: dict[str, Any] = {
        "licence": look.licence,
        "look": look,
        "device": found,
        "state": {"label": label, "kind": kind, "title": title},
        "may_free": found.holds_seat and (look.manages or any(team.pk == found.team_id for team in look.leads)),
        "activations": list(found.activations.order_by("-pk")[:20]),
        "members": [m.person for m in people.members_of(look.customer)] if look.manages and look.whole.allowed else [],
        "teams": list(queries.share_teams(look.licence)) if look.manages and look.whole.allowed else [],
        "seat_notice": queries.open_seat_notice(look.licence),
        "problems": problems or {},
        "decision": decision,
        "crumbs": [
            *crumbs(look.licence, "")[:2],
            (_("Devices"), reverse("portal:devices", args=[look.licence.code])),
            (str(found), ""),
        ],
    }  # fmt: skip
    return TemplateResponse(request, "portal/manager/device.html", context, status=status)
