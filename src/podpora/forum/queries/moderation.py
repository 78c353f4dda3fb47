"""What staff and moderators look at: queues with counts, reviews; and what limits ask about a writer's last days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.forum.models import Flag, Member, Post, ReviewItem, Topic
from podpora.forum.queries.seeing import Reader, topics_seen
from podpora.forum.rules import accuracy_after
from podpora.forum.values import FlagFacts, FlagKind, MemberFacts, Pace, Queue, Review, Shown, Trust
from podpora.people.models import Person

DAY = timedelta(hours=24)
UNANSWERED_AFTER = timedelta(hours=24)
UNSOLVED_AFTER = timedelta(days=7)


def pace_of(member: MemberFacts, topic: Topic | None, hosts: Iterable[str], same: str, address: str, *, at: datetime) -> Pace:
    """What this member wrote lately. Members who are no newcomers cost two statements, newcomers five."""
    mine = Post.objects.filter(author=member.pk)
    lately = list(mine.filter(written_at__gt=at - DAY).order_by("-pk").values_list("written_at", "number", "topic_id")[:200])
    duplicate = bool(same) and mine.filter(likeness=same, written_at__gt=at - DAY).exists()
    if not duplicate and same and member.trust is Trust.NEW:
        duplicate = Post.objects.filter(likeness=same, written_at__gt=at - DAY).exists()
    base: dict[str, Any] = {
        "last_post_at": lately[0][0] if lately else None,
        "last_topic_at": next((written for written, number, _topic in lately if number == 1), None),
        "topics_today": sum(number == 1 for _written, number, _topic in lately),
        "posts_today": sum(number > 1 for _written, number, _topic in lately),
        "same_text": duplicate,
    }
    if member.trust is not Trust.NEW:
        return Pace(**base, posts_ever=1)
    linking = 0
    for host in set(hosts):
        linking = max(linking, mine.filter(hosts__contains=host).count())
    accounts = (
        Post.objects.filter(address=address, author__forum_member__trust=Trust.NEW, written_at__gt=at - DAY * 7)
        if address
        else None
    )
    return Pace(
        **base,
        in_topic=mine.filter(topic=topic).exclude(number=1).count() if topic else 0,
        posts_ever=mine.exclude(state=Shown.QUEUED).count(),
        same_host=linking,
        accounts_here=len({*accounts.values_list("author_id", flat=True)[:100], member.pk}) if accounts is not None else 0,
    )


@dataclass(frozen=True, slots=True)
class FlagHistory:
    is_open: bool
    decided_at: datetime | None
    today: int


def flag_history(post: Post, person: Person, *, at: datetime) -> FlagHistory:
    """FO-16: this reader and this post."""
    decided = (
        ReviewItem.objects.filter(post=post).exclude(decided_at=None).order_by("-decided_at").values_list("decided_at", flat=True)
    )
    mine = Flag.objects.filter(person=person)
    return FlagHistory(
        mine.filter(post=post, decision=Review.OPEN).exists(), decided.first(), mine.filter(raised_at__gt=at - DAY).count()
    )


def flag_facts(row: Flag) -> FlagFacts:
    member = Member.objects.filter(person=row.person_id).only("flags_agreed", "flags_disagreed").first()
    accuracy = accuracy_after(member.flags_agreed, member.flags_disagreed) if member else 0.5
    return FlagFacts(row.person_id, FlagKind(row.kind), Trust(row.trust), row.is_staff, accuracy)


def queue_of(reader: Reader, queue: Queue, *, at: datetime) -> QuerySet[Topic]:
    """FO-29: what waits. Nothing of it is shown to anybody but staff."""
    topics = topics_seen(reader).filter(closed_at=None)
    match queue:
        case Queue.UNANSWERED:
            return topics.filter(answered_at=None, started_at__lte=at - UNANSWERED_AFTER).order_by("started_at")
        case Queue.AUTHOR_LAST:
            waits = Q(last_author=F("author"), answered_at__isnull=False, solved_at=None)
            return topics.filter(waits).order_by("last_post_at")
        case Queue.UNSOLVED:
            return topics.filter(category__solving=True, solved_at=None, started_at__lte=at - UNSOLVED_AFTER).order_by("started_at")
        case Queue.NEEDS_DETAILS:
            return topics.exclude(details_at=None).order_by("details_at")
        case Queue.MINE:
            return topics.filter(assignee=reader.person).order_by("last_post_at")


def queue_counts(reader: Reader, *, at: datetime) -> dict[Queue, int]:
    return {queue: queue_of(reader, queue, at=at).count() for queue in Queue}


def open_reviews(size: int = 50) -> list[ReviewItem]:
    """What waits for a moderator, the weightiest first; with its flags."""
    rows = ReviewItem.objects.filter(state=Review.OPEN).select_related("post__topic__category", "post__author__forum_member")
    return list(rows.prefetch_related("post__flags__person__forum_member").order_by("-score", "opened_at")[:size])


def reviews_waiting() -> int:
    return ReviewItem.objects.filter(state=Review.OPEN).count()


def review_with(code: str) -> ReviewItem:
    """Raises NotYours."""
    if "\x00" in code:
        raise NotYours
    found = ReviewItem.objects.select_related("post__topic__category", "post__author").filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def decided_reviews(size: int = 50) -> Sequence[ReviewItem]:
    return list(ReviewItem.objects.exclude(state=Review.OPEN).select_related("post__topic").order_by("-decided_at")[:size])
