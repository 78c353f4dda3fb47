"""The home page, the levels of support, and the pages around them."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.values import PlanMatrix
from podpora.knowledge import queries as knowledge
from podpora.web import glance
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.meta import of_words
from podpora.web.request import Request
from podpora.web.structure import site_data

OFTEN = ("new-computer", "forgotten-password", "support-until")


@shared
@public
@require_safe
def home(request: Request) -> HttpResponse:
    """ "How can we help?": search, ways in, levels; and for a customer what he has."""
    meta = of_words(
        request, _("How can we help?"), _("Answers, the forum, known problems and the way to a technician, in one search.")
    )
    facts = {
        "often": knowledge.named(OFTEN, get_language() or "en"), "matrix": _matrix(request), "meta": meta,
        "data": site_data(reverse("public:search")),
    }  # fmt: skip
    return TemplateResponse(request, "public/home.html", facts | _own(request))


@shared
@public
@require_safe
def levels(request: Request) -> HttpResponse:
    meta = of_words(request, _("Levels of support"), _("Who may ask where, and what we promise."))
    return TemplateResponse(request, "public/levels.html", {"matrix": _matrix(request), "meta": meta} | _own(request))


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
