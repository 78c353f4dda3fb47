"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from podpora.base import vendor

THEMES = ("light", "dark")


def page_facts(request: HttpRequest) -> dict[str, Any]:
    """Language, theme (empty: the system's wish) whether this is a demo, and the vendor's name."""
    return {
        "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "LANGUAGES": settings.LANGUAGES,
        "theme": theme_of(request),
        "DEMO": settings.DEMO,
        "VENDOR": vendor.name,
        "acting": getattr(request, "acting", None),
    }


def theme_of(request: HttpRequest) -> str:
    """Light, dark, or nothing: what the system wishes."""
    user = getattr(request, "user", None)
    chosen = (user.theme if user is not None and user.is_authenticated else "") or request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""
