"""My licences: the list, one licence with its timeline, its key and devices, and why its dates are what they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.journeys import releases as release_journey
from podpora.journeys import rights as journey
from podpora.licensing import actions
from podpora.licensing import queries as licensing
from podpora.licensing.models import Device, Licence
from podpora.licensing.permissions import may_free, may_manage_devices
from podpora.people.permissions import may
from podpora.web import glance
from podpora.web.access import signed_in
from podpora.web.components import timeline
from podpora.web.portal import prices
from podpora.web.request import Request


@signed_in
@require_safe
def licence(request: Request, code: str) -> HttpResponse:
    """One licence: what it gives, over time; its devices; what it would cost to go on."""
    return _page(request, licensing.licence_visible_to(request.user, code))


@require_POST
@signed_in
def show_key(request: Request, code: str) -> HttpResponse:
    """The key, which is not in any page until its owner asks for it; the audit knows who did."""
    found = _managed(request, code)
    return _page(request, found, key=actions.show_key(found, by=request.actor, at=request.now))


@require_POST
@signed_in
def new_key(request: Request, code: str) -> HttpResponse:
    """X-9: the key is in foreign hands, so its owner takes a new one; new devices come with that one alone."""
    found = _managed(request, code)
    try:
        renewed = actions.renew_leaked_key(found, by=request.actor, at=request.now)
    except Refused as refusal:
        return TemplateResponse(request, "refused.html", {"decision": refusal.decision}, status=409)
    messages.success(request, _("This is the new key. The old one activates nothing any more; active devices go on."))
    return _page(request, renewed, key=actions.show_key(renewed, by=request.actor, at=request.now))


@require_POST
@signed_in
def send_key(request: Request, code: str) -> HttpResponse:
    """The key by mail, to the member who asks: never to an address that somebody types."""
    found = _managed(request, code)
    if found.customer is None or not may(request.user, "devices", found.customer):
        raise NotYours
    actions.send_key(found, request.user, by=request.actor, at=request.now)
    messages.success(request, _("The key is on its way to {email}.").format(email=request.user.email))
    return HttpResponseRedirect(reverse("portal:licence", args=[found.code]))


@require_POST
@signed_in
def free_seat(request: Request, code: str, device: str) -> HttpResponse:
    """Take the device off the licence; its seat is free at once (A-4)."""
    found = licensing.licence_visible_to(request.user, code)
    wanted = licensing.device_in(licensing.devices_seen_by(request.user, found), device)
    if not may_free(request.user, wanted):
        raise NotYours
    if actions.free_seat(found, wanted.code, by=request.actor, at=request.now):
        messages.success(
            request, _("The seat is free. The device learns it at its next contact; it can be activated again at any time.")
        )
    else:
        messages.info(request, _("This device holds no seat any more."))
    return HttpResponseRedirect(reverse("portal:licence", args=[found.code]))


@require_POST
@signed_in
def rename(request: Request, code: str) -> HttpResponse:
    """Give the licence a name of one's own; empty takes it away."""
    found = _managed(request, code)
    actions.rename(found, request.POST.get("name", "")[:100], by=request.actor, at=request.now)
    messages.success(request, _("The name was saved."))
    return HttpResponseRedirect(reverse("portal:licence", args=[found.code]))


@signed_in
@require_safe
def explain(request: Request, code: str) -> HttpResponse:
    """Why exactly so: the reasons, and the ledger as it was replayed."""
    found = licensing.licence_visible_to(request.user, code)
    shown = glance.glances([found], at=request.now)[0]
    facts = {
        "g": shown,
        "licence": found,
        "explanation": journey.explain(found, at=request.now),
        "crumbs": _crumbs(shown, _("Why?")),
    }
    return TemplateResponse(request, "portal/explain.html", facts)


def _managed(request: Request, code: str) -> Licence:
    """The licence, for those who may look after its devices; for others there is nothing here."""
    found = licensing.licence_visible_to(request.user, code)
    if not may_manage_devices(request.user, found):
        raise NotYours
    return found


def _page(request: Request, found: Licence, key: str = "") -> HttpResponse:
    shown = glance.glances([found], at=request.now)[0]
    policy = catalog.policy_of(found.product_id)
    today = vendor_date(request.now, policy.zone)
    facts = {
        "g": shown,
        "licence": found,
        "key": key,
        "may_manage": may_manage_devices(request.user, found),
        "timeline": timeline.draw(shown.rights, catalog.version_facts(found.product_id), today),
        "seat_notice": licensing.open_seat_notice(found),
        "owned": release_journey.newest_owned(found, shown.rights, at=request.now),
        "devices": _devices(request, found),
        "may_hand_over": found.customer is not None and not shown.is_revoked and may(request.user, "transfer", found.customer),
        "offered": licensing.open_transfer(found, at=request.now),
        "quotes": prices.going_on(request, found),
        "crumbs": _crumbs(shown),
    }
    return TemplateResponse(request, "portal/licence.html", facts)


SHOWN = 10  # devices on the page of the licence; all of them have a page of their own


def _devices(request: Request, found: Licence) -> list[Device]:
    """The first devices on seats that the reader may see."""
    rows = licensing.devices_seen_by(request.user, found).filter(holds_seat=True)
    return list(rows.select_related("person", "team").order_by("-last_seen_at", "pk")[:SHOWN])


def _crumbs(shown: glance.Glance, here: str = "") -> list[tuple[Any, str]]:
    crumbs: list[tuple[Any, str]] = [(_("Licences"), reverse("portal:licences"))]
    if here:
        return [*crumbs, (shown.title, reverse("portal:licence", args=[shown.licence.code])), (here, "")]
    return [*crumbs, (shown.licence.code, "")]
