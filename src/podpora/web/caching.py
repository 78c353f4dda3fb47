"""Who may keep a page: the same pages of the public face for everybody, nothing personal anywhere (S55).

`@shared` marks a page that is the same for every visitor with the same language and theme. It carries no form with a
token, no cart, no name. Such a page gets an ETag, `Cache-Control: public`, and is kept in memory for half a minute,
keyed by path, language and theme alone. Every other page is `private, no-store`.
"""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from podpora.web.context import theme_of

View = Callable[..., HttpResponseBase]
Handler = Callable[[HttpRequest], HttpResponseBase]

PUBLIC = "public, max-age=0, s-maxage=30, must-revalidate"
PRIVATE = "private, no-store"
# With one of these cookies a page may say something of this visitor alone.
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages", "cart", "currency")
_PAGE = re.compile(r"(?:page=[1-9][0-9]{0,3})?")  # other questions are asked too seldom to be kept
_PAGES = LocMemCache("pages", {"OPTIONS": {"MAX_ENTRIES": 500}})  # of this process


def shared(view: View) -> View:
    """A page that is the same for every visitor; made anew for those who are signed in."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _is_impersonal(request):
            return view(request, *args, **kwargs)
        asked = request.META.get("QUERY_STRING", "")
        key = f"{get_language()}:{theme_of(request)}:{request.path}?{asked}" if _PAGE.fullmatch(asked) else ""
        response: HttpResponseBase | None = _kept(key) if key and settings.PAGES_KEPT else None
        if response is None:
            response = view(request, *args, **kwargs)
            if key and settings.PAGES_KEPT and response.status_code == 200 and not response.cookies:
                _keep(key, response)
        response.is_shared = response.status_code == 200  # type: ignore[attr-defined]
        return response

    return wrapped


def cache_rules(get_response: Handler) -> Handler:
    """`Cache-Control` of every page, and 304 where the visitor's browser has it already."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith("/api/") or "Cache-Control" in response.headers:
            return response
        if not getattr(response, "is_shared", False) or response.cookies or not isinstance(response, HttpResponse):
            response.headers["Cache-Control"] = PRIVATE
            return response
        response.headers["Cache-Control"] = PUBLIC
        etag = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
        response.headers["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    return handle


def _is_impersonal(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not any(name in request.COOKIES for name in PERSONAL)


def _kept(key: str) -> HttpResponse | None:
    found = _PAGES.get(key)
    return HttpResponse(found[1], content_type=found[0]) if found is not None else None


def _keep(key: str, response: HttpResponseBase) -> None:
    if isinstance(response, TemplateResponse):
        response.render()
    if isinstance(response, HttpResponse):
        _PAGES.set(key, (response.headers["Content-Type"], response.content), settings.PAGES_KEPT)
