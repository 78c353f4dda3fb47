"""What crawlers are told: every address that anybody may read, and what they are asked for (robots.txt)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from podpora.base.clock import format_instant
from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.forum import queries as forum
from podpora.knowledge import queries as knowledge
from podpora.problems import queries as problems
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.crawlers import DELAY
from podpora.web.forum.shown import topic_path
from podpora.web.meta import absolute
from podpora.web.request import Request

SIZE = 5000  # topics in one file
PAGES = (
    "public:home", "public:levels", "public:faq", "public:problems", "public:versions", "public:contact", "forum:home", "forum:latest",
    "shop:home", "shop:terms",
)  # fmt: skip
CLOSED = (
    "/account/", "/desk/", "/office/", "/api/", "/centre/", "/licences/", "/search/", "/forum/new/", "/forum/me/", "/forum/unread/",
    "/forum/posts/", "/forum/*?after=", "/forum/*?order=", "/forum/*?solved=", "/forum/*?quote=",
)  # fmt: skip


@shared
@public
@require_safe
def index(request: Request) -> HttpResponse:
    """The files: our own pages, and so many topics in each of the others (a file's number times their size is the first in it)."""
    highest = forum.highest_number(forum.anybody())
    parts = [reverse("sitemap_pages"), *(reverse("sitemap_topics", args=[part]) for part in range(highest // SIZE + 1))]
    return _written("sitemapindex", (f"<sitemap><loc>{absolute(path)}</loc></sitemap>" for path in parts))


@shared
@public
@require_safe
def pages(request: Request) -> HttpResponse:
    """Our own words: pages, articles, known problems, releases, categories."""
    return _written("urlset", (_url(path, at) for path, at in _pages()))


def _pages() -> Iterator[tuple[str, datetime | None]]:
    yield from ((reverse(name), None) for name in PAGES)
    yield from ((reverse("public:article", args=[slug]), at) for slug, at in knowledge.sitemap())
    for code, at in problems.visible().order_by("pk").values_list("code", "changed_at"):
        yield reverse("public:problem", args=[code]), at
    for product in catalog.products():
        for version in catalog.versions(product):
            yield from ((reverse("public:release", args=[r.number]), None) for r in version.releases.all() if not r.withdrawn_at)
    yield from ((reverse("forum:category", args=[row.code]), row.last_post_at) for row in forum.categories_of(forum.anybody()))


@shared
@public
@require_safe
def topics(request: Request, part: int) -> HttpResponse:
    """Topics that everybody may read, and no other (S54)."""
    if part > 100_000:
        raise NotYours
    rows = forum.sitemap_rows(forum.anybody(), part * SIZE - 1, SIZE)
    return _written("urlset", (_url(topic_path(number, slug), at) for number, slug, at in rows if number < (part + 1) * SIZE))


@shared
@public
@require_safe
def robots(request: Request) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        f"Crawl-delay: {DELAY}",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _url(path: str, at: datetime | None) -> str:
    changed = f"<lastmod>{format_instant(at)}</lastmod>" if at else ""
    return f"<url><loc>{escape(absolute(path))}</loc>{changed}</url>"


def _written(element: str, rows: Iterable[str]) -> HttpResponse:
    name = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="{name}">{"".join(rows)}</{element}>'
    return HttpResponse(body, content_type="application/xml")
