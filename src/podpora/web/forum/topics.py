"""A topic: its page, its permalinks."""

import re
from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.base.errors import NotYours
from podpora.base.markdown import quoted
from podpora.forum import actions, queries, rules
from podpora.forum.models import Topic
from podpora.forum.values import FLAG_NAMES, LEVEL_NAMES, LEVEL_TEXTS, WANTED_NAMES, SolutionKind, Wanted
from podpora.journeys import canned
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.forum import structured
from podpora.web.forum.shown import PostItem, items_of, post_url, topic_url
from podpora.web.forum.stamps import stamps
from podpora.web.meta import of_people
from podpora.web.request import Request

_PICTURE = re.compile(r'<img src="(/forum/files/[A-Za-z0-9_-]+/)"')


def found(request: Request, number: int) -> tuple[queries.Reader, Topic]:
    """The topic, as this reader sees it; raises NotYours."""
    reader = queries.reader_of(request.user)
    return reader, queries.topic_for(reader, number)


@shared
@public
@require_safe
def topic(request: Request, number: int, slug: str) -> HttpResponse:
    """FO-10: one address for each page; another slug leads there, a page past the end is none, what was deleted is gone (410)."""
    try:
        reader, topic = found(request, number)
    except queries.Gone:
        return TemplateResponse(request, "forum/gone.html", status=410)
    if topic.merged_into is not None and not reader.moderates:
        return HttpResponsePermanentRedirect(topic_url(queries.topic_for(reader, topic.merged_into.number)))
    page = _page(request)
    if slug != (topic.slug or "-"):
        return HttpResponsePermanentRedirect(topic_url(topic, page))
    posts = queries.post_page(topic, reader, page)
    if reader.person is None:
        return TemplateResponse(request, "forum/topic.html", _facts(request, reader, topic, posts))
    before = queries.reading_of(reader.person, topic)
    actions.note_visit(request.user, at=request.now)
    if posts.posts:
        actions.note_reading(request.user, topic, posts.posts[-1].number, 0, at=request.now)
    unread = before.last_read + 1 if before is not None and 0 < before.last_read < topic.highest else None
    return TemplateResponse(request, "forum/topic.html", _facts(request, reader, topic, posts) | {"unread_from": unread})


def _page(request: Request) -> int:
    given = request.GET.get("page", "1")
    if not given.isascii() or not given.isdecimal() or len(given) > 6:
        raise NotYours
    return int(given)


def _facts(request: Request, reader: queries.Reader, topic: Topic, posts: queries.PostPage) -> dict[str, Any]:
    items = items_of(topic, posts, reader, at=request.now)
    solution = getattr(topic, "solution", None)
    category = topic.category.name_in(get_language() or "en")
    facts = {
        "topic": topic, "items": items, "page": posts, "category": category, "reader": reader,
        "meta": of_people(topic.title, topic.excerpt, topic_url(topic, posts.number), picture=_picture(items)),
        "url": topic_url(topic), "solution": solution,
        "solution_url": post_url(topic, solution.post.number) if solution and solution.post else "",
        "may_reply": rules.may_reply(reader.facts, topic.category.facts(), topic.facts(), at=request.now),
        "may_solve": _may_solve(reader, topic), "pages": _pages(topic, posts),
        "structured": structured.of_topic(topic, items, posts.number, solution, category),
    }  # fmt: skip
    if reader.person is None:
        return facts
    level, by_hand = queries.level_of(reader.person, topic)
    draft = queries.drafts_of(reader.person).filter(place=topic.code).first()
    quoted_number = _number(request.GET.get("quote", ""))
    quote = _quote(topic, reader, quoted_number)
    return facts | {
        "level": level, "by_hand": by_hand, "levels": [(each, LEVEL_NAMES[each], LEVEL_TEXTS[each]) for each in LEVEL_NAMES],
        "draft": draft, "text": _begun(request, topic, reader, draft.text if draft else "", quote), **stamps(request),
        "reply_to": quoted_number if quote else None,
        "flags": FLAG_NAMES.items(), "wanted": [(each, WANTED_NAMES[each]) for each in Wanted],
        "details": [WANTED_NAMES[Wanted(each)] for each in topic.details],
        "facts_of_staff": _of_staff(request, reader, topic),
    }  # fmt: skip


