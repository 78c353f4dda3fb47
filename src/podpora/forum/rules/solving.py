"""FO-1 to FO-3, FO-8: who marks the solution of a topic, with what, and when it goes."""

from podpora.base.decisions import Decision, Reason, refuse
from podpora.forum.values import MemberFacts, PostFacts, Shown, SolutionKind, TopicFacts


def may_solve(member: MemberFacts | None, topic: TopicFacts, kind: SolutionKind, post: PostFacts | None = None) -> Decision:
    """FO-1: who asked, while the topic is open; staff always. FO-8: an article or a release is named by staff and by who asked."""
    decision = _may_touch(member, topic)
    reasons = list(decision.reasons)
    if kind is SolutionKind.POST and post is not None:
        if post.number == 1:
            reasons.append(Reason("forum.first_post_is_question"))
        if post.state is not Shown.VISIBLE or post.is_whisper:
            reasons.append(Reason("forum.not_shown"))
    return Decision(tuple(reasons))


def may_unsolve(member: MemberFacts | None, topic: TopicFacts, *, is_solved: bool) -> Decision:
    decision = _may_touch(member, topic)
    return decision if is_solved else decision & refuse("forum.not_solved")


def _may_touch(member: MemberFacts | None, topic: TopicFacts) -> Decision:
    if member is None:
        return refuse("forum.sign_in")
    reasons = []
    if not topic.solving:
        reasons.append(Reason("forum.not_solving"))
    if not member.is_staff:
        if topic.author is None or topic.author != member.pk:
            reasons.append(Reason("forum.not_yours_to_solve"))
        elif topic.closed_at is not None:
            reasons.append(Reason("forum.closed_to_solve"))
        if member.is_suspended:
            reasons.append(Reason("forum.suspended", {"why": ""}))
    return Decision(tuple(reasons))


def survives(post: PostFacts, *, is_in_topic: bool) -> bool:
    """FO-3: does a topic stay solved by this post? Not when it was deleted, hidden or moved away."""
    return is_in_topic and post.state is Shown.VISIBLE and not post.is_whisper
