"""My orders: of every customer for which this person may buy or see invoices."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.orders import queries
from podpora.people import queries as people
from podpora.web.access import signed_in
from podpora.web.public.shop.order import facts_of
from podpora.web.request import Request

A_PAGE = 20


@signed_in
@require_safe
def orders(request: Request) -> HttpResponse:
    """The list, newest first."""
    mine = queries.visible_to(request.user).filter(customer__in=people.customers_of(request.user)).prefetch_related("lines")
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "portal/orders.html", {"page": page})


@signed_in
@require_safe
def order(request: Request, code: str) -> HttpResponse:
    """One order: the same page as behind its link, within the account."""
    found = queries.order_visible_to(request.user, code)
    facts = facts_of(request, found) | {"crumbs": [(_("Orders"), reverse("portal:orders")), (found.code, "")]}
    return TemplateResponse(request, "portal/order.html", facts)
