"""How often somebody may ask: a fixed window for each limit and each asker (S03, S30, S36, S74).

    limits.count(limits.ACTIVATIONS, licence.code, at=at)      counts one; ApiError 429 with Retry-After when it is one too many
    limits.refuse(limits.GUESSES, neighbourhood, at=at)        counts nothing; 429 when no place is left

A place in a window is taken by one atomic step (an upsert in the database, or INCR in Redis), never by reading and then writing: two
hundred at once in two processes get exactly as many places as there are. Where a limit has a `step`, a process takes that many places
at once and hands them out itself: still never one too many, a few at most are left unused.
"""

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache

from podpora.api import actions
from podpora.api.envelope import too_many
from podpora.base.counting import count as count_in_cache

HELD = 50_000  # askers remembered in memory


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` in each window of `seconds`. `shared`: False counts in this process alone, for calls that cost next to nothing."""

    name: str
    most: int
    seconds: int = 60
    step: int = 1
    shared: bool = True


GUESSES = Limit("guesses", 20)  # wrong licence keys, by network address
ACTIVATIONS = Limit("activations", 12_000, step=100)  # by licence: programs that run wild must not slow down everybody else
ADDRESSES = Limit("addresses", 12_000, step=100)  # activations from one network address; a company may sit behind one
FILES = Limit("files", 1_200, step=20)  # offline files, by network address
CONTACTS = Limit("contacts", 60_000, shared=False)  # looks and refreshes, by licence

_places: dict[str, tuple[int, int]] = {}  # who -> (window, places that this process still has)
_lock = threading.Lock()


def count(limit: Limit, who: str, *, at: datetime) -> None:
    """Take one place of this window. ApiError 429 when there is none."""
    began, key = _window(limit, at), _key(limit, who)
    if (limit.step > 1 or not limit.shared) and _has_place(limit, key, began):
        return
    if not limit.shared or _take(key, began, limit) > limit.most:
        raise too_many(began + limit.seconds - int(at.timestamp()))
    if limit.step > 1:
        with _lock:
            _places[key] = (began, limit.step - 1)


def refuse(limit: Limit, who: str, *, at: datetime) -> None:
    """ApiError 429 when every place of this window is taken."""
    began = _window(limit, at)
    if _taken(_key(limit, who), began) >= limit.most:
        raise too_many(began + limit.seconds - int(at.timestamp()))


def is_exhausted_here(limit: Limit, who: str, *, at: datetime) -> bool:
    """Take a place of a limit that counts in this process alone; True when there was none."""
    return not _has_place(limit, _key(limit, who), _window(limit, at))


def _key(limit: Limit, who: str) -> str:
    return f"{limit.name}:{who if len(who) <= 100 else hashlib.sha256(who.encode()).hexdigest()}"


def _window(limit: Limit, at: datetime) -> int:
    """When the window began, in seconds since 1970."""
    return int(at.timestamp()) // limit.seconds * limit.seconds


def _has_place(limit: Limit, key: str, began: int) -> bool:
    """Take one of the places that this process has in memory."""
    with _lock:
        window, left = _places.get(key, (0, 0))
        if window != began:
            if limit.shared:
                return False
            if len(_places) >= HELD:
                _places.clear()
            left = limit.most
        if left < 1:
            return False
        _places[key] = (began, left - 1)
        return True


def _is_redis() -> bool:
    return isinstance(caches["default"], RedisCache)


def _take(key: str, began: int, limit: Limit) -> int:
    """Take `step` places where all processes see it; how many are taken now."""
    if not _is_redis():
        return actions.count_up(key, began, limit.step)
    name = f"limit:{key}:{began}"
    return count_in_cache(name, seconds=limit.seconds * 2, step=limit.step)


def _taken(key: str, began: int) -> int:
    return int(cache.get(f"limit:{key}:{began}") or 0) if _is_redis() else actions.counted(key, began)


def forget() -> None:
    """What this process holds in memory (for tests: one must not meet the places of another)."""
    with _lock:
        _places.clear()


def take(name: str, *, at: datetime, most: int, window: int = 60) -> None:
    """Take one of the `most` places that this stretch of time (`window` seconds) has for this name."""
    count(Limit("places", most, window), name, at=at)


def is_guessing(name: str, *, at: datetime) -> bool:
    """Are this minute's misses used up?"""
    limit = Limit("misses", GUESSES.most)
    return _taken(_key(limit, name), _window(limit, at)) >= limit.most


def are_elsewhere() -> bool:
    """Is another machine asked for what is counted?"""
    return _is_redis()


def refuse_guessing(name: str, *, at: datetime, misses: int = GUESSES.most) -> None:
    """429 when this minute's misses are used up."""
    refuse(Limit("misses", misses), name, at=at)


def count_miss(name: str, *, at: datetime, misses: int = GUESSES.most) -> None:
    """Count a miss. The one that is too many gets 429 itself, so that many guesses at once gain nothing."""
    count(Limit("misses", misses), name, at=at)
