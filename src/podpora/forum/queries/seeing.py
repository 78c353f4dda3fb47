"""Who sees what: the one predicate behind every list, count, feed, suggestion, mail and search of the forum (S54).

Nothing of the forum is read for somebody without a `Reader`. What is not visible is counted and suggested nowhere, for nobody;
moderators look at it in its own places (`queries.reviewing`) and on the topic's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from podpora.base.errors import NotYours
from podpora.forum.models import Category, Member, Penalised, Post, Topic
from podpora.forum.rules import reaches
from podpora.forum.values import MemberFacts, Penalty, Reach, Shown
from podpora.people.models import Person
from podpora.people.permissions import staff_may


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads: his circles, and the categories that are open to him."""

    person: int | None
    facts: MemberFacts | None
    categories: Mapping[int, Category]

    @property
    def is_staff(self) -> bool:
        return self.facts is not None and self.facts.is_staff

    @property
    def moderates(self) -> bool:
        return self.facts is not None and self.facts.moderates


def facts_of(person: Any) -> MemberFacts | None:
    """What rules ask of a reader; None for a visitor. One query for somebody signed in."""
    if person is None or not person.is_authenticated or not person.is_active:
        return None
    member = Member.objects.filter(person=person).only("is_customer", "trust", "joined_at").first()
    return MemberFacts(
        pk=person.pk,
        trust=member.facts_trust if member else MemberFacts(None).trust,
        is_staff=staff_may(person, "forum"),
        moderates=staff_may(person, "moderate"),
        is_customer=bool(member and member.is_customer),
        joined_at=member.joined_at if member else None,
    )


def reader_of(person: Any) -> Reader:
    """One query, two for somebody signed in."""
    return reader_for(facts_of(person))


def reader_for(facts: MemberFacts | None) -> Reader:
    found = Category.objects.filter(reads__in=[reach.value for reach in reaches(facts)])
    return Reader(facts.pk if facts else None, facts, {category.pk: category for category in found})


def anybody() -> Reader:
    """A visitor: what feeds, sitemaps and caches may say."""
    return reader_for(None)


def topics_seen(reader: Reader) -> QuerySet[Topic]:
    """What stands in lists and counts."""
    return Topic.objects.filter(state=Shown.VISIBLE, category__in=list(reader.categories))


def posts_seen(reader: Reader) -> QuerySet[Post]:
    """Published posts of topics that he sees; whispers are for staff."""
    found = Post.objects.filter(state=Shown.VISIBLE, topic__state=Shown.VISIBLE, topic__category__in=list(reader.categories))
    return found if reader.is_staff else found.filter(is_whisper=False)


def posts_of(topic: Topic, reader: Reader) -> QuerySet[Post]:
    """The posts of a topic that he sees: published; his own that wait or were hidden; moderators all (rules.sees_post)."""
    found = Post.objects.filter(topic=topic)
    if reader.moderates:
        return found
    visible = Q(state=Shown.VISIBLE)
    if reader.person is not None:
        visible |= Q(author=reader.person, state__in=[Shown.QUEUED, Shown.HIDDEN])
    found = found.filter(visible)
    return found if reader.is_staff else found.filter(is_whisper=False)


class Gone(NotYours):
    """It was public once and was deleted: 410 instead of 404 (FO-10)."""


def topic_for(reader: Reader, number: int) -> Topic:
    """The topic with this number, if he sees it. Its author sees it while it waits; moderators always. Raises NotYours, or Gone."""
    if not 0 < number < 2**62:
        raise NotYours
    topic = Topic.objects.select_related("solution__post", "merged_into").filter(number=number).first()
    if topic is None or topic.category_id not in reader.categories:
        raise NotYours
    topic.category = reader.categories[topic.category_id]
    own = reader.person is not None and topic.author_id == reader.person
    if topic.state == Shown.VISIBLE or reader.moderates or (own and topic.state in (Shown.QUEUED, Shown.HIDDEN)):
        return topic
    raise Gone if topic.state == Shown.DELETED and topic.category.reads == Reach.EVERYBODY else NotYours


def post_for(reader: Reader, code: str) -> Post:
    """The post with this code, if he sees it; raises NotYours."""
    if "\x00" in code:
        raise NotYours
    post = Post.objects.select_related("topic").filter(code=code).first()
    if post is None:
        raise NotYours
    topic = topic_for(reader, post.topic.number)
    found = posts_of(topic, reader).filter(pk=post.pk).first()
    if found is None:
        raise NotYours
    found.topic = topic
    return found


def category_for(reader: Reader, code: str) -> Category:
    found = next((category for category in reader.categories.values() if category.code == code), None)
    if found is None:
        raise NotYours
    return found


def penalty_of(person_id: int, *, at: datetime) -> Penalised | None:
    """The silence or suspension that holds now; suspension first."""
    rows = Penalised.objects.filter(person=person_id, lifted_at=None).exclude(until_at__lte=at)
    return next(iter(sorted(rows, key=lambda row: row.kind != Penalty.SUSPENDED)), None)


def can_read(person: Person, topic: Topic) -> bool:
    """Asked again before something is sent (S54)."""
    return topics_seen(reader_of(person)).filter(pk=topic.pk).exists()
