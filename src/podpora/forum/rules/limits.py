"""FO-12, FO-18: what newcomers may write and how often; what waits for a moderator first."""

from datetime import datetime, timedelta

from podpora.base.decisions import Decision, Reason
from podpora.forum.values import MOST_FILES, Answer, Mark, MemberFacts, Pace, Trust

LINKS, PICTURES, MENTIONS_NEW, MENTIONS = 2, 1, 2, 10
IN_TOPIC = 3
FIRST_DAY = timedelta(hours=24)
TOPICS_FIRST_DAY, POSTS_FIRST_DAY = 3, 10
BETWEEN_TOPICS, BETWEEN_POSTS = timedelta(seconds=120), timedelta(seconds=30)
BETWEEN_POSTS_LATER = timedelta(seconds=5)
FASTEST = 3.0  # seconds in which a person can write a first post
SAME_HOST = 3
ACCOUNTS = 3


def allowed_text(member: MemberFacts, mark: Mark) -> Decision:
    """FO-12: what may stand in a post. Everything that is too much is told at once."""
    if member.is_staff:
        return Decision()
    is_new = member.trust is Trust.NEW
    reasons = []
    if is_new and mark.links > LINKS:
        reasons.append(Reason("forum.too_many_links", {"most": LINKS}))
    if is_new and mark.pictures > PICTURES:
        reasons.append(Reason("forum.too_many_pictures", {"most": PICTURES}))
    if is_new and mark.files > mark.pictures:
        reasons.append(Reason("forum.no_files"))
    if mark.files > MOST_FILES:
        reasons.append(Reason("forum.too_many_files", {"most": MOST_FILES}))
    most = MENTIONS_NEW if is_new else MENTIONS
    if mark.mentions > most:
        reasons.append(Reason("forum.too_many_mentions", {"most": most}))
    return Decision(tuple(reasons))


def allowed_now(member: MemberFacts, pace: Pace, *, is_topic: bool, own_topic: bool = False, at: datetime) -> Decision:
    """FO-12: how often. In one's own topic one may answer as often as one is asked."""
    if member.is_staff:
        return Decision()
    reasons = []
    is_new = member.trust is Trust.NEW
    wait = max(_left(pace.last_post_at, BETWEEN_POSTS if is_new else BETWEEN_POSTS_LATER, at),
               _left(pace.last_topic_at, BETWEEN_TOPICS, at) if is_new and is_topic else 0)  # fmt: skip
    if wait:
        reasons.append(Reason("forum.wait", {"seconds": wait}))
    if is_new and member.joined_at is not None and at - member.joined_at < FIRST_DAY:
        if is_topic and pace.topics_today >= TOPICS_FIRST_DAY:
            reasons.append(Reason("forum.topics_first_day", {"most": TOPICS_FIRST_DAY}))
        if not is_topic and pace.posts_today >= POSTS_FIRST_DAY:
            reasons.append(Reason("forum.posts_first_day", {"most": POSTS_FIRST_DAY}))
    if is_new and not is_topic and not own_topic and pace.in_topic >= IN_TOPIC:
        reasons.append(Reason("forum.posts_in_topic", {"most": IN_TOPIC}))
    return Decision(tuple(reasons))


def _left(last: datetime | None, gap: timedelta, at: datetime) -> int:
    if last is None or at >= last + gap:
        return 0
    return max(1, round((last + gap - at).total_seconds()))


def why_held(member: MemberFacts, mark: Mark, pace: Pace, answer: Answer) -> str:
    """FO-18: the first reason why a moderator looks at a post before it is published; "" when nobody needs to.

    Only newcomers' posts wait, but what fell into the trap or stands there already waits whoever wrote it (staff excepted).
    """
    if member.is_staff:
        return ""
    if answer.trap:
        return "trap"
    if pace.same_text:
        return "duplicate"
    if member.trust is not Trust.NEW:
        return ""
    if pace.posts_ever == 0 and answer.seconds is not None and answer.seconds < FASTEST:
        return "too_fast"
    if mark.hosts and pace.same_host + 1 >= SAME_HOST:
        return "same_host"
    if pace.accounts_here > ACCOUNTS:
        return "many_accounts"
    if pace.posts_ever == 0 and mark.links:
        return "first_post"
    return ""
