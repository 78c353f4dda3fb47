"""Customers: for the vendor's systems and staff all of them, for a person's token those that he belongs to."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router
from pydantic import StringConstraints

from podpora.api.access import caller_of, token, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Made, Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import NotYours
from podpora.files import queries as files
from podpora.journeys import merging
from podpora.journeys.exporting import person as data
from podpora.licensing import queries as licensing
from podpora.people import actions, queries
from podpora.people.models import Customer, DataExport, Person
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


class MergeIn(Strict):
    """`give_up`: the code of the customer that becomes part of the one in the address. `preview`: only say what would go over."""

    give_up: Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]
    preview: bool = False


@router.post("customers/{code}/merge", auth=vendor("customers", "merge"))
def merge(request: HttpRequest, code: str, body: MergeIn) -> HttpResponse:
    """Two customers that are one (A17). It cannot be undone; ask with `preview` first. A second time nothing happens."""
    keep = queries.customer_in(queries.all_customers(), normalised(code)[:20])
    lose = queries.customer_in(queries.all_customers(), normalised(body.give_up)[:20])
    done = lose.merged_into_id == keep.pk
    seen = merging.preview(lose, keep)
    if not done:
        seen.decision.or_refuse()
    if not body.preview and not done:
        merging.merge_customers(lose, keep, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(
        {"customer": keep.code, "given_up": lose.code, "moves": {**seen.counts, "invoices": seen.invoices, "more": seen.more}}
    )


@router.post("account/exports", auth=customers_token, response={202: Made})
def ask_export(request: HttpRequest) -> HttpResponse:
    """All that is known of the person of this token, in one file (A18): made in the background."""
    person = _person(request)
    export = data.ask(person, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(export_json(export), 202)


@router.get("account/exports/{code}", auth=customers_token)
def export(request: HttpRequest, code: str) -> HttpResponse:
    """How far it is, and until when it is there."""
    return answer(export_json(queries.export_visible_to(_person(request), normalised(code)[:20])))


@router.get("account/exports/{code}/file", auth=customers_token)
def export_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """The file; 404 before it is ready and after its end."""
    found, at = queries.export_visible_to(_person(request), normalised(code)[:20]), request.now  # type: ignore[attr-defined]
    if found.file is None or found.expires_at is None or at >= found.expires_at:
        raise NotYours
    actions.note_fetched(found, by=caller_of(request).actor, at=at)
    return files.response_for(found.file)


def export_json(export: DataExport) -> dict[str, Any]:
    return {
        "code": export.code, "state": export.state, "percent": export.percent, "asked_at": format_instant(export.asked_at),
        "expires_at": format_instant(export.expires_at) if export.expires_at else None,
    }  # fmt: skip


def _person(request: HttpRequest) -> Person:
    """The vendor's own systems are nobody: they have no data of their own here."""
    found = caller_of(request).token.person
    if found is None:
        raise NotYours
    return found
