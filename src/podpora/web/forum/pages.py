"""Lists: the home of the forum, a category, a tag, what is new to a member."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.forum import actions, queries, rules
from podpora.forum.values import LEVEL_NAMES, Level
from podpora.web.access import public, signed_in
from podpora.web.caching import shared
from podpora.web.forum.shown import rows_of
from podpora.web.meta import of_words
from podpora.web.request import Request
from podpora.web.structure import breadcrumb_data

ABOUT = gettext_lazy("Ask other people who use the program. We read along, but cannot promise an answer.")


def _wish(request: Request, **more: Any) -> queries.TopicWish:
    given = request.GET
    known = {name: given.get(name, "")[:60] for name in ("solved", "order", "after", "product")}
    return queries.TopicWish(**(known | {"order": known["order"] or "latest"} | more))


def list_page(request: Request, template: str, wish: queries.TopicWish, reader: queries.Reader, **facts: Any) -> HttpResponse:
    page = queries.topic_page(reader, wish, at=request.now)
    facts |= {"rows": rows_of(page.rows), "more": page.more, "wish": wish, "reader": reader}
    return TemplateResponse(request, template, facts)


@shared
@public
@require_safe
def home(request: Request) -> HttpResponse:
    """Categories, and what was written last."""
    reader = queries.reader_of(request.user)
    if reader.person is not None:
        actions.note_visit(request.user, at=request.now)
    language = get_language() or "en"
    categories = [
        {"code": row.code, "name": row.name_in(language), "text": row.text_in(language), "icon": row.icon, "topics": row.topics_count,
         "posts": row.posts_count, "last": row.last_post_at, "reads": row.reads}
        for row in queries.categories_of(reader)
    ]  # fmt: skip
    facts = {
        "categories": categories, "unread": queries.unread_count(reader), "tags": queries.popular_tags(reader, size=12),
        "meta": of_words(request, _("Community forum"), ABOUT),
    }  # fmt: skip
    return list_page(request, "forum/home.html", _wish(request, order="latest", after=""), reader, **facts)


@shared
@public
@require_safe
def latest(request: Request) -> HttpResponse:
    """All topics: by their last post, by their age, by votes; solved or not."""
    meta = of_words(request, _("All topics"), ABOUT)
    return list_page(request, "forum/latest.html", _wish(request), queries.reader_of(request.user), meta=meta)


@shared
@public
@require_safe
def category(request: Request, category: str) -> HttpResponse:
    reader = queries.reader_of(request.user)
    row = queries.category_for(reader, category)
    language = get_language() or "en"
    name, text = row.name_in(language), row.text_in(language)
    facts = {
        "category": row, "name": name, "text": text, "tags": queries.popular_tags(reader, category=category),
        "may_start": rules.may_start(reader.facts, row.facts(), at=request.now), "level": _level(reader, category=row.pk),
        "levels": LEVEL_NAMES.items(), "meta": of_words(request, name, text),
        "crumb_data": breadcrumb_data([(_("Community forum"), reverse("forum:home"))]),
    }  # fmt: skip
    return list_page(request, "forum/category.html", _wish(request, category=category), reader, **facts)


@shared
@public
@require_safe
def tag(request: Request, tag: str) -> HttpResponse:
    """Topics with a tag. One that only hidden topics have is an empty list, like one that nobody ever used."""
    reader = queries.reader_of(request.user)
    meta = of_words(request, f"#{tag[:30]}", ABOUT)
    facts = {"meta": meta, "tag": tag[:30], "level": _level(reader, tag=tag), "levels": LEVEL_NAMES.items()}
    return list_page(request, "forum/tag.html", _wish(request, tag=tag.lower()[:30]), reader, **facts)


def _level(reader: queries.Reader, *, category: int | None = None, tag: str = "") -> Level | None:
    if reader.person is None:
        return None
    return queries.level_for(reader.person, category=category, tag=tag)


@signed_in
@require_safe
def unread(request: Request) -> HttpResponse:
    """What he follows and has not read (FO-25)."""
    return list_page(request, "forum/unread.html", _wish(request, unread=True), queries.reader_of(request.user))


@signed_in
@require_POST
def read_all(request: Request) -> HttpResponse:
    actions.read_all(request.user, at=request.now)
    messages.success(request, _("Nothing is unread any more."))
    return redirect(reverse("forum:unread"))
