"""The slow lane: programs that read the whole site are welcome, as fast as robots.txt asks them to be (`Crawl-delay`).

Only who says himself that he is one is counted, by his network address, in the memory of this process: nothing is written for a
crawler. Pages that are kept (web/caching.py) cost nothing and are not counted.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override

from podpora.base.addresses import address_of, neighbourhood
from podpora.web import language
from podpora.web.caching import is_impersonal

DELAY = 2  # seconds between two pages, as robots.txt says
AT_ONCE = 60  # pages that one may take in a row before the delay counts
FREE = ("/robots.txt", "/sitemap", "/static/", "/healthz", "/api/", "/hooks/")
_SIGNS = re.compile(r"bot\b|crawl|spider|slurp|archiver|facebookexternalhit|scrapy|httrack|wget", re.IGNORECASE)
_KNOWN = 2000  # addresses that are remembered


class Lane:
    """How many pages each may take at once; one more comes every `delay` seconds."""

    def __init__(self, at_once: int, delay: float) -> None:
        self._at_once, self._delay = at_once, delay
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def takes(self, who: str, at: float) -> bool:
        """Count a page for him; False when he has to wait."""
        with self._lock:
            left, seen = self._left.pop(who, (float(self._at_once), at))
            left = min(self._at_once, left + (at - seen) / self._delay)
            may = left >= 1
            self._left[who] = (left - 1 if may else left, at)
            if len(self._left) > _KNOWN:
                self._left.popitem(last=False)
            return may

    def clear(self) -> None:
        with self._lock:
            self._left.clear()


LANE = Lane(AT_ONCE, DELAY)


def is_crawler(agent: str) -> bool:
    """Does this program say that it is one?"""
    return bool(_SIGNS.search(agent[:300]))


def slow_lane(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A crawler that does not keep to the delay is told to come later (429)."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        return _slower(request) if is_impersonal(request) and _is_too_fast(request) else get_response(request)

    return handle


def _is_too_fast(request: HttpRequest) -> bool:
    if not is_crawler(request.META.get("HTTP_USER_AGENT", "")) or request.path.startswith(FREE):
        return False
    return not LANE.takes(neighbourhood(address_of(request)), monotonic())


def _slower(request: HttpRequest) -> HttpResponse:
    spoken = language.of_visitor(request)
    with override(spoken):
        text = _("Slower, please: one page every {n} seconds, as robots.txt asks. Nothing is closed to you.").format(n=DELAY)
    headers = {"Retry-After": str(DELAY * 10), "Cache-Control": "no-store", "Content-Language": spoken}
    return HttpResponse(f"{text}\n", status=429, content_type="text/plain; charset=utf-8", headers=headers)
