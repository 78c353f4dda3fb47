"""FO-1 to FO-8: the solution of a topic, set, replaced, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.forum import notices, rules
from podpora.forum.actions.locking import locked
from podpora.forum.actions.writing import find_again, pen_of, recount_members
from podpora.forum.models import Post, Solution, Topic
from podpora.forum.values import SolutionKind
from podpora.people.models import Person


@dataclass(frozen=True, slots=True)
class Outside:
    """FO-8: an article or a release that solves a topic, by its public code, with the title that readers see."""

    kind: SolutionKind
    ref: str
    title: str


@transaction.atomic
def accept(post: Post, *, person: Person | None, by: Actor, at: datetime) -> Solution:
    """This post is the solution; the one before is replaced (FO-2). Accepted again, nothing happens."""
    topic = locked(post.topic)
    post = Post.objects.get(pk=post.pk)
    pen = pen_of(person, by=by, at=at)
    rules.may_solve(pen.facts, topic.facts(), SolutionKind.POST, post.facts()).or_refuse()
    if post.topic_id != topic.pk:
        raise InvalidInput({"post": ["unknown"]})
    there = Solution.objects.filter(topic=topic).first()
    if there is not None and there.post_id == post.pk:
        return there
    return _set(topic, Solution(kind=SolutionKind.POST, post=post), person, by_staff=pen.facts.is_staff, by=by, at=at)


@transaction.atomic
def solve_with(topic: Topic, outside: Outside, *, person: Person | None, by: Actor, at: datetime) -> Solution:
    """FO-8: an article or a release is the solution. Whether there is such a thing, the caller knows."""
    topic = locked(topic)
    pen = pen_of(person, by=by, at=at)
    rules.may_solve(pen.facts, topic.facts(), outside.kind).or_refuse()
    if not outside.ref or len(outside.ref) > 120:
        raise InvalidInput({"ref": ["required" if not outside.ref else "too_long"]})
    there = Solution.objects.filter(topic=topic, kind=outside.kind, ref=outside.ref).first()
    if there is not None:
        return there
    solution = Solution(kind=outside.kind, ref=outside.ref, title=outside.title[:200])
    return _set(topic, solution, person, by_staff=pen.facts.is_staff, by=by, at=at)


def _set(topic: Topic, solution: Solution, person: Person | None, *, by_staff: bool, by: Actor, at: datetime) -> Solution:
    _forget(topic)
    solution.topic, solution.accepted_at, solution.accepted_by, solution.by_staff = topic, at, person, by_staff
    solution.save()
    topic.solved_at = at
    hours = topic.category.close_after_hours
    if hours and topic.closed_at is None:
        topic.close_at = topic.last_post_at + timedelta(hours=hours)  # FO-6: since the last post
    topic.details, topic.details_at = [], None
    topic.revision += 1
    topic.save()
    if solution.post is not None and solution.post.author_id is not None:
        recount_members([solution.post.author_id])
    find_again(topic, at=at)
    facts = {"kind": solution.kind, "post": solution.post.code if solution.post else "", "ref": solution.ref}
    record("topic.solved", topic, by=by, at=at, facts=facts)
    notices.solved(topic, solution, by=by, at=at)
    return solution


@transaction.atomic
def unaccept(topic: Topic, *, person: Person | None, by: Actor, at: datetime) -> Topic:
    """There is no solution any more; the timer that would close the topic stops (FO-6)."""
    topic = locked(topic)
    pen = pen_of(person, by=by, at=at)
    there = Solution.objects.filter(topic=topic).exists()
    rules.may_unsolve(pen.facts, topic.facts(), is_solved=there).or_refuse()
    _forget(topic)
    topic.revision += 1
    topic.save()
    find_again(topic, at=at)
    record("topic.unsolved", topic, by=by, at=at)
    return topic


def drop_solution(topic: Topic, post: Post) -> bool:
    """FO-3: the post is not there any more. The caller saves the topic."""
    if not Solution.objects.filter(topic=topic, post=post).exists():
        return False
    _forget(topic)
    return True


def _forget(topic: Topic) -> None:
    for row in Solution.objects.filter(topic=topic).select_related("post"):
        row.delete()
        recount_members([row.post.author_id if row.post else None])
    topic.solved_at = topic.close_at = None


@transaction.atomic
def close_due(*, by: Actor, at: datetime) -> int:
    """FO-6: solved topics in which nobody wrote for as long as their category says. How many."""
    count = 0
    for topic in Topic.objects.filter(close_at__lte=at, closed_at=None):
        row = locked(topic)
        if row.close_at is None or row.close_at > at or row.closed_at is not None:
            continue
        row.closed_at, row.close_at = at, None
        row.save(update_fields=["closed_at", "close_at"])
        record("topic.closed", row, by=by, at=at)
        count += 1
    return count
