"""Atom feeds: the same form for everything that is listed by its date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from podpora.base import vendor


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    url: str
    text: str
    at: datetime


def atom(title: str, path: str, items: Sequence[Item], *, language: str, at: datetime) -> HttpResponse:
    """A feed as an answer; the newest item says how old it is, so that an unchanged feed is the same to the byte."""
    address = f"{settings.SITE_URL}{path}"
    made = Atom1Feed(f"{title} · {vendor.name()}", f"{settings.SITE_URL}/", title, language=language, feed_url=address)
    for item in items:
        made.add_item(item.title, item.url, item.text, pubdate=item.at, updateddate=item.at, unique_id=item.url)
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
