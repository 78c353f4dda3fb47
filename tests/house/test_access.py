"""Every address says who may enter: exactly one access mark on every view."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver, path

# Addresses of packages that bring their own checks; each prefix with its reason.
FOREIGN: dict[str, str] = {}


def views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback
        else:
            yield from views(pattern.url_patterns, prefix + str(pattern.pattern))


def unmarked(patterns: list[Any]) -> list[str]:
    found = []
    for address, view in views(patterns):
        module = getattr(view, "__module__", "") or ""
        foreign = module.startswith("allauth.") and address.startswith(tuple(FOREIGN))
        if not hasattr(view, "access") and not foreign:
            found.append(f"{address} ({module}.{getattr(view, '__name__', '?')})")
    return found


def test_every_address_is_marked() -> None:
    assert unmarked(get_resolver().url_patterns) == []


def test_an_address_without_a_mark_is_seen() -> None:
    def doorless(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert unmarked([path("nobody-asks/", doorless)]) == [f"nobody-asks/ ({__name__}.doorless)"]


def test_marks_are_of_the_known_kinds() -> None:
    marks = [view.access for _address, view in views(get_resolver().url_patterns) if hasattr(view, "access")]
    # an address of the API names a mark for each method: `GET device, DELETE device or token(licences)`
    single = [part for mark in marks for part in re.sub(r"\b[A-Z]+ ", "", mark).replace(" or ", ", ").split(", ")]
    kinds = {mark.split("(")[0] for mark in single}
    assert kinds <= {"public", "signed_in", "technician", "manager", "device", "token"}
