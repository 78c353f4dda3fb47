"""What it would cost to go on with many licences: the same answer as the page `/shop/many/`, for a member's token.

Orders are placed by the vendor's own systems (`POST orders`) and on the page, where the buyer agrees with the terms of sale; a member's
token only asks. `order_url` leads to the page with the same licences chosen.
"""

from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, token
from podpora.api.envelope import answer
from podpora.api.v1.orders import Code, Currency, quote_line_json
from podpora.api.v1.schemas import Made, Strict
from podpora.base.codes import normalised
from podpora.base.decisions import Reason
from podpora.base.errors import NotYours
from podpora.base.reasons import wire
from podpora.journeys import many
from podpora.journeys.many import Batch, Row, What, Wish
from podpora.licensing import queries as licensing
from podpora.licensing.models import Licence
from podpora.orders.values import MANY_LINES
from podpora.people.permissions import may

router = Router(tags=["licences"])


class ManyIn(Strict):
    """`number`: years of support, or devices for each. `align_to`: left out, it is the latest end among them."""

    licences: Annotated[list[Code], Field(min_length=1, max_length=MANY_LINES)]
    what: Literal["renew", "align", "upgrade", "lifetime", "devices"]
    number: Annotated[int, Field(ge=1, le=10_000)] = 1
    align_to: date | None = None
    upgrade: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=MANY_LINES)] = []
    currency: Currency = "CZK"


@router.post("licences/quote", auth=token("licences"), response={200: Made})
def quote(request: HttpRequest, body: ManyIn) -> HttpResponse:
    """Old and new date, price and refusals of each, and the total of those that can be bought. Writes nothing. 404: not all are yours."""
    at, found = request.now, _licences(request, body.licences)  # type: ignore[attr-defined]
    customer = found[0].customer
    assert customer is not None
    upgrades = frozenset(normalised(code) for code in body.upgrade)
    wish = Wish(What(body.what), body.number, body.align_to, upgrades)
    batch = many.offered(found, wish, customer=customer, currency=body.currency, at=at)
    return answer(_batch_json(batch, wish, found))


def _licences(request: HttpRequest, codes: list[str]) -> list[Licence]:
    """The licences, of one customer for whom the caller may buy; NotYours for anything else."""
    caller, wanted = caller_of(request), {normalised(code)[:20] for code in codes}
    rows = licensing.all_licences() if caller.sees_all else licensing.visible_to(caller.person)
    found = list(rows.filter(code__in=wanted).order_by("pk"))
    owners = {row.customer for row in found}
    owner = found[0].customer if found else None
    if len(found) < len(wanted) or len(owners) != 1 or owner is None:
        raise NotYours
    if not caller.sees_all and not may(caller.person, "buy", owner):
        raise NotYours
    return found


def _batch_json(batch: Batch, wish: Wish, found: list[Licence]) -> dict[str, Any]:
    totals = batch.quote.totals if batch.quote else None
    query = urlencode([("what", wish.what.value), ("number", wish.number), *(("licence", row.code) for row in found)])
    return {
        "what": wish.what.value, "align_to": batch.align_to, "currency": batch.quote.currency if batch.quote else None,
        "net": totals.net.wire() if totals else None, "vat": totals.vat.wire() if totals else None,
        "total": totals.gross.wire() if totals else None, "left_out": batch.left_out,
        "lines": [_row_json(row) for row in batch.rows], "order_url": f"{settings.SITE_URL}{reverse('shop:many')}?{query}",
    }  # fmt: skip


def _row_json(row: Row) -> dict[str, Any]:
    blocks: list[Reason] = [reason for reason in row.decision.reasons if reason.blocks]
    told: dict[str, Any] = {
        "licence": row.licence.code,
        "what": row.what.value,
        "sold": row.is_sold,
        "reasons": [wire(r) for r in blocks],
    }
    return told | (quote_line_json(row.line) if row.line else {})
