"""Who may keep a page: the same pages of the public face for everybody, nothing personal anywhere (S55).

`@shared` marks a page that is the same for every visitor with the same language and theme. It carries no form with a
token, no cart, no name. Such a page gets an ETag, `Cache-Control: public`, and is kept in memory for half a minute,
whole and compressed, keyed by path, language, theme and how it came (https) alone; while it is kept, neither the database
nor the other middlewares are asked. Every other page is `private, no-store`, and is not compressed: its length would tell
of the secrets in it.
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from hashlib import blake2b
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from podpora.web import language
from podpora.web.context import theme_of

View = Callable[..., HttpResponseBase]
Handler = Callable[[HttpRequest], HttpResponseBase]

PUBLIC = "public, max-age=0, s-maxage=30, must-revalidate"
PRIVATE = "private, no-store"
# With one of these cookies a page may say something of this visitor alone.
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages", "cart", "currency")
MOST = 8 * 1024 * 1024  # bytes of pages in each process
WORTH = 1400  # bytes: what fits into one packet is not compressed
_QUESTION = re.compile(r"(?:page=[1-9][0-9]{0,3})?|language=(?:cs|en)")  # others are asked too seldom to be kept
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_TEXT = ("text/", "application/json", "application/xml", "application/atom+xml")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is the same for everybody, with the headers that it was sent with."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    until: float = 0.0
    packed: list[bytes] = field(default_factory=list)  # the compressed body, once somebody took it

    @property
    def size(self) -> int:
        return len(self.body) * 5 // 4

    def answer(self, request: HttpRequest) -> HttpResponse:
        """This page for this visitor: 304 where his browser has it already, compressed where it can read that."""
        headers = dict(self.headers)
        body = self.body
        if (
            "Content-Encoding" not in headers
            and self._is_worth_packing()
            and _GZIP.search(request.headers.get("Accept-Encoding", ""))
        ):
            if not self.packed:
                self.packed.append(gzip.compress(self.body, 4, mtime=0))
            body, headers["Content-Encoding"] = self.packed[0], "gzip"
        headers["Content-Length"] = str(len(body))
        response = HttpResponse(body, headers=headers)
        known: HttpResponse | None = get_conditional_response(request, etag=headers["ETag"], response=response)
        return known if known is not None else response

    def _is_worth_packing(self) -> bool:
        return len(self.body) > WORTH and dict(self.headers).get("Content-Type", "").startswith(_TEXT)


class Shelf:
    """The pages that are kept; where there is no room, the one leaves that nobody has asked for the longest."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.until < monotonic():
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: Page) -> None:
        with self._lock:
            if key in self._pages:
                self._drop(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self._most:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _drop(self, key: str) -> None:
        self._size -= self._pages.pop(key).size


SHELF = Shelf(MOST)  # of this process


def shared(view: View) -> View:
    """A page that is the same for every visitor; made anew for those who are signed in."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.is_shared = response.status_code == 200 and is_impersonal(request)  # type: ignore[attr-defined]
        return response

    return wrapped


def cache_rules(get_response: Handler) -> Handler:
    """The first of all middlewares: pages that are kept, and `Cache-Control` of every other."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        key = _key(request) if settings.PAGES_KEPT else ""
        if key and (page := SHELF.get(key)) is not None:
            return page.answer(request)
        response = get_response(request)
        if request.path.startswith("/api/") or "Cache-Control" in response.headers:
            return response
        if not getattr(response, "is_shared", False) or response.cookies or not isinstance(response, HttpResponse):
            response.headers["Cache-Control"] = PRIVATE
            return response
        page = _page(response)
        if key:
            SHELF.put(key, page)
        return page.answer(request)

    return handle


def _page(response: HttpResponse) -> Page:
    """What is kept of an answer. The tag is a weak one: the same for the page as it is and compressed."""
    patch_vary_headers(response, ("Accept-Encoding",))
    response.headers["Cache-Control"] = PUBLIC
    response.headers["ETag"] = f'W/"{blake2b(response.content, digest_size=12).hexdigest()}"'
    return Page(tuple(response.headers.items()), response.content, monotonic() + settings.PAGES_KEPT)


def is_impersonal(request: HttpRequest) -> bool:
    """Does this visitor bring nothing that a page could answer to him alone?"""
    return request.method in ("GET", "HEAD") and not any(name in request.COOKIES for name in PERSONAL)


def _key(request: HttpRequest) -> str:
    """Under which a page is kept; empty for what is never kept."""
    asked = request.META.get("QUERY_STRING", "")
    if not _QUESTION.fullmatch(asked) or not is_impersonal(request):
        return ""
    try:
        request.get_host()
    except DisallowedHost:
        return ""
    theme = theme_of(request)
    return f"{language.of_visitor(request)}:{theme}:{request.scheme}:{request.path}?{asked}"
