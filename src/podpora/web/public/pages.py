"""The home page, the levels of support, and the pages around them."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.values import PlanMatrix
from podpora.knowledge import queries as knowledge
from podpora.web import glance
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.request import Request

OFTEN = ("new-computer", "forgotten-password", "support-until")


@shared
@public
@require_safe
def home(request: Request) -> HttpResponse:
    """ "How can we help?": search, ways in, levels; and for a customer what he has."""
    facts = {"often": knowledge.named(OFTEN, get_language() or "en"), "matrix": _matrix(request)}
    return TemplateResponse(request, "public/home.html", facts | _own(request))


@shared
@public
@require_safe
def levels(request: Request) -> HttpResponse:
    return TemplateResponse(request, "public/levels.html", {"matrix": _matrix(request)} | _own(request))


def _matrix(request: Request) -> PlanMatrix | None:
    """The plan matrix; None while the vendor has no product yet."""
    try:
        return catalog.plan_matrix(catalog.product(), request.now)
    except NotYours:
        return None


def _own(request: Request) -> dict[str, Any]:
    """A customer sees the column that is his, and where he stands."""
    if not request.user.is_authenticated:
        return {}
    found = glance.licences_of(request.user, at=request.now)
    return {"mine": glance.best_tier(found), "glances": found}