def _picture(items: list[PostItem]) -> str:
    """The first picture of the question, for whoever shares the topic."""
    first = next((item for item in items if item.post.number == 1 and not item.state), None)
    found = _PICTURE.search(first.post.html) if first else None
    return found[1] if found else ""


def _may_solve(reader: queries.Reader, topic: Topic) -> bool:
    return rules.may_solve(reader.facts, topic.facts(), SolutionKind.POST).allowed


def _of_staff(request: Request, reader: queries.Reader, topic: Topic) -> dict[str, Any]:
    """What only staff see beside a topic."""
    if not reader.is_staff:
        return {}
    texts = canned.for_topic(topic, request.user, at=request.now)
    return {
        "canned": texts,
        "ticket": topic.ticket,
        "from_ticket": topic.from_ticket,
        "assignee": topic.assignee,
        "problem": topic.problem,
    }


def _pages(topic: Topic, posts: queries.PostPage) -> list[tuple[int, str]]:
    """Links to pages: all of a short topic; first, last and those around of a long one. 0 stands for a gap."""
    near = {1, posts.last, *range(posts.number - 2, posts.number + 3)}
    shown: list[tuple[int, str]] = []
    for number in range(1, posts.last + 1):
        if number in near or posts.last <= 9:
            shown.append((number, topic_url(topic, number)))
        elif shown and shown[-1][0]:
            shown.append((0, ""))
    return shown if posts.last > 1 else []


def _begun(request: Request, topic: Topic, reader: queries.Reader, kept: str, quotation: str) -> str:
    """What stands in the box: the draft, behind it a quotation that was asked for; for staff the canned reply that they chose."""
    chosen = ""
    if reader.is_staff and "canned" in request.GET:
        texts = canned.for_topic(topic, request.user, at=request.now)
        chosen = next((each.text for each in texts if each.code == request.GET["canned"]), "")
    return "\n\n".join(part for part in (kept.rstrip(), chosen, quotation) if part)


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0


def _quote(topic: Topic, reader: queries.Reader, number: int) -> str:
    """`?quote=3`: an answer that begins with what it answers, also without JavaScript."""
    post = queries.posts_of(topic, reader).filter(number=number).first() if number else None
    if post is None:
        return ""
    name = _("{name}, post {number}").format(name=post.author_name, number=post.number)
    return quoted(post.text[:2000], who=name, address=reverse("forum:post", args=[topic.number, post.number]))


@public
@require_safe
def bare(request: Request, number: int) -> HttpResponse:
    """The address without words leads to the one with them; a member's to his first unread post (FO-25)."""
    try:
        reader, topic = found(request, number)
    except queries.Gone:
        return TemplateResponse(request, "forum/gone.html", status=410)
    reading = queries.reading_of(reader.person, topic)
    if reading is not None and reading.last_read:
        return HttpResponseRedirect(post_url(topic, rules.first_unread(reading.last_read, topic.last_shown)))
    return HttpResponsePermanentRedirect(topic_url(topic))


@public
@require_safe
def post(request: Request, number: int, post: int) -> HttpResponse:
    """The permalink of a post: its place on its page, wherever that is today."""
    try:
        reader, topic = found(request, number)
    except queries.Gone:
        return TemplateResponse(request, "forum/gone.html", status=410)
    if not 0 < post <= topic.highest or not queries.posts_of(topic, reader).filter(number=post).exists():
        raise NotYours
    return HttpResponseRedirect(post_url(topic, post))
