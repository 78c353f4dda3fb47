"""Lists: `{"items": […], "next": cursor|null}`, by `?limit=` (1 to 100, else 50) and `?cursor=`.

A cursor is the place after the last item of a page, so nothing is shown twice or lost while rows are added.
"""

import base64
from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from podpora.api.envelope import answer
from podpora.base.errors import InvalidInput

LIMIT = 50
LARGEST = 100


def listing(request: HttpRequest, rows: QuerySet[Any], item: Callable[[Any], Any], *, newest_first: bool = True) -> HttpResponse:
    """One page of the rows, by primary key."""
    return answer(page(request, rows, item, newest_first=newest_first))


def page(request: HttpRequest, rows: QuerySet[Any], item: Callable[[Any], Any], *, newest_first: bool = True) -> dict[str, Any]:
    limit = _limit(request.GET.get("limit", ""))
    after = _after(request.GET.get("cursor", ""))
    if after is not None:
        rows = rows.filter(pk__lt=after) if newest_first else rows.filter(pk__gt=after)
    found: list[Model] = list(rows.order_by("-pk" if newest_first else "pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return {"items": [item(row) for row in found], "next": cursor(found[-1].pk) if more else None}


def cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(f"pk:{pk}".encode()).rstrip(b"=").decode()


def _limit(text: str) -> int:
    if not text:
        return LIMIT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LARGEST:
        raise InvalidInput({"limit": ["not_valid"]})
    return int(text)


def _after(text: str) -> int | None:
    if not text:
        return None
    try:
        kind, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
        after = int(number)
    except ValueError:
        raise InvalidInput({"cursor": ["not_valid"]}) from None
    if kind != "pk" or not 0 < after < 2**63:
        raise InvalidInput({"cursor": ["not_valid"]})
    return after
