"""The customer's overview: one glance."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from podpora.web import glance
from podpora.web.access import signed_in
from podpora.web.request import Request


@signed_in
@require_safe
def home(request: Request) -> HttpResponse:
    """What I own, on how many devices, until when is support."""
    return TemplateResponse(request, "portal/home.html", {"glances": glance.licences_of(request.user, at=request.now)})
