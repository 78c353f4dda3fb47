"""The home page, the levels of support, and the pages around them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.values import PlanMatrix
from podpora.web import glance
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.public import articles
from podpora.web.request import Request

OFTEN = ("new-computer", "forgotten-password", "support-until")


@shared
@public
@require_safe
def home(request: Request) -> HttpResponse:
    """ "How can we help?": search, ways in, levels; and for a customer what he has."""
    facts = {"often": [articles.BY_SLUG[slug] for slug in OFTEN], "matrix": _matrix(request)}
    return TemplateResponse(request, "public/home.html", facts | _own(request))


@shared
@public
@require_safe
def levels(request: Request) -> HttpResponse:
    return TemplateResponse(request, "public/levels.html", {"matrix": _matrix(request)} | _own(request))


@shared
@public
@require_safe
def forum(request: Request) -> HttpResponse:
    return TemplateResponse(request, "public/forum.html")


@shared
@public
@require_safe
def faq(request: Request) -> HttpResponse:
    words = (request.GET.get("q") or request.GET.get("subject", "")).strip()[:200]  # a subject while it is written
    return TemplateResponse(request, "public/faq.html", {"words": words, "articles": articles.found(words)})


@shared
@public
def article(request: Request, slug: str) -> HttpResponse:
    found = articles.BY_SLUG.get(slug)
    if found is None:
        raise Http404
    crumbs = [(_("FAQ"), reverse("public:faq")), (found.title, "")]
    return TemplateResponse(
        request, "public/article.html", {"article": found, "body": articles.template_of(found), "crumbs": crumbs}
    )


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
