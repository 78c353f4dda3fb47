"""Unsafe requests of pages that set no cookie: the browser itself says where the request comes from.

A form on an anonymous page carries no CSRF token, because a token needs a cookie and a page with a cookie can't be
cached. Browsers send `Sec-Fetch-Site` and `Origin` with every POST; a request that comes from elsewhere, or that says
nothing, is refused. Used for harmless switches and for forms of visitors (language, theme, cart, contact).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_from_here(request: HttpRequest) -> bool:
    """Did a page of ours send this?"""
    site = request.headers.get("Sec-Fetch-Site")
    if site and site != "same-origin":
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return bool(origin) and urlsplit(origin).netloc == request.get_host()


def same_origin(view: View) -> View:
    """Instead of Django's token: unsafe requests are taken from our own pages only."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in SAFE and not is_from_here(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return csrf_exempt(wrapped)


def safe_next(request: HttpRequest, default: str) -> str:
    """Where to go back to: a path of ours, never another site (S08)."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if ours and not any(ord(character) < 32 for character in url) else default
