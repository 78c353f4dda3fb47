"""Invoices: a page and a PDF, for members who may see them and for the vendor's staff."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from podpora.orders import queries
from podpora.web.access import signed_in
from podpora.web.documents import invoice as documents
from podpora.web.request import Request


@signed_in
@require_safe
def invoice(request: Request, number: str) -> HttpResponse:
    found = queries.invoice_visible_to(request.user, number)
    return TemplateResponse(request, "portal/invoice.html", {"invoice": found, "document": documents.drawn(found)})


@signed_in
@require_safe
def invoice_pdf(request: Request, number: str) -> HttpResponse:
    return documents.as_file(queries.invoice_visible_to(request.user, number))
