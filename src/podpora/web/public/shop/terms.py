"""The terms of sale, which the consent in the checkout speaks of."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from podpora.orders import queries as orders
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.request import Request


@shared
@public
@require_safe
def terms(request: Request) -> HttpResponse:
    language = "cs" if (get_language() or "en").startswith("cs") else "en"
    facts = {"seller": orders.seller(), "body": f"shop/terms/{language}.html"}
    return TemplateResponse(request, "shop/terms.html", facts)
