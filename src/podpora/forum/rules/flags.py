"""FO-14 to FO-16: reports by readers, what they weigh, and what they bring about without a moderator."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from podpora.base.decisions import Decision, Reason, refuse
from podpora.forum.values import FlagFacts, FlagKind, MemberFacts, PostFacts, Shown, Trust

HIDES = 3  # distinct flaggers of TL1 and above
SILENCES = 3  # distinct flaggers of a newcomer's posts as spam
FLAGS_A_DAY = 20
AGAIN_AFTER = timedelta(hours=24)
EDIT_AFTER = timedelta(minutes=10)
EDIT_DAYS = {Trust.NEW: 1, Trust.MEMBER: 30, Trust.REGULAR: 60}


def may_flag(
    member: MemberFacts | None, post: PostFacts, *, flagged: bool, decided_at: datetime | None, today: int, at: datetime
) -> Decision:
    """FO-12, FO-16. `flagged`: an open one of his; `decided_at`: the last decision about this post; `today`: his flags of 24 h."""
    if member is None:
        return refuse("forum.sign_in")
    reasons = []
    if member.trust is Trust.NEW and not member.is_staff:
        reasons.append(Reason("forum.cannot_flag"))
    if member.is_suspended:
        reasons.append(Reason("forum.suspended", {"why": ""}))
    if post.author is not None and post.author == member.pk:
        reasons.append(Reason("forum.own_flag"))
    if post.state is Shown.DELETED:
        reasons.append(Reason("forum.gone"))
    if flagged:
        reasons.append(Reason("forum.flagged_already"))
    if decided_at is not None and at < decided_at + AGAIN_AFTER:
        reasons.append(Reason("forum.flag_decided"))
    if today >= FLAGS_A_DAY and not member.is_staff:
        reasons.append(Reason("forum.flags_a_day", {"most": FLAGS_A_DAY}))
    return Decision(tuple(reasons))


def score_of(flag: FlagFacts) -> float:
    """What a flag weighs in the order of the review queue: who reports, how often he was right, and what."""
    standing = 5.0 if flag.is_staff else 1.0 + float(flag.trust)
    bonus = {FlagKind.SPAM: 1.0, FlagKind.ABUSE: 1.5, FlagKind.OFF_TOPIC: 0.5, FlagKind.OTHER: 0.0}[flag.kind]
    return round(standing * (0.5 + flag.accuracy) + bonus, 2)


def flags_hide(flags: Sequence[FlagFacts], *, author: Trust, author_is_staff: bool) -> bool:
    """FO-14: three distinct people of TL1 or above; for a newcomer's post one spam flag of a regular or of staff. Staff's posts stay."""
    if author_is_staff:
        return False
    if author is Trust.NEW and any(flag.kind is FlagKind.SPAM and (flag.is_staff or flag.trust >= Trust.REGULAR) for flag in flags):
        return True
    return len({flag.person for flag in flags if flag.trust >= Trust.MEMBER or flag.is_staff}) >= HIDES


def flags_silence(flaggers: Sequence[int], *, author: Trust, author_is_staff: bool) -> bool:
    """FO-14: a newcomer whose posts three distinct people reported writes nothing until a moderator has looked."""
    return author is Trust.NEW and not author_is_staff and len(set(flaggers)) >= SILENCES


def accuracy_after(agreed: int, disagreed: int) -> float:
    """FO-16: of how many flags one may expect that they are right; 0.5 of somebody unknown."""
    return round((agreed + 1) / (agreed + disagreed + 2), 3)


def may_edit(member: MemberFacts | None, post: PostFacts, *, at: datetime) -> Decision:
    """One's own posts, for a while; staff all. FO-15: what was hidden after ten minutes, once; then staff alone."""
    if member is None:
        return refuse("forum.sign_in")
    if member.is_staff:
        return Decision()
    if post.author is None or post.author != member.pk or post.state is Shown.DELETED:
        return refuse("forum.gone")
    reasons = []
    if member.is_suspended:
        reasons.append(Reason("forum.suspended", {"why": ""}))
    elif member.silenced_until is not None and member.silenced_until > at:
        reasons.append(Reason("forum.silenced", {"until": member.silenced_until, "why": ""}))
    days = EDIT_DAYS[member.trust]
    if post.written_at is not None and at - post.written_at > timedelta(days=days):
        reasons.append(Reason("forum.edit_too_late", {"days": days}))
    if post.state is Shown.HIDDEN:
        if post.hidden_times > 1:
            reasons.append(Reason("forum.hidden_twice"))
        elif post.hidden_at is not None and at < post.hidden_at + EDIT_AFTER:
            reasons.append(Reason("forum.edit_too_soon", {"after": post.hidden_at + EDIT_AFTER}))
    return Decision(tuple(reasons))
