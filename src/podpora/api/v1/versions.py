"""Major versions of the vendor's programs, for everybody: which is current, and until when each is supported."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api.access import anybody
from podpora.api.envelope import answer
from podpora.base.clock import vendor_date
from podpora.catalog import queries, rules
from podpora.catalog.models import Product
from podpora.catalog.values import ReleaseFacts

router = Router(tags=["versions"])


@router.get("versions", auth=anybody)
def versions(request: HttpRequest, product: str = "") -> HttpResponse:
    """Every major version, the newest first: `{product, major, name, released_on, support_ends_on, state, …}`.

    `support_ends_on` is the last day of its support, `security_ends_on` of security fixes, `end_of_life_on` of everything; null while
    none is published. `state`: `announced`, `current`, `supported`, `security` or `ended`. `replaced_by`: a newer major.
    `newest_release`: its newest stable build. `?product=` names one product. All stand on one page, so `next` is always null.
    """
    at = request.now  # type: ignore[attr-defined]
    today = vendor_date(at, settings.VENDOR_ZONE)
    products = [queries.product(product)] if product else list(queries.products())
    items = [item for each in products for item in _versions_of(each, today)]
    return answer({"items": items, "next": None}, headers={"Cache-Control": "public, max-age=60"})


def _versions_of(product: Product, today: date) -> list[dict[str, Any]]:
    rows = list(queries.version_rows(product))
    newest = _newest_releases(product, today)
    facts = [row.facts() for row in rows]
    return [
        {
            "product": product.code, "major": row.major, "name": row.name or f"{product.name} {row.major}",
            "released_on": row.released_on, "support_ends_on": row.support_ends_on,
            "state": rules.version_state(fact, facts, today).value, "security_ends_on": fact.fixes_end_on,
            "end_of_life_on": fact.ends_on, "replaced_by": row.replaced_by, "newest_release": newest.get(row.major),
        } for row, fact in zip(rows, facts, strict=True)
    ]  # fmt: skip


def _newest_releases(product: Product, today: date) -> dict[int, str]:
    """The newest stable build of each major."""
    newest: dict[int, ReleaseFacts] = {}
    for release in queries.release_facts(product):
        if not release.is_stable or release.released_on > today:
            continue
        other = newest.get(release.major)
        if other is None or (rules.number_key(release.number) or ()) > (rules.number_key(other.number) or ()):
            newest[release.major] = release
    return {major: release.number for major, release in newest.items()}
