"""A licence goes to another customer: offered by its owner, accepted by whoever got the mail (A-17)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.journeys import transfer as journey
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.people import queries as people
from podpora.people.permissions import may
from podpora.web import glance
from podpora.web.access import public, signed_in
from podpora.web.request import Request


def _owned(request: Request, code: str) -> Licence:
    """A licence that the reader may give away; for others there is nothing here."""
    licence = queries.licence_visible_to(request.user, code)
    if licence.customer is None or not may(request.user, "transfer", licence.customer):
        raise NotYours
    return licence


@signed_in
@never_cache
def offer(request: Request, code: str) -> HttpResponse:
    """Says what goes along and what is lost, asks for the address; or shows the offer that is open."""
    licence = _owned(request, code)
    decision, problem, status = None, "", 200
    if request.method == "POST":
        try:
            made = journey.offer(licence, request.POST.get("email", "")[:254], by=request.actor, at=request.now)
        except InvalidInput as wrong:
            problem, status = field_sentence(next(iter(wrong.fields.values()))[0]), 422
        except Refused as refusal:
            decision, status = refusal.decision, 409
        else:
            messages.success(request, _("The offer is on its way to {email}.").format(email=made.to_email))
            return redirect("portal:transfer", licence.code)
    context = {
        "licence": licence,
        "g": glance.glances([licence], at=request.now)[0],
        "open": queries.open_transfer(licence, at=request.now),
        "decision": decision,
        "problem": problem,
        "email": request.POST.get("email", "")[:254],
        "crumbs": [
            (_("Licences"), reverse("portal:licences")),
            (licence.name or licence.code, reverse("portal:licence", args=[licence.code])),
            (_("Hand over"), ""),
        ],
    }
    return TemplateResponse(request, "portal/manager/transfer.html", context, status=status)


@require_POST
@signed_in
def cancel(request: Request, code: str) -> HttpResponse:
    licence = _owned(request, code)
    found = queries.open_transfer(licence, at=request.now)
    if found is not None:
        journey.cancel(found, by=request.actor, at=request.now)
        messages.success(request, _("The offer is cancelled. The licence stays yours."))
    return redirect("portal:licence", licence.code)


@public
@never_cache
def receive(request: Request, token: str) -> HttpResponse:
    """The page behind the link in the mail: what is offered; signed in, for which customer it is taken, or no."""
    found = queries.transfer_by_token(token)
    if found is None or not found.is_open or request.now >= found.expires_at:
        raise NotYours
    mine = request.user.is_authenticated and queries.is_for(request.user, found)
    decision: Decision | None = None
    if request.method == "POST" and mine:
        if request.POST.get("answer") == "no":
            journey.cancel(found, by=request.actor, at=request.now)
            messages.success(request, _("You have declined the licence."))
            return redirect("portal:licences")
        customer = people.customer_in(people.customers_with(request.user, "devices"), request.POST.get("customer", "")[:20])
        try:
            licence = journey.accept(found, customer, by=request.actor, at=request.now)
        except Refused as refusal:
            decision = refusal.decision
        else:
            messages.success(request, _("The licence is yours."))
            return redirect("portal:licence", licence.code)
    context: dict[str, Any] = {
        "transfer": found,
        "g": glance.glances([found.licence], at=request.now)[0],
        "mine": mine,
        "customers": people.customers_with(request.user, "devices").exclude(pk=found.from_customer_id) if mine else [],
        "decision": decision,
    }
    response = TemplateResponse(request, "portal/manager/transfer_receive.html", context, status=409 if decision else 200)
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    return response
