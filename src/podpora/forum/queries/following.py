"""What somebody wants to hear, what is unread to him, what he is writing; and who is told of a post."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from podpora.forum.models import Draft, Post, Reading, Subscription, Topic
from podpora.forum.queries.lists import unread_topics
from podpora.forum.queries.seeing import Reader, topics_seen
from podpora.forum.rules import effective
from podpora.forum.values import Level


def level_of(person_id: int, topic: Topic) -> tuple[Level, bool]:
    """(the level that holds, was it set by hand for this topic?)"""
    rows = list(Subscription.objects.filter(person=person_id, topic=topic))
    own = Level(rows[0].level) if rows else None
    return effective(own, *_around(person_id, topic)), bool(rows and rows[0].by_hand)


def level_for(person_id: int, *, category: int | None = None, tag: str = "") -> Level | None:
    """His setting of a category or a tag; None: none."""
    rows = Subscription.objects.filter(person=person_id)
    rows = rows.filter(category=category) if category is not None else rows.filter(tag=tag).exclude(tag="")
    level = rows.values_list("level", flat=True).first()
    return None if level is None else Level(level)


def _around(person_id: int, topic: Topic) -> tuple[list[Level], Level | None]:
    rows = Subscription.objects.filter(person=person_id, tag__in=topic.tags).exclude(tag="")
    tags = [Level(level) for level in rows.values_list("level", flat=True)]
    category = Subscription.objects.filter(person=person_id, category=topic.category_id).values_list("level", flat=True).first()
    return tags, None if category is None else Level(category)


def levels_in(topic: Topic) -> dict[int, Level]:
    """Of everybody who set anything that touches this topic: the level that holds (three statements)."""
    own = dict(Subscription.objects.filter(topic=topic).values_list("person_id", "level"))
    category = dict(Subscription.objects.filter(category=topic.category_id).values_list("person_id", "level"))
    tags: dict[int, list[Level]] = {}
    if topic.tags:
        for person, level in Subscription.objects.filter(tag__in=topic.tags).values_list("person_id", "level"):
            tags.setdefault(person, []).append(Level(level))
    found = {}
    for person in {*own, *category, *tags}:
        mine = Level(own[person]) if person in own else None
        theirs = Level(category[person]) if person in category else None
        found[person] = effective(mine, tags.get(person, []), theirs)
    return found


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who may be told of a post, and why."""

    person: int
    is_mentioned: bool


def watchers_of(post: Post, mentioned: Iterable[int]) -> list[Watcher]:
    """Who is told: those who watch, and those who are mentioned or answered and did not mute (FO-19)."""
    named = set(mentioned)
    if post.reply_to:
        named |= {
            pk for pk in Post.objects.filter(topic=post.topic_id, number=post.reply_to).values_list("author_id", flat=True) if pk
        }
    levels = levels_in(post.topic)
    return [
        Watcher(person, person in named)
        for person in sorted({*levels, *named})
        if person != post.author_id
        and (levels.get(person, Level.NORMAL) is Level.WATCHING or (person in named and levels.get(person) is not Level.MUTED))
    ]


def reading_of(person_id: int | None, topic: Topic) -> Reading | None:
    return Reading.objects.filter(person=person_id, topic=topic).first() if person_id else None


def unread_count(reader: Reader) -> int:
    """How many topics have something unread, among those that he still sees (S54)."""
    if reader.person is None:
        return 0
    return topics_seen(reader).filter(pk__in=unread_topics(reader.person).values("pk")).count()


def subscriptions_of(reader: Reader) -> list[Subscription]:
    """His settings by hand and by themselves, of what he still sees; topics last."""
    rows = Subscription.objects.filter(person=reader.person).select_related("topic", "category").order_by("-since")
    seen = set(topics_seen(reader).filter(pk__in=[row.topic_id for row in rows if row.topic_id]).values_list("pk", flat=True))
    return [
        row
        for row in rows
        if (row.topic_id in seen if row.topic_id else row.category_id in reader.categories if row.category_id else True)
    ]


def drafts_of(person_id: int) -> QuerySet[Draft]:
    return Draft.objects.filter(person=person_id).order_by("-saved_at")
