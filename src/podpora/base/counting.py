"""Counting in the cache, whatever happens to it meanwhile."""

from django.core.cache import cache


def count(name: str, *, seconds: int, step: int = 1) -> int:
    """How often this name was counted within the time. A cache that was emptied in between begins anew (F27)."""
    cache.add(name, 0, timeout=seconds)
    try:
        return int(cache.incr(name, step))
    except (ValueError, TypeError):
        cache.set(name, step, timeout=seconds)
        return step
