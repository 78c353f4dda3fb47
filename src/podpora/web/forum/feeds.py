"""Atom feeds of what everybody may read."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base import vendor
from podpora.base.clock import format_instant
from podpora.forum import queries
from podpora.forum.models import Post, Topic
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.forum.shown import post_url, topic_url
from podpora.web.request import Request

SIZE = 30


def _feed(title: str, path: str, own: str, entries: Iterable[str], updated: datetime) -> HttpResponse:
    base = settings.SITE_URL
    body = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(get_language() or "en")}>'
        f'<title>{_clean(title)}</title><id>{base}{path}</id><link rel="self" href={quoteattr(base + own)}/>'
        f"<link href={quoteattr(base + path)}/><updated>{format_instant(updated)}</updated>"
        f"<author><name>{_clean(vendor.name())}</name></author>{''.join(entries)}</feed>"
    )
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _clean(text: str) -> str:
    """Characters that XML knows, escaped."""
    return escape(
        "".join(
            c for c in text if c in "\t\n\r" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) not in (0xFFFE, 0xFFFF))
        )
    )


def _entry(title: str, path: str, author: str, html: str, written: datetime) -> str:
    url = f"{settings.SITE_URL}{path}"
    return (
        f"<entry><title>{_clean(title)}</title><id>{_clean(url)}</id><link href={quoteattr(url)}/><updated>{format_instant(written)}</updated>"
        f'<author><name>{_clean(author)}</name></author><content type="html">{_clean(html)}</content></entry>'
    )


def _of_topics(topics: Iterable[Topic]) -> list[str]:
    return [_entry(row.title, topic_url(row), row.author_name, escape(row.excerpt), row.started_at) for row in topics]


@shared
@public
@require_safe
def forum(request: Request) -> HttpResponse:
    """The newest topics. Feeds say what a visitor may read, whoever fetches them (S54)."""
    topics = list(queries.topics_seen(queries.anybody()).order_by("-started_at", "-pk")[:SIZE])
    newest = topics[0].started_at if topics else datetime(2000, 1, 1, tzinfo=UTC)
    return _feed(_("Community forum"), reverse("forum:home"), reverse("forum:feed"), _of_topics(topics), newest)


@shared
@public
@require_safe
def category(request: Request, category: str) -> HttpResponse:
    reader = queries.anybody()
    row = queries.category_for(reader, category)
    topics = list(queries.topics_seen(reader).filter(category=row).order_by("-started_at", "-pk")[:SIZE])
    newest = topics[0].started_at if topics else datetime(2000, 1, 1, tzinfo=UTC)
    path, own = reverse("forum:category", args=[category]), reverse("forum:category_feed", args=[category])
    return _feed(row.name_in(get_language() or "en"), path, own, _of_topics(topics), newest)


@shared
@public
@require_safe
def topic(request: Request, number: int) -> HttpResponse:
    reader = queries.anybody()
    row = queries.topic_for(reader, number)
    posts: list[Post] = list(queries.posts_of(row, reader).order_by("-number")[:SIZE])
    entries = [_entry(row.title, post_url(row, post.number), post.author_name, post.html, post.written_at) for post in posts]
    return _feed(row.title, topic_url(row), reverse("forum:topic_feed", args=[number]), entries, row.last_post_at)
