"""The currency in which a reader sees prices: what he chose, else what his language suggests."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

COOKIE = "currency"
BY_LANGUAGE = {"cs": "CZK"}


def currency_of(request: HttpRequest, offered: list[str]) -> str:
    """One of the currencies that are offered."""
    wished = (request.COOKIES.get(COOKIE, ""), BY_LANGUAGE.get((get_language() or "en")[:2], "EUR"))
    return next((wish for wish in wished if wish in offered), offered[0] if offered else "CZK")


def cookie_facts() -> dict[str, object]:
    return {"max_age": 365 * 24 * 3600, "samesite": "Lax", "secure": settings.SITE_HTTPS, "httponly": True}
