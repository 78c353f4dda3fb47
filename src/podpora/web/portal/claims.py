"""This trial is mine: the link that a program hands out, opened by somebody who is signed in."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from podpora.base.decisions import Refused
from podpora.base.errors import NotYours
from podpora.journeys import claiming
from podpora.licensing import queries
from podpora.people import queries as people
from podpora.people.permissions import may
from podpora.web import glance
from podpora.web.access import signed_in
from podpora.web.request import Request


@signed_in
def claim(request: Request, claim: str) -> HttpResponse:
    """What the trial is, and for whom it shall be. An old or made-up link leads nowhere."""
    trial = queries.claimable(claim, at=request.now)
    if trial is None:
        raise NotYours
    mine = [one for one in people.customers_of(request.user) if may(request.user, "devices", one)]
    if request.method == "POST":
        chosen = next((one for one in mine if one.code == request.POST.get("customer")), None)
        if chosen is None:
            raise NotYours
        try:
            claiming.claim(trial, chosen, by=request.actor, at=request.now)
        except Refused as refusal:
            return TemplateResponse(request, "refused.html", {"decision": refusal.decision}, status=409)
        messages.success(request, _("The trial is yours."))
        return HttpResponseRedirect(reverse("portal:licence", args=[trial.code]))
    facts = {"g": glance.glances([trial], at=request.now)[0], "device": queries.devices_of(trial).last(), "customers": mine}
    return TemplateResponse(request, "portal/claim.html", facts)
