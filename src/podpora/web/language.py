"""The language of a visitor who has told us nothing of himself."""

from functools import lru_cache
from types import SimpleNamespace
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def of_visitor(request: HttpRequest) -> str:
    """What the address names, the cookie of the language switch, else what the browser asks for, else the first language."""
    named = request.GET.get("language", "") if request.META.get("QUERY_STRING") else ""
    for chosen in (named, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if chosen in dict(settings.LANGUAGES):
            return chosen
    return _asked_for(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:200])


@lru_cache(maxsize=512)
def _asked_for(header: str) -> str:
    """A few browsers ask for a few lists of languages: each is read once."""
    asked = SimpleNamespace(COOKIES={}, META={"HTTP_ACCEPT_LANGUAGE": header})
    return translation.get_language_from_request(cast(HttpRequest, asked))
