"""Keeping order: another category, closed, pinned, tags, merged, split, assigned."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.forum import rules
from podpora.forum.actions.locking import locked
from podpora.forum.actions.solving import drop_solution
from podpora.forum.actions.writing import clean_title, find_again, next_number, recount, recount_category, recount_members
from podpora.forum.models import Category, Post, Subscription, Topic, TopicTag
from podpora.forum.values import MOST_TAGS, Shown
from podpora.people.models import Person


@transaction.atomic
def move(topic: Topic, category: Category, *, by: Actor, at: datetime) -> Topic:
    """Into another category. Who reads there reads it from now on, and nobody else (S54)."""
    topic = locked(topic)
    before = topic.category
    if before.pk == category.pk:
        return topic
    topic.category = category
    topic.revision += 1
    topic.save()
    recount_category(before)
    recount_category(category)
    if before.reads != category.reads:
        recount_members(topic.posts.values_list("author_id", flat=True).distinct())
    find_again(topic, at=at)
    record("topic.moved", topic, by=by, at=at, before={"category": before.code}, after={"category": category.code})
    return topic


@transaction.atomic
def set_closed(topic: Topic, closed: bool, *, by: Actor, at: datetime) -> Topic:
    topic = locked(topic)
    if closed is (topic.closed_at is not None):
        return topic
    topic.closed_at, topic.close_at = at if closed else None, None
    topic.save(update_fields=["closed_at", "close_at"])
    record("topic.closed" if closed else "topic.opened", topic, by=by, at=at)
    return topic


@transaction.atomic
def set_pinned(topic: Topic, pinned: bool, *, by: Actor, at: datetime) -> Topic:
    topic = locked(topic)
    if pinned is not topic.is_pinned:
        topic.is_pinned = pinned
        topic.save(update_fields=["is_pinned"])
        record("topic.pinned" if pinned else "topic.unpinned", topic, by=by, at=at)
    return topic


@transaction.atomic
def set_tags(topic: Topic, names: Iterable[str], *, by: Actor, at: datetime) -> Topic:
    """Raises InvalidInput for what can't be a tag, and for too many."""
    given = [name for name in names if name.strip()]
    tags = list(dict.fromkeys(filter(None, (rules.tag_of(name) for name in given))))
    if len(tags) < len({name.strip().lower() for name in given}):
        raise InvalidInput({"tags": ["forum.no_such_tag"]})
    if len(tags) > MOST_TAGS:
        raise InvalidInput({"tags": ["too_many"]}, {"tags": {"most": MOST_TAGS}})
    topic = locked(topic)
    before = topic.tags
    if before == tags:
        return topic
    topic.tag_names = ",".join(tags)
    topic.save(update_fields=["tag_names"])
    TopicTag.objects.filter(topic=topic).exclude(name__in=tags).delete()
    TopicTag.objects.bulk_create([TopicTag(topic=topic, name=tag) for tag in tags], ignore_conflicts=True)
    find_again(topic, at=at)
    record("topic.tags", topic, by=by, at=at, before={"tags": before}, after={"tags": tags})
    return topic


@transaction.atomic
def assign(topic: Topic, to: Person | None, *, by: Actor, at: datetime) -> Topic:
    """Somebody of our staff looks after it; readers do not see who, so nothing is promised (FO-29)."""
    topic = locked(topic)
    before = topic.assignee
    if before != to:
        topic.assignee = to
        topic.save(update_fields=["assignee"])
        after = {"to": to.code if to else None}
        record("topic.assigned", topic, by=by, at=at, before={"to": before.code if before else None}, after=after)
    return topic


@transaction.atomic
def merge(source: Topic, target: Topic, *, by: Actor, at: datetime) -> Topic:
    """All posts of one behind those of the other; the old address leads there. Its solution goes (FO-3)."""
    if source.pk == target.pk:
        refuse("forum.same_topic").or_refuse()
    rows = {each.pk: locked(each) for each in sorted((source, target), key=lambda topic: topic.pk)}
    source, target = rows[source.pk], rows[target.pk]
    if target.state != Shown.VISIBLE or source.merged_into_id is not None:
        refuse("forum.gone").or_refuse()
    count = _carry(list(source.posts.order_by("number")), source, target)
    for row in Subscription.objects.filter(topic=source):
        if not Subscription.objects.filter(topic=target, person=row.person_id).exists():
            row.topic = target
            row.save(update_fields=["topic"])
    source.state, source.deleted_at, source.deleted_by, source.merged_into = Shown.DELETED, at, by.name[:200], target
    _settle(source, target, at=at)
    facts = {"into": target.code, "posts": count}
    record("topic.merged", source, by=by, at=at, facts=facts)
    return target


@transaction.atomic
def split(topic: Topic, numbers: Iterable[int], title: str, *, category: Category | None = None, by: Actor, at: datetime) -> Topic:
    """Some posts become a topic of their own, in their order. The first post stays. Raises InvalidInput."""
    topic = locked(topic)
    chosen = list(topic.posts.filter(number__in=set(numbers)).exclude(number=1).exclude(state=Shown.DELETED).order_by("number"))
    title = clean_title(title)
    if not chosen:
        refuse("forum.nothing_chosen").or_refuse()
    first = next((post for post in chosen if not post.is_whisper), chosen[0])
    fresh = Topic.objects.create(
        number=next_number("topic"), category=category or topic.category, title=title, slug=rules.slug_of(title),
        language=topic.language, version=topic.version, author=first.author, author_name=first.author_name, excerpt=first.excerpt,
        started_at=first.written_at, last_post_at=first.written_at,
    )  # fmt: skip
    ordered = [first, *(post for post in chosen if post is not first)]
    _carry(ordered, topic, fresh)
    _settle(topic, fresh, at=at)
    record("topic.split", topic, by=by, at=at, facts={"new": fresh.code, "posts": len(chosen)})
    return fresh


def _carry(posts: list[Post], source: Topic, target: Topic) -> int:
    """Posts get the next numbers of their new topic; what answered a post that stays answers nothing."""
    numbers: dict[int, int] = {}
    for post in posts:
        drop_solution(source, post)
        target.highest += 1
        numbers[post.number] = target.highest
        post.topic, post.number = target, target.highest
        post.reply_to = numbers.get(post.reply_to) if post.reply_to else None
        post.save(update_fields=["topic", "number", "reply_to"])
    return len(posts)


def _settle(*topics: Topic, at: datetime) -> None:
    for topic in topics:
        recount(topic)
        others = topic.posts.filter(state=Shown.VISIBLE, is_whisper=False).exclude(author=topic.author_id).order_by("number")
        topic.answered_at = others.values_list("written_at", flat=True).first()
        topic.revision += 1
        topic.save()
    for category in {topic.category_id: topic.category for topic in topics}.values():
        recount_category(category)
    find_again(*topics, at=at)
