"""Limits on guessing: after so many misses a minute one address has to wait.

Each miss takes a numbered place in the cache with `add`, which every cache backend does atomically: many at once can't take the
same place, so none is lost, whatever cache stands behind.
"""

from datetime import datetime

from django.core.cache import cache

from podpora.api.envelope import too_many

MISSES = 20
WINDOW = 60


def _place(name: str, number: int, at: datetime, window: int) -> str:
    return f"limit:{name}:{int(at.timestamp()) // window}:{number}"


def refuse_guessing(name: str, *, at: datetime, misses: int = MISSES, window: int = WINDOW) -> None:
    """Raises 429 with `Retry-After` when the places of this minute (`window`: seconds) are all taken."""
    if cache.get(_place(name, misses, at, window)):
        raise too_many(window - int(at.timestamp()) % window)


def count_miss(name: str, *, at: datetime, misses: int = MISSES, window: int = WINDOW) -> None:
    for number in range(1, misses + 1):
        if cache.add(_place(name, number, at, window), 1, timeout=window * 2):
            return
