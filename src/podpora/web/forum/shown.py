"""How topics and posts are drawn: plain items with their addresses made once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from podpora.forum import queries, rules
from podpora.forum.models import Member, Post, PostFile, Topic
from podpora.forum.values import Shown
from podpora.people.permissions import staff_may


def topic_path(number: int, slug: str) -> str:
    return f"{_forum()}topics/{number}/{slug or '-'}/"


def topic_url(topic: Topic, page: int = 1) -> str:
    base = topic_path(topic.number, topic.slug)
    return base if page == 1 else f"{base}?page={page}"


def post_url(topic: Topic, number: int) -> str:
    """Straight to the post on its page."""
    return f"{topic_url(topic, queries.page_of(number))}#post-{number}"


@lru_cache(maxsize=1)
def _forum() -> str:
    return reverse("forum:home")


def person_url(member: Member | None) -> str:
    return f"{_forum()}people/{member.handle}/" if member is not None else ""


def badges_of(member: Member | None) -> list[tuple[Any, str]]:
    """What the person lets be seen (FB-1): (label, kind). That somebody is of our staff is no secret of his."""
    if member is None:
        return []
    found: list[tuple[Any, str]] = []
    if staff_may(member.person, "forum"):
        found.append((_("Staff"), "accent"))
    if member.shows_vip and member.is_vip:
        found.append(("VIP", "good"))
    elif member.shows_customer and member.is_customer:
        found.append((_("Customer"), ""))
    return found


@dataclass(frozen=True, slots=True)
class PostItem:
    """One post, ready to be drawn."""

    post: Post
    url: str
    author_url: str
    badges: list[tuple[Any, str]]
    html: SafeString
    is_solution: bool
    is_author: bool  # of the topic
    is_own: bool
    voted: bool
    may_edit: bool
    state: str
    files: list[PostFile]
    edited_at: datetime | None


def items_of(topic: Topic, page: queries.PostPage, reader: queries.Reader, *, at: datetime) -> list[PostItem]:
    """The posts of a page. One query for the reader's votes."""
    solution = getattr(topic, "solution", None)
    voted = queries.voted_among(reader.person, page.posts)
    _name_links(page.posts, reader)
    return [_item(topic, post, page, reader, solution.post_id if solution else None, post.pk in voted, at) for post in page.posts]


def _name_links(posts: Iterable[Post], reader: queries.Reader) -> None:
    """Bare links to topics are shown with their titles, as this reader sees them now. One statement when there are any."""
    link = _own_links()
    numbers = {int(found[2]) for post in posts for found in link.finditer(post.html)}
    if not numbers:
        return
    titles = {
        topic.number: topic for topic in queries.topics_seen(reader).filter(number__in=numbers).only("number", "title", "solved_at")
    }

    def named(found: "re.Match[str]") -> str:
        topic = titles.get(int(found[2]))
        if topic is None:
            return found[0]
        solved = f" ({_('solved')})" if topic.solved_at else ""
        return f"{found[1]}{escape(topic.title)}{solved}</a>"

    for post in posts:
        post.html = link.sub(named, post.html)


@lru_cache(maxsize=1)
def _own_links() -> "re.Pattern[str]":
    """The address as a writer pastes it: what stands there is the address itself."""
    begin = re.escape(f"{settings.SITE_URL}{_forum()}topics/")
    return re.compile(rf'(<a href="{begin}(\d{{1,12}})/[^"]*"[^>]*>){begin}[^<]*</a>')


def _item(
    topic: Topic, post: Post, page: queries.PostPage, reader: queries.Reader, solved: int | None, voted: bool, at: datetime
) -> PostItem:
    member = getattr(post.author, "forum_member", None) if post.author_id else None
    if member is not None:
        member.person = post.author
    own = reader.person is not None and post.author_id == reader.person
    shown = [file for file in page.files.get(post.pk, []) if not file.file.is_image or file.file.code not in post.html]
    return PostItem(
        post=post,
        url=f"{topic_url(topic, page.number)}#post-{post.number}",
        author_url=person_url(member),
        badges=badges_of(member),
        html=mark_safe(post.html),  # noqa: S308  # cleaned by base.markdown when it was written
        is_solution=solved == post.pk,
        is_author=post.author_id is not None and post.author_id == topic.author_id,
        is_own=own,
        voted=voted,
        may_edit=rules.may_edit(reader.facts, post.facts(), at=at).allowed,
        state="" if post.state == Shown.VISIBLE else post.state,
        files=shown,
        edited_at=post.edited_at if post.revisions else None,
    )


@dataclass(frozen=True, slots=True)
class RowItem:
    """One topic in a list."""

    topic: Topic
    url: str
    category: str
    category_url: str
    is_new: bool
    unread: int
    unread_url: str
    answers: int


def rows_of(rows: Iterable[queries.TopicRow]) -> list[RowItem]:
    language = get_language() or "en"
    return [
        RowItem(
            topic=row.topic,
            url=post_url(row.topic, row.go_to) if row.go_to > 1 else topic_url(row.topic),
            category=row.topic.category.name_in(language),
            category_url=f"{_forum()}c/{row.topic.category.code}/",
            is_new=row.is_new,
            unread=row.unread,
            unread_url=post_url(row.topic, row.go_to) if row.unread else "",
            answers=row.topic.replies,
        )
        for row in rows
    ]
