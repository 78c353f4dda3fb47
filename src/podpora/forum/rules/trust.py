"""FO-11 to FO-13: how a newcomer becomes a member and a regular, by reading and helping, without asking anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from podpora.forum.values import Trust

BOOTSTRAP = 50  # people: while there are fewer, nobody begins as a newcomer


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member did so far."""

    joined_at: datetime
    topics_entered: int = 0
    posts_read: int = 0
    seconds_read: int = 0
    days_visited: int = 0
    votes_given: int = 0
    votes_received: int = 0
    topics_answered: int = 0
    flagged: int = 0  # posts of his that moderators found to be bad


def starts_at(*, is_customer: bool, members: int) -> Trust:
    """An account with a licence starts as a member; so does everybody while the forum is young (FO-13)."""
    return Trust.MEMBER if is_customer or members < BOOTSTRAP else Trust.NEW


def trust_after(now: Trust, standing: Standing, *, is_customer: bool, members: int, at: datetime) -> Trust:
    """What the member is from now on. Never lower than he was: that is a moderator's decision."""
    earned = starts_at(is_customer=is_customer, members=members)
    if _is_member(standing, at):
        earned = max(earned, Trust.MEMBER)
    if earned >= Trust.MEMBER and _is_regular(standing):
        earned = Trust.REGULAR
    return max(now, earned)


def _is_member(standing: Standing, at: datetime) -> bool:
    return (
        standing.topics_entered >= 5
        and standing.posts_read >= 30
        and standing.seconds_read >= 10 * 60
        and at - standing.joined_at >= timedelta(minutes=10)
    )


def _is_regular(standing: Standing) -> bool:
    return (
        standing.topics_entered >= 20
        and standing.posts_read >= 100
        and standing.seconds_read >= 60 * 60
        and standing.days_visited >= 15
        and standing.votes_given >= 1
        and standing.votes_received >= 1
        and standing.topics_answered >= 3
        and standing.flagged <= 5
    )
