"""What somebody bought for others (ORG-6): whether it was claimed, the link again, and what its owner shows."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.journeys import resale as journey
from podpora.licensing import actions, queries
from podpora.licensing.rules.resale import ResaleState
from podpora.people.permissions import may
from podpora.web.access import signed_in
from podpora.web.request import Request

PAGE = 50
STATES = {
    ResaleState.WAITING: (gettext_lazy("waits to be claimed"), "warn"),
    ResaleState.DECLINED: (gettext_lazy("declined"), "bad"),
    ResaleState.CLAIMED: (gettext_lazy("claimed"), "good"),
    ResaleState.RETURNED: (gettext_lazy("returned"), ""),
}


@signed_in
@require_safe
def resold(request: Request) -> HttpResponse:
    page = Paginator(queries.resold_by(request.user), PAGE).get_page(request.GET.get("page"))
    rows = [(one, *STATES[one.state]) for one in journey.resold(list(page.object_list), at=request.now)]
    crumbs = [(_("Licences"), reverse("portal:licences")), (_("Bought for others"), "")]
    return TemplateResponse(request, "portal/resold.html", {"page": page, "rows": rows, "crumbs": crumbs})


@require_POST
@signed_in
def send(request: Request, code: str) -> HttpResponse:
    """The link again, perhaps to another address."""
    licence = journey.resold_one(queries.resold_by(request.user), code)
    try:
        made = actions.send_claim(licence, request.POST.get("email", "")[:254], by=request.actor, at=request.now)
    except InvalidInput as problem:
        messages.error(request, field_sentence(next(iter(problem.fields.values()))[0]))
    except Refused as refusal:
        return TemplateResponse(request, "refused.html", {"decision": refusal.decision}, status=409)
    else:
        messages.success(request, _("The link is on its way to {email}.").format(email=made.to_email))
    return redirect("portal:resold")


@require_POST
@signed_in
def show(request: Request, code: str) -> HttpResponse:
    """The owner decides what the reseller sees."""
    licence = queries.licence_visible_to(request.user, code)
    if licence.reseller is None or not may(request.user, "devices", licence.customer):
        raise NotYours
    is_shown = request.POST.get("shown") == "1"
    actions.show_reseller(licence, is_shown, by=request.actor, at=request.now)
    told = (
        _("{reseller} sees until when you have support and how many seats are used.")
        if is_shown
        else _("{reseller} no longer sees it.")
    )
    messages.success(request, told.format(reseller=licence.reseller))
    return redirect("portal:licence", licence.code)
