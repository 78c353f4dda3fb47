"""Customers: for the vendor's systems and staff all of them, for a person's token those that he belongs to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import NotYours
from podpora.licensing import queries as licensing
from podpora.people import queries
from podpora.people.models import Customer
from podpora.people.permissions import may, staff_may

router = Router(tags=["customers"])
customers_token = token("customers")


def customer_json(customer: Customer) -> dict[str, Any]:
    return {
        "code": customer.code, "kind": customer.kind, "name": customer.name, "email": customer.email, "language": customer.language,
        "country": customer.country, "company_id": customer.company_id or None, "vat_id": customer.vat_id or None,
        "created_at": format_instant(customer.created_at),
    }  # fmt: skip


def _sees_all(request: HttpRequest) -> bool:
    caller = caller_of(request)
    return caller.sees_all or staff_may(caller.person, "customers")


@router.get("customers", auth=customers_token)
def customers(request: HttpRequest, q: str = "", limit: str = "", cursor: str = "") -> HttpResponse:
    """Customers, newest first; `?q=` looks in codes, names and addresses."""
    rows = queries.customers_found(q[:200])
    if not _sees_all(request):
        rows = rows.filter(pk__in=queries.customers_of(caller_of(request).person).order_by().values("pk"))
    return listing(request, rows, customer_json)


@router.get("customers/{code}", auth=customers_token)
def customer(request: HttpRequest, code: str) -> HttpResponse:
    """One customer."""
    found = queries.customers_found("") if _sees_all(request) else queries.customers_of(caller_of(request).person)
    return answer(customer_json(queries.customer_in(found, normalised(code)[:20])))


@router.get("customers/{code}/free-installs", auth=customers_token)
def free_installs(request: HttpRequest, code: str) -> HttpResponse:
    """How many FREE installs are in use in the company's own domains (A-14): a hint, nothing is blocked. Numbers only, no addresses."""
    found = queries.customers_found("") if _sees_all(request) else queries.customers_of(caller_of(request).person)
    company = queries.customer_in(found, normalised(code)[:20])
    if not _sees_all(request) and not may(caller_of(request).person, "devices", company):
        raise NotYours
    domains = licensing.free_installs(queries.proven_domains(company))
    return answer({"count": sum(domains.values()), "domains": domains})
