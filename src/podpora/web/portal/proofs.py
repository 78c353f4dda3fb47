"""The code that proves to a program that its user looks after a licence's devices (A-1). Read here, on a phone too; typed there."""

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base.errors import NotYours
from podpora.licensing import queries as licensing
from podpora.licensing.values import PROOF_SECONDS
from podpora.people import queries as people
from podpora.people.permissions import may
from podpora.web import glance
from podpora.web.access import signed_in
from podpora.web.request import Request


@signed_in
@require_safe
def choose(request: Request) -> HttpResponse:
    """The program does not know whose key it has: which licence is it? With one there is no question."""
    customers = people.customers_with(request.user, "devices")
    mine = list(licensing.visible_to(request.user).filter(customer__in=customers).order_by("-pk")[:100])
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("portal:proof", args=[mine[0].code]))
    crumbs = [(_("Licences"), reverse("portal:licences")), (_("Code for the program"), "")]
    return TemplateResponse(request, "portal/proofs.html", {"licences": mine, "crumbs": crumbs})


@signed_in
@require_safe
def proof(request: Request, code: str) -> HttpResponse:
    """A fresh code. Nothing is written: the same minute gives the same code."""
    found = licensing.licence_visible_to(request.user, code)
    if not may(request.user, "devices", found.customer):
        raise NotYours  # staff look after devices too, but own nothing
    shown = glance.glances([found], at=request.now)[0]
    crumbs = [
        (_("Licences"), reverse("portal:licences")), (shown.title, reverse("portal:licence", args=[found.code])),
        (_("Code for the program"), ""),
    ]  # fmt: skip
    facts = {
        "licence": found, "title": shown.title, "crumbs": crumbs, "minutes": PROOF_SECONDS // 60,
        "code": licensing.proof_code(found, request.user, at=request.now),
    }  # fmt: skip
    return TemplateResponse(request, "portal/proof.html", facts)
