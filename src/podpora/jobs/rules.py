"""How long to wait, and when to give up."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=10)


def back_off(attempts: int, *, chance: float) -> timedelta:
    """The wait before the next attempt: doubles from 10 s to 10 min, shortened by up to a third.

    `chance` (0..1) spreads jobs that failed together, so that they do not come back together.
    """
    wait = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 20)), LONGEST_WAIT)
    return wait * (1 - chance / 3)


def next_run(previous: datetime, every: timedelta, *, at: datetime) -> datetime:
    """When a periodic job is due again: on its beat, in the future. Missed beats are not caught up one by one (F20)."""
    missed = max((at - previous) // every, 0)
    return previous + every * (missed + 1)


def is_spent(attempts: int, max_attempts: int) -> bool:
    return attempts >= max_attempts
