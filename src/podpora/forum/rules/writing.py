"""Who may write: circles of categories, closed topics, silence."""

from datetime import datetime

from podpora.base.decisions import Decision, Reason, refuse
from podpora.forum.rules.seeing import reaches
from podpora.forum.values import CategoryFacts, MemberFacts, PostFacts, Reach, Shown, TopicFacts

FOR_GOOD = 3000  # a year behind which nobody looks


def _silence(member: MemberFacts, why: str, at: datetime) -> tuple[Reason, ...]:
    if member.is_suspended:
        return (Reason("forum.suspended", {"why": why}),)
    if member.silenced_until is None or member.silenced_until <= at:
        return ()
    if member.silenced_until.year >= FOR_GOOD:
        return (Reason("forum.silenced_for_good", {"why": why}),)
    return (Reason("forum.silenced", {"until": member.silenced_until, "why": why}),)


def may_start(member: MemberFacts | None, category: CategoryFacts, *, why: str = "", at: datetime) -> Decision:
    """A new topic, or with it any word in this category. `why`: what a moderator told a silenced member."""
    if member is None:
        return refuse("forum.sign_in")
    reasons = list(_silence(member, why, at))
    if not category.is_open and not member.is_staff:
        reasons.append(Reason("forum.category_closed"))
    if category.writes not in reaches(member):
        reasons.append(Reason("forum.staff_only" if category.writes is Reach.STAFF else "forum.customers_only"))
    return Decision(tuple(reasons))


def may_reply(member: MemberFacts | None, category: CategoryFacts, topic: TopicFacts, *, why: str = "", at: datetime) -> Decision:
    """An answer. FO-7: on a solved topic it is allowed, with a warning."""
    decision = may_start(member, category, why=why, at=at)
    reasons = list(decision.reasons)
    is_staff = member is not None and member.is_staff
    if topic.closed_at is not None and not is_staff:
        reasons.append(Reason("forum.closed"))
    if topic.state is not Shown.VISIBLE and not is_staff:
        reasons.append(Reason("forum.gone"))
    if topic.solved_post is not None and not is_staff and (member is None or member.pk != topic.author):
        reasons.append(Reason("forum.solved_warning", blocks=False))
    return Decision(tuple(reasons))


def may_vote(member: MemberFacts | None, post: PostFacts, *, why: str = "", at: datetime) -> Decision:
    """A vote says "this helped". Never for oneself (S56)."""
    if member is None:
        return refuse("forum.sign_in")
    reasons = list(_silence(member, why, at))
    if post.author is not None and post.author == member.pk:
        reasons.append(Reason("forum.own_post"))
    if post.state is not Shown.VISIBLE or post.is_whisper:
        reasons.append(Reason("forum.not_shown"))
    return Decision(tuple(reasons))
