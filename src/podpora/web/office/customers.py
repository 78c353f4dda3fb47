"""Customers: the list, and one customer with everything that he has."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse

from podpora.licensing import queries as licensing
from podpora.orders import queries as orders
from podpora.orders.values import OrderState
from podpora.people import queries as people
from podpora.web import glance
from podpora.web.access import technician
from podpora.web.office.orders import KINDS
from podpora.web.request import Request

PAGE = 50


@technician("customers")
def customers(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:200]
    page = Paginator(people.customers_found(words), PAGE).get_page(request.GET.get("page"))
    query = f"q={words}&" if words else ""
    return TemplateResponse(request, "office/customers.html", {"page": page, "words": words, "query": query})


@technician("customers")
def customer(request: Request, code: str) -> HttpResponse:
    found = people.customer_visible_to(request.user, code)
    rows = [(order, KINDS.get(OrderState(order.state), "")) for order in orders.orders_of(found)[:100]]
    facts = {
        "customer": found, "glances": glance.glances(licensing.licences_of(found), at=request.now), "orders": rows,
        "members": list(people.members_of(found)),
    }  # fmt: skip
    return TemplateResponse(request, "office/customer.html", facts)
