"""The forum for programs: categories, topics, posts, solutions, votes, reports."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import Caller, anybody, caller_of, token
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Strict
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import queries as catalog
from podpora.forum import actions, queries
from podpora.forum.actions import Outside
from podpora.forum.models import Category, Post, Topic
from podpora.forum.values import POST_LENGTH, TITLE_LENGTH, FlagKind, MemberFacts, NewPost, NewTopic, SolutionKind, Trust, Via
from podpora.people.models import Person

router = Router(tags=["forum"])
forum_token = token("forum")
Text = Annotated[str, StringConstraints(max_length=POST_LENGTH)]
Title = Annotated[str, StringConstraints(max_length=TITLE_LENGTH)]
OURS = MemberFacts(None, Trust.REGULAR, is_staff=True, moderates=True)  # one of the vendor's own systems


class TopicIn(Strict):
    category: Annotated[str, StringConstraints(max_length=40)]
    title: Title
    text: Text
    tags: Annotated[list[str], Field(max_length=10)] = []
    language: Annotated[str, StringConstraints(max_length=5)] = ""
    version: Annotated[str, StringConstraints(max_length=30)] = ""


class PostIn(Strict):
    """`whisper`: among staff alone."""

    text: Text
    reply_to: int | None = None
    whisper: bool = False


class PostPatch(Strict):
    """`seen`: the revision that the writer knows; 409 `forum.edited_meanwhile` when there is a newer one."""

    text: Text
    title: Title = ""
    seen: int | None = None


class SolutionIn(Strict):
    """Exactly one of them (FO-8)."""

    post: Annotated[str, StringConstraints(max_length=20)] | None = None
    article: Annotated[str, StringConstraints(max_length=120)] | None = None
    release: Annotated[str, StringConstraints(max_length=30)] | None = None


class FlagIn(Strict):
    kind: Literal["spam", "abuse", "off_topic", "other"]
    text: Annotated[str, StringConstraints(max_length=500)] = ""


def reader_of(request: HttpRequest) -> queries.Reader:
    """Without a token what everybody reads; one of our systems reads everything."""
    caller = getattr(request, "auth", None)
    if not isinstance(caller, Caller):
        return queries.anybody()
    return queries.reader_for(OURS) if caller.sees_all else queries.reader_of(caller.person)


def author_of(request: HttpRequest) -> Person | None:
    caller = caller_of(request)
    return None if caller.sees_all else caller.person


def topic_in(request: HttpRequest, code: str) -> Topic:
    """The topic with this number, as the caller sees it; raises NotYours."""
    if not code.isascii() or not code.isdecimal() or len(code) > 18:
        raise NotYours
    return queries.topic_for(reader_of(request), int(code))


def post_in(request: HttpRequest, code: str) -> Post:
    return queries.post_for(reader_of(request), code[:20])


def category_json(row: Category) -> dict[str, Any]:
    return {
        "code": row.code, "name": {"cs": row.name_cs, "en": row.name_en}, "text": {"cs": row.text_cs, "en": row.text_en},
        "product": row.product.code if row.product else None, "language": row.language or None, "reads": row.reads, "writes": row.writes,
        "solving": row.solving, "open": row.is_open, "topics": row.topics_count, "posts": row.posts_count,
    }  # fmt: skip


def post_json(post: Post, topic: Topic) -> dict[str, Any]:
    """A post, as it was written and as it is shown. Never an address or an account of its writer (S57)."""
    return {
        "code": post.code, "number": post.number, "author": post.author_name, "text": post.text, "html": post.html, "via": post.via,
        "state": post.state, "whisper": post.is_whisper, "reply_to": post.reply_to, "votes": post.votes, "revision": post.revisions,
        "at": format_instant(post.written_at), "edited_at": format_instant(post.edited_at) if post.edited_at else None,
        "url": f"{settings.SITE_URL}{reverse('forum:post', args=[topic.number, post.number])}",
    }  # fmt: skip


def topic_json(topic: Topic, *, staff: bool = False) -> dict[str, Any]:
    """A topic without its posts. Whom it is assigned to and which ticket it has, staff alone see."""
    told: dict[str, Any] = {
        "code": topic.code, "title": topic.title, "category": topic.category.code, "tags": topic.tags, "author": topic.author_name,
        "state": topic.state, "language": topic.language or None, "version": topic.version or None, "excerpt": topic.excerpt,
        "solved": topic.solved_at is not None, "solution": _solution(topic), "needs_details": topic.details, "pinned": topic.is_pinned,
        "closed": topic.closed_at is not None, "replies": topic.replies, "votes": topic.votes, "highest": topic.last_shown,
        "article": topic.article or None, "problem": topic.problem or None,
        "started_at": format_instant(topic.started_at), "last_post_at": format_instant(topic.last_post_at),
        "url": f"{settings.SITE_URL}{reverse('forum:topic', args=[topic.number, topic.slug or '-'])}",
    }  # fmt: skip
    if staff:
        told |= {
            "ticket": topic.ticket or None,
            "from_ticket": topic.from_ticket or None,
            "assignee": str(topic.assignee) if topic.assignee else None,
        }
    return told


def _solution(topic: Topic) -> dict[str, Any] | None:
    found = getattr(topic, "solution", None)
    if found is None:
        return None
    return {
        "kind": found.kind,
        "post": found.post.code if found.post else None,
        "ref": found.ref or None,
        "title": found.title or None,
    }


def whole(request: HttpRequest, topic: Topic) -> dict[str, Any]:
    """A topic with its first hundred posts; the rest by `GET topics/{code}/posts`."""
    reader = reader_of(request)
    found = queries.topic_for(reader, topic.number)
    posts = queries.posts_of(found, reader).order_by("number")[:100]
    return topic_json(found, staff=reader.is_staff) | {"posts": [post_json(post, found) for post in posts]}


@router.get("forum/categories", auth=[forum_token, anybody])
def categories(request: HttpRequest) -> HttpResponse:
    """The categories that the caller reads, in their order."""
    return answer({"items": [category_json(row) for row in queries.categories_of(reader_of(request))]})


@router.get("topics", auth=[forum_token, anybody])
def topics(request: HttpRequest, category: str = "", tag: str = "", solved: str = "", product: str = "") -> HttpResponse:
    """Newest first. `category=`, `tag=`, `product=` and `solved=yes|no` narrow the list."""
    if solved not in ("", "yes", "no"):
        raise InvalidInput({"solved": ["unknown"]}, {"solved": {"choices": ["yes", "no"]}})
    reader = reader_of(request)
    wish = queries.TopicWish(category=category[:40], tag=tag.lower()[:30], solved=solved, product=product[:40])
    rows = queries.narrowed(reader, wish).select_related("category", "solution__post", "assignee")
    return listing(request, rows, lambda topic: topic_json(topic, staff=reader.is_staff))


@router.post("topics", auth=forum_token)
def start(request: HttpRequest, body: TopicIn) -> HttpResponse:
    """A new topic: 201. What looks like spam has `state: queued` and waits for a moderator."""
    reader = reader_of(request)
    try:
        category = queries.category_for(reader, body.category)
    except NotYours:
        raise InvalidInput({"category": ["unknown"]}) from None
    post = NewPost(body.text, via=Via.API)
    new = NewTopic(body.title, post, body.tags, body.language, body.version)
    topic = actions.start_topic(category, new, author=author_of(request), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(whole(request, topic), status=201)


@router.get("topics/{code}", auth=[forum_token, anybody])
def topic(request: HttpRequest, code: str) -> HttpResponse:
    return answer(whole(request, topic_in(request, code)))


@router.get("topics/{code}/posts", auth=[forum_token, anybody])
def posts(request: HttpRequest, code: str) -> HttpResponse:
    """In their order."""
    found = topic_in(request, code)
    rows = queries.posts_of(found, reader_of(request))
    return listing(request, rows, lambda post: post_json(post, found), newest_first=False)


@router.post("topics/{code}/posts", auth=forum_token)
def reply(request: HttpRequest, code: str, body: PostIn) -> HttpResponse:
    """An answer, or with `whisper` a word among staff: 201."""
    found = topic_in(request, code)
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    if body.whisper:
        if not reader_of(request).is_staff:
            raise InvalidInput({"whisper": ["not_wanted"]})
        post = actions.whisper(found, body.text, author=author_of(request), by=by, at=at)
    else:
        new = NewPost(body.text, via=Via.API, reply_to=body.reply_to)
        post = actions.reply(found, new, author=author_of(request), by=by, at=at)
    return answer(post_json(post, found), status=201)


@router.put("topics/{code}/solution", auth=forum_token)
def solve(request: HttpRequest, code: str, body: SolutionIn) -> HttpResponse:
    """A post, an article or a release is the solution; it replaces the one before (FO-2)."""
    found = topic_in(request, code)
    given = [name for name in ("post", "article", "release") if getattr(body, name)]
    if len(given) != 1:
        raise InvalidInput({"post": ["only_one" if given else "required"]}, {"post": {"choices": ["post", "article", "release"]}})
    more: dict[str, Any] = {"person": author_of(request), "by": caller_of(request).actor, "at": request.now}  # type: ignore[attr-defined]
    if body.post:
        post = next(iter(queries.posts_of(found, reader_of(request)).filter(code=body.post)), None)
        if post is None:
            raise InvalidInput({"post": ["unknown"]})
        actions.accept(post, **more)
    else:
        actions.solve_with(found, _outside(body), **more)
    return answer(whole(request, found))


def _outside(body: SolutionIn) -> Outside:
    if body.article:
        return Outside(SolutionKind.ARTICLE, body.article, body.article)
    release = str(body.release)
    if release not in {row.number for product in catalog.products() for row in catalog.releases(product)}:
        raise InvalidInput({"release": ["unknown"]})
    return Outside(SolutionKind.RELEASE, release, release)


@router.api_operation(["DELETE"], "topics/{code}/solution", auth=forum_token)
def unsolve(request: HttpRequest, code: str) -> HttpResponse:
    found = topic_in(request, code)
    actions.unaccept(found, person=author_of(request), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(whole(request, found))


@router.patch("posts/{code}", auth=forum_token)
def edit(request: HttpRequest, code: str, body: PostPatch) -> HttpResponse:
    """Another text; the older one stays in its history."""
    post = post_in(request, code)
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    changed = actions.edit(post, body.text, title=body.title, seen=body.seen, person=author_of(request), by=by, at=at)
    return answer(post_json(changed, post.topic))


@router.api_operation(["DELETE"], "posts/{code}", auth=forum_token)
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """204. With the first post its topic goes."""
    actions.delete_post(post_in(request, code), person=author_of(request), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return HttpResponse(status=204)


@router.put("posts/{code}/vote", auth=forum_token)
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """Once, however often it is sent."""
    return _voted(request, code, actions.vote)


@router.api_operation(["DELETE"], "posts/{code}/vote", auth=forum_token)
def take_vote_back(request: HttpRequest, code: str) -> HttpResponse:
    return _voted(request, code, actions.take_vote_back)


def _voted(request: HttpRequest, code: str, act: Any) -> HttpResponse:
    post = post_in(request, code)
    person = author_of(request)
    if person is None:
        raise NotYours
    act(post, person=person, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(post_json(post_in(request, code), post.topic))


@router.post("posts/{code}/flags", auth=forum_token)
def flag(request: HttpRequest, code: str, body: FlagIn) -> HttpResponse:
    """A report: 201. Somebody looks at it."""
    post = post_in(request, code)
    person = author_of(request)
    if person is None:
        raise NotYours
    actions.flag(post, FlagKind(body.kind), body.text, person=person, by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer({"post": post.code, "kind": body.kind}, status=201)
