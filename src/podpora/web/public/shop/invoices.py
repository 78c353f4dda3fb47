"""The documents of an order, for whoever has the order's own link (C46)."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from podpora.orders import queries
from podpora.web.access import public
from podpora.web.documents import invoice as documents
from podpora.web.request import Request


@public
@require_safe
def invoice(request: Request, token: str, number: str) -> HttpResponse:
    found = queries.invoices_of(queries.order_by_token(token)).filter(number=number).first()
    if found is None:
        raise Http404
    return documents.as_file(found)
