"""What somebody wants to hear, how far he read, what he is writing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.forum import rules
from podpora.forum.actions.members import member_of
from podpora.forum.models import Category, Draft, Member, Reading, Subscription, Topic
from podpora.forum.values import DRAFT_LIFE, POST_LENGTH, TITLE_LENGTH, Level
from podpora.people.models import Person


def follow(
    person: Person, topic: Topic, *, started: bool = False, replied: bool = False, seconds: int = 0, read: int = 0, at: datetime
) -> None:
    """FO-20: what follows by itself. What was set by hand stays (FO-19)."""
    row = Subscription.objects.filter(person=person, topic=topic).first()
    level = Level(row.level) if row else None
    wanted = rules.by_itself(level, by_hand=bool(row and row.by_hand), started=started, replied=replied, seconds=seconds)
    if wanted is not None and wanted != level:
        Subscription.objects.update_or_create(person=person, topic=topic, defaults={"level": wanted, "since": at})
    if read:
        _read(person, topic, read, 0, at)


@transaction.atomic
def subscribe(person: Person, level: Level | None, *, topic: Topic | None = None, category: Category | None = None,
              tag: str = "", at: datetime) -> None:  # fmt: skip
    """By hand: of a topic, a category or a tag. None takes the setting away."""
    member_of(person, at=at)
    place: dict[str, Any] = {"topic": topic} if topic else {"category": category} if category else {"tag": tag}
    if not topic and not category and rules.tag_of(tag) != tag:
        raise InvalidInput({"tag": ["forum.no_such_tag"]})
    if level is None:
        Subscription.objects.filter(person=person, **place).delete()
        return
    Subscription.objects.update_or_create(person=person, **place, defaults={"level": level, "by_hand": True, "since": at})


@transaction.atomic
def note_reading(person: Person, topic: Topic, last: int, seconds: int, *, at: datetime) -> Reading:
    """FO-24: a report of a browser. It never goes back; time is bounded. Five minutes of reading begin to track (FO-20)."""
    row = _read(person, topic, last, seconds, at)
    follow(person, topic, seconds=row.seconds, at=at)
    return row


def _read(person: Person, topic: Topic, last: int, seconds: int, at: datetime) -> Reading:
    fresh = Reading(person=person, topic=topic, opened_at=at, read_at=at)
    made = not Reading.objects.filter(person=person, topic=topic).exists()
    if made:
        Reading.objects.bulk_create([fresh], ignore_conflicts=True)
    row = Reading.objects.select_for_update(of=("self",)).select_related("topic").get(person=person, topic=topic)
    before, spent = row.last_read, row.seconds
    row.last_read = rules.read_further(before, last, row.topic.last_shown)
    row.seconds = rules.reading_time(spent, seconds)
    row.read_at = at
    row.save(update_fields=["last_read", "seconds", "read_at"])
    if made or row.last_read > before or row.seconds > spent:
        Member.objects.filter(person=person).update(
            topics_entered=F("topics_entered") + int(made),
            posts_read=F("posts_read") + row.last_read - before,
            seconds_read=F("seconds_read") + row.seconds - spent,
        )
    return row


@transaction.atomic
def read_all(person: Person, *, at: datetime) -> int:
    """Nothing is unread any more. How many topics."""
    rows = Reading.objects.filter(person=person, last_read__lt=F("topic__last_shown")).select_related("topic")
    count = 0
    for row in rows:
        row.last_read = row.topic.last_shown
        row.save(update_fields=["last_read"])
        count += 1
    return count


@transaction.atomic
def save_draft(person: Person, place: str, words: Mapping[str, str], *, version: int, at: datetime) -> Draft:
    """Keep what he is writing. Two windows, one draft: whoever writes on an older version is told. Raises InvalidInput."""
    text, title = words.get("text", ""), words.get("title", "")
    if len(text) > POST_LENGTH or len(title) > TITLE_LENGTH or "\x00" in f"{text}{title}{place}":
        raise InvalidInput({"text": ["too_long"]})
    draft = Draft.objects.select_for_update().filter(person=person, place=place[:30]).first()
    kept = {"category": words.get("category", "")[:40], "title": title, "tags": words.get("tags", "")[:200], "text": text}
    if draft is None:
        draft = Draft(person=person, place=place[:30])
    elif all(getattr(draft, name) == value for name, value in kept.items()):
        return draft
    elif version != draft.version:
        refuse("forum.draft_changed").or_refuse()
    for name, value in kept.items():
        setattr(draft, name, value)
    draft.version += 1
    draft.saved_at = at
    draft.save()
    return draft


@transaction.atomic
def drop_draft(person: Person, place: str) -> bool:
    return bool(Draft.objects.filter(person=person, place=place[:30]).delete()[0])


def forget_drafts(*, at: datetime) -> int:
    """Drafts that nobody touched for half a year."""
    return Draft.objects.filter(saved_at__lte=at - DRAFT_LIFE).delete()[0]
