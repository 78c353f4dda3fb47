"""FO-24, FO-25: how far somebody read."""

from datetime import datetime

from podpora.forum.values import NEW_FOR, Level

MOST_SECONDS = 24 * 60 * 60  # of one topic
MOST_AT_ONCE = 5 * 60  # one report of a browser can't say more


def read_further(old: int, new: int, highest: int) -> int:
    """The last post that was read. It never goes back, and never behind the last one."""
    return max(old, min(new, highest), 0)


def reading_time(old: int, more: int) -> int:
    """Seconds in a topic, with a report added; bounded at each report and in all."""
    return min(old + min(max(more, 0), MOST_AT_ONCE), MOST_SECONDS)


def is_new(started_at: datetime, *, joined_at: datetime, opened: bool, at: datetime) -> bool:
    """Started lately, after the account was made, and never opened."""
    return not opened and started_at > joined_at and at - started_at <= NEW_FOR


def is_unread(highest: int, last_read: int | None, level: Level) -> bool:
    """Only in what somebody tracks or watches."""
    return last_read is not None and level >= Level.TRACKING and highest > last_read


def first_unread(last_read: int | None, highest: int) -> int:
    """Where a long topic opens: at the first post that was not read; at the last one when all were."""
    return min((last_read or 0) + 1, highest)
