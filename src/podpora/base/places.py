"""Places in a sorted list: what stands behind `?after=`, so that a page does not shift while rows come and go.

A list is sorted by one value and, among equal ones, by the primary key. A place is the pair of both of the last row of a page.
"""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by an attribute or annotation of its rows, and of what type that is (str, int, date, datetime)."""

    key: str
    kind: type
    descending: bool = False

    @property
    def names(self) -> tuple[str, str]:
        return (f"-{self.key}", "-pk") if self.descending else (self.key, "pk")


def place_of(value: Any, pk: int) -> str:
    """The place of a row, as it stands in an address."""
    told = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(json.dumps([told, pk]).encode()).rstrip(b"=").decode()


def behind(rows: QuerySet[Any], order: Order, place: str) -> QuerySet[Any]:
    """The rows after that place, sorted. A place that makes no sense is the beginning."""
    found = _read(place, order.kind)
    if found is not None:
        value, pk = found
        beyond = "lt" if order.descending else "gt"
        rows = rows.filter(Q(**{f"{order.key}__{beyond}": value}) | Q(**{order.key: value, f"pk__{beyond}": pk}))
    return rows.order_by(*order.names)


def _read(place: str, kind: type) -> tuple[Any, int] | None:
    if not place or len(place) > 600 or not place.isascii():
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)).decode())
        if issubclass(kind, date):
            value = kind.fromisoformat(value)
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(value, kind) or not isinstance(pk, int) or not 0 <= pk < 2**63:
        return None
    if isinstance(value, datetime) and value.tzinfo is None:
        return None
    if (isinstance(value, str) and "\x00" in value) or (isinstance(value, int) and not -(2**63) < value < 2**63):
        return None
    return value, pk
