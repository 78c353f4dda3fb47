"""The forum for tests: categories, members, topics, made through the actions that the product uses."""

from datetime import UTC, datetime, timedelta
from itertools import count

from podpora.base.actors import system
from podpora.forum import actions
from podpora.forum.actions import CategoryWish
from podpora.forum.models import Category, Member, Post, Topic
from podpora.forum.values import NewPost, NewTopic, Trust
from podpora.people.models import Person
from tests.make import people

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
_number = count(1)


def category(code: str = "", **more: object) -> Category:
    code = code or f"questions-{next(_number)}"
    wish = CategoryWish(code, f"Otázky {code}", f"Questions {code}", **more)  # type: ignore[arg-type]
    return actions.save_category(wish, by=system("test"), at=AT)


def member(trust: Trust = Trust.MEMBER, name: str = "", *, at: datetime = AT - timedelta(days=30)) -> Person:
    """Somebody who takes part, trusted so far."""
    somebody = people.person(name=name or f"Member {chr(65 + next(_number) % 26)}{next(_number)}", at=at)
    row = actions.member_of(somebody, at=at)
    Member.objects.filter(pk=row.pk).update(trust=trust)
    return somebody


def topic(
    where: Category | None = None, author: Person | None = None, title: str = "", text: str = "It stops when I open the calendar.",
    *, at: datetime = AT, **more: object,
) -> Topic:  # fmt: skip
    author = author or member()
    new = NewTopic(title or f"The calendar stops at start {next(_number)}", NewPost(text), **more)  # type: ignore[arg-type]
    return actions.start_topic(where or category(), new, author=author, by=people.actor(author), at=at)


def reply(
    to: Topic, author: Person | None = None, text: str = "Install 10.2.1, it is mended there.", *, at: datetime = AT, **more: object
) -> Post:
    author = author or member()
    return actions.reply(to, NewPost(text, **more), author=author, by=people.actor(author), at=at)  # type: ignore[arg-type]
