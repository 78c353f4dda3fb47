"""Reports of readers and decisions of moderators (FO-14 to FO-18). Each thing is decided once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from podpora.audit.actions import record
from podpora.base.actors import Actor, system
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.forum import notices, queries, rules
from podpora.forum.actions.holding import hold
from podpora.forum.actions.locking import locked
from podpora.forum.actions.members import member_of, penalise
from podpora.forum.actions.posts import hide, remove
from podpora.forum.actions.topics import publish
from podpora.forum.actions.writing import pen_of
from podpora.forum.models import Flag, Member, Post, ReviewItem
from podpora.forum.values import REVIEW_NAMES, FlagKind, Penalty, Review, Shown
from podpora.people.models import Person

SYSTEM = system("forum")
SILENT_FOR = timedelta(days=3)
FORGOTTEN_AFTER = timedelta(days=60)
REMIND_AFTER = timedelta(hours=48)


@transaction.atomic
def flag(post: Post, kind: FlagKind, text: str = "", *, person: Person, by: Actor, at: datetime) -> Flag:
    """A reader reports a post. Three of them hide it; a newcomer whom three reported is silent until somebody looked (FO-14)."""
    topic = locked(post.topic)
    post = Post.objects.select_for_update().get(pk=post.pk)
    post.topic = topic
    pen = pen_of(person, by=by, at=at)
    known = queries.flag_history(post, person, at=at)
    rules.may_flag(
        pen.facts, post.facts(), flagged=known.is_open, decided_at=known.decided_at, today=known.today, at=at
    ).or_refuse()  # fmt: skip
    if len(text) > 500 or "\x00" in text:
        raise InvalidInput({"text": ["too_long"]}, {"text": {"most": 500}})
    raised = Flag(
        post=post, person=person, kind=kind, text=text.strip(), trust=pen.facts.trust, is_staff=pen.facts.is_staff, raised_at=at
    )
    raised.score = rules.score_of(queries.flag_facts(raised))
    raised.save()
    hold(post, "flagged" if not post.hidden_times else "again_hidden", score=raised.score, at=at)
    record("post.flagged", topic, by=by, at=at, facts={"post": post.code, "kind": kind.value})
    _by_itself(post, at=at)
    return raised


def _by_itself(post: Post, *, at: datetime) -> None:
    """What many reports bring about before a moderator looks."""
    if post.author is None:
        return
    author = member_of(post.author, at=at)
    facts = author.facts()
    flags = [queries.flag_facts(row) for row in Flag.objects.filter(post=post, decision=Review.OPEN).select_related("person")]
    if post.state == Shown.VISIBLE and rules.flags_hide(flags, author=facts.trust, author_is_staff=facts.is_staff):
        hide(post, by=SYSTEM, at=at)
        notices.hidden(post, at=at)
    flaggers = Flag.objects.filter(post__author=post.author, decision=Review.OPEN).values_list("person_id", flat=True)
    speaks = queries.penalty_of(post.author.pk, at=at) is None
    if speaks and rules.flags_silence(list(flaggers), author=facts.trust, author_is_staff=facts.is_staff):
        why = gettext("Several readers reported your posts; a moderator will look at them.")
        penalise(author, Penalty.SILENCED, until_at=at + SILENT_FOR, why=why, by=SYSTEM, at=at)


@transaction.atomic
def decide(
    item: ReviewItem, decision: Review, *, version: int | None = None, note: str = "", by: Actor, at: datetime
) -> ReviewItem:
    """A moderator decides. The second of two is told what the first did, and nothing is done twice (FO-17).

    AGREED: it stays or becomes hidden. DISAGREED: it is published. IGNORED: as it is. DELETED: it goes. All flags are closed,
    whoever raised them is told, and what they are worth from now on follows (FO-16).
    """
    topic = locked(item.post.topic)
    item = ReviewItem.objects.select_for_update().get(pk=item.pk)
    if item.state != Review.OPEN or (version is not None and version != item.version):
        how = REVIEW_NAMES[Review(item.state)]
        refuse("forum.already_handled", how=str(how)).or_refuse()
    if decision is Review.OPEN:
        raise InvalidInput({"decision": ["unknown"]})
    item.state, item.decided_at, item.decided_by, item.note = decision, at, by.name[:200], note[:300]
    item.version += 1
    item.save()
    post = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=item.post_id)
    post.topic = topic
    _carry_out(post, decision, by=by, at=at)
    _close_flags(post, decision, at=at)
    record("post.decided", topic, by=by, at=at, facts={"post": post.code, "decision": decision.value, "why": item.why})
    notices.decided(post, decision, at=at)
    return item


def _carry_out(post: Post, decision: Review, *, by: Actor, at: datetime) -> None:
    if decision is Review.DISAGREED and post.state in (Shown.QUEUED, Shown.HIDDEN):
        publish(post, at=at)
    elif decision is Review.AGREED and post.state in (Shown.VISIBLE, Shown.QUEUED):
        hide(post, by=by, at=at)
    elif decision is Review.DELETED:
        remove(post, by=by, at=at)


def _close_flags(post: Post, decision: Review, *, at: datetime) -> None:
    flags = list(Flag.objects.filter(post=post, decision=Review.OPEN))
    column = {Review.AGREED: "flags_agreed", Review.DELETED: "flags_agreed", Review.DISAGREED: "flags_disagreed"}.get(decision)
    if column:
        Member.objects.filter(person__in=[row.person_id for row in flags]).update(**{column: F(column) + 1})
        if column == "flags_agreed" and flags:
            Member.objects.filter(person=post.author_id).update(flagged=F("flagged") + 1)
    Flag.objects.filter(pk__in=[row.pk for row in flags]).update(decision=decision, decided_at=at)


@transaction.atomic
def keep_queue(*, by: Actor, at: datetime) -> int:
    """FO-18: what waited for two days is mentioned to moderators once, what waited for two months is left as it is."""
    for item in ReviewItem.objects.filter(state=Review.OPEN, opened_at__lte=at - FORGOTTEN_AFTER).select_related("post__topic"):
        decide(item, Review.IGNORED, by=by, at=at)
    late = ReviewItem.objects.filter(state=Review.OPEN, opened_at__lte=at - REMIND_AFTER, reminded_at=None)
    count = late.update(reminded_at=at)
    if count:
        notices.queue_waits(count, at=at)
    return count
