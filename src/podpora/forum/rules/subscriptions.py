"""FO-19, FO-20: what a person wants to hear, and what follows by itself from what he does."""

from podpora.forum.values import Level

WATCHES_AFTER = 5 * 60  # seconds of reading


def effective(topic: Level | None, tags: list[Level], category: Level | None) -> Level:
    """A setting of the topic beats those of its tags and category; of these the loudest counts, but muted is muted."""
    if topic is not None:
        return topic
    others = [*tags, *([category] if category is not None else [])]
    if Level.MUTED in others:
        return Level.MUTED
    return max(others, default=Level.NORMAL)


def by_itself(now: Level | None, *, by_hand: bool, started: bool = False, replied: bool = False, seconds: int = 0) -> Level | None:
    """FO-20: starting a topic -> watching; answering, or reading for five minutes -> tracking. Never lower, and what was set by
    hand stays as it is (FO-19). None: no setting."""
    if by_hand:
        return now
    wanted = Level.WATCHING if started else Level.TRACKING if replied or seconds > WATCHES_AFTER else None
    if wanted is None or (now is not None and now >= wanted):
        return now
    return wanted


def tells(level: Level, *, mentioned: bool = False) -> bool:
    """Is somebody with this level told of a new answer?"""
    if level is Level.MUTED:
        return False
    return mentioned or level is Level.WATCHING
