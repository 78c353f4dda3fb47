"""The forum as rows that `import` reads again: categories, members, topics with their first posts, answers. Also what is hidden,
whispered or deleted, with its state: an export is everything."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from podpora.files.models import StoredFile
from podpora.forum.models import Category, Flag, Member, Penalised, Post, PostFile, ReviewItem, Solution, Subscription, Topic, Vote
from podpora.forum.values import SolutionKind
from podpora.journeys.exporting.archive import Part, Row

CHUNK = 200
MEMBER = (
    "handle", "name", "about", "joined_at", "last_seen_at", "trust", "trust_by_hand", "shows_customer", "shows_vip", "digest_days",
    "days_visited", "topics_entered", "posts_read", "seconds_read", "votes_given", "votes_received", "flags_agreed", "flags_disagreed",
    "flagged",
)  # fmt: skip
CATEGORY = (
    "code", "name_cs", "name_en", "text_cs", "text_en", "icon", "language", "reads", "writes", "solving", "is_open", "by_mail",
    "close_after_hours", "position",
)  # fmt: skip


def _columns(row: Model, names: tuple[str, ...]) -> Row:
    return {name: value for name in names if (value := getattr(row, name)) is not None}


def category_rows() -> Iterator[Row]:
    for category in Category.objects.select_related("product").order_by("position", "code"):
        more = {"product": category.product.code if category.product else "", "old_addresses": _paths(category)}
        yield {"external_id": category.code, **_columns(category, CATEGORY), **more}


def _paths(thing: Any) -> list[str]:
    return [row.path for row in thing.old_addresses.all() if not row.number]


def member_rows() -> Iterator[Row]:
    """With silences, and what each wants to hear."""
    found = Member.objects.select_related("person").prefetch_related("person__forum_penalties", "old_addresses").order_by("pk")
    for member in found.iterator(CHUNK):
        levels = Subscription.objects.filter(person=member.person_id).select_related("topic", "category").order_by("pk")
        yield {
            "external_id": member.handle, "email": member.person.email, **_columns(member, MEMBER), "old_addresses": _paths(member),
            "penalties": [penalty_row(told) for told in member.person.forum_penalties.all()],
            "following": [level_row(told) for told in levels],
        }  # fmt: skip


def penalty_row(told: Penalised) -> Row:
    names = ("kind", "why", "since_at", "until_at", "lifted_at")
    return {name: getattr(told, name) for name in names} | {"by": told.by_name}


def level_row(told: Subscription) -> Row:
    place = {
        "topic": told.topic.code if told.topic else "",
        "category": told.category.code if told.category else "",
        "tag": told.tag,
    }
    return place | {"level": told.level, "by_hand": told.by_hand, "since": told.since}


def topic_rows() -> Iterator[Row]:
    """Each with its first post. One that was merged away has none any more and is left out: its posts stand where they are now."""
    found = Topic.objects.select_related("category", "solution").prefetch_related("old_addresses").order_by("number")
    for topic in found.iterator(CHUNK):
        first = _posts().filter(topic=topic, number=1).first()
        if first is None:
            continue
        solution = getattr(topic, "solution", None)
        yield {
            "external_id": topic.code, "number": topic.number, "category": topic.category.code, "title": topic.title, "tags": topic.tags,
            "language": topic.language, "version": topic.version, "views": topic.views, "pinned": topic.is_pinned,
            "closed_at": topic.closed_at, "ticket": topic.ticket, "from_ticket": topic.from_ticket, "problem": topic.problem,
            "article": topic.article, "article_title": topic.article_title, "old_addresses": _paths(topic),
            "solution": outside_row(solution) if solution and solution.kind != SolutionKind.POST else None,
            **_said(first),
        }  # fmt: skip


def outside_row(solution: Solution) -> Row:
    return {"kind": solution.kind, "ref": solution.ref, "title": solution.title, "at": solution.accepted_at}


def _posts() -> Any:
    within = ("files__file", "older", "vote_rows__person__forum_member")
    return Post.objects.select_related("author__forum_member", "topic", "solves").prefetch_related(*within)


def post_rows() -> Iterator[Row]:
    """Answers in their order: of each topic as it was written."""
    for post in _posts().exclude(number=1).order_by("topic__number", "number").iterator(CHUNK):
        solves = getattr(post, "solves", None)
        yield {
            "external_id": post.code, "topic": post.topic.code, "number": post.number, "reply_to": post.reply_to,
            "whisper": post.is_whisper, "solution": solves is not None, "solved_at": solves.accepted_at if solves else None, **_said(post),
        }  # fmt: skip


def _said(post: Post) -> Row:
    member = getattr(post.author, "forum_member", None)
    voters = [voter for vote in post.vote_rows.all() if (voter := _handle(vote))]
    return {
        "code": post.code, "author": member.handle if member else "", "name": post.author_name, "text": post.text,
        "written_at": post.written_at, "edited_at": post.edited_at, "state": post.state, "votes": post.votes, "voters": voters,
        "files": [file_row(row) for row in post.files.all()],
        "older": [
            {"text": row.text, "title": row.title, "until_at": row.until_at, "by": row.edited_by, "hidden": row.is_hidden}
            for row in sorted(post.older.all(), key=lambda row: row.number)
        ],
    }  # fmt: skip


def _handle(vote: Vote) -> str:
    member = getattr(vote.person, "forum_member", None)
    return member.handle if member else ""


def file_row(row: PostFile) -> Row:
    return {"file": row.file.code, "name": row.file.name, "type": row.file.content_type, "size": row.file.size}


def files() -> Iterator[StoredFile]:
    rows = PostFile.objects.exclude(post=None).select_related("file").order_by("pk")
    return (row.file for row in rows.iterator(CHUNK))


def review_rows() -> Iterator[Row]:
    """What moderators decided, with the reports behind it."""
    for item in ReviewItem.objects.select_related("post__topic").order_by("pk").iterator(CHUNK):
        flags = Flag.objects.filter(post=item.post_id).select_related("person__forum_member").order_by("pk")
        names = ("code", "why", "score", "state", "opened_at", "decided_at", "decided_by", "note")
        yield {"topic": item.post.topic.code, "post": item.post.code, **{name: getattr(item, name) for name in names}} | {
            "flags": [{"kind": f.kind, "text": f.text, "raised_at": f.raised_at, "decision": f.decision} for f in flags]
        }


PARTS = [
    Part("categories", category_rows), Part("members", member_rows), Part("topics", topic_rows, files), Part("posts", post_rows),
    Part("reviews", review_rows),
]  # fmt: skip
