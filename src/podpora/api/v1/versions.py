"""Major versions of the vendor's programs, for everybody: which is current, and until when each is supported."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api.access import anybody
from podpora.api.envelope import answer
from podpora.base.clock import vendor_date
from podpora.catalog import queries, rules
from podpora.catalog.models import Product

router = Router(tags=["versions"])


@router.get("versions", auth=anybody)
def versions(request: HttpRequest, product: str = "") -> HttpResponse:
    """Every major version, the newest first: `{product, major, name, released_on, support_ends_on, state}`.

    `support_ends_on` is the last day of its support, null while none is published. `state`: `announced`, `current`, `supported` or
    `ended`. `?product=` names one product. All stand on one page, so `next` is always null.
    """
    at = request.now  # type: ignore[attr-defined]
    today = vendor_date(at, settings.VENDOR_ZONE)
    products = [queries.product(product)] if product else list(queries.products())
    items = [item for each in products for item in _versions_of(each, today)]
    return answer({"items": items, "next": None}, headers={"Cache-Control": "public, max-age=60"})


def _versions_of(product: Product, today: Any) -> list[dict[str, Any]]:
    rows = list(queries.version_rows(product))
    facts = [row.facts() for row in rows]
    return [
        {
            "product": product.code, "major": row.major, "name": row.name or f"{product.name} {row.major}",
            "released_on": row.released_on, "support_ends_on": row.support_ends_on,
            "state": rules.version_state(fact, facts, today).value,
        } for row, fact in zip(rows, facts, strict=True)
    ]  # fmt: skip
