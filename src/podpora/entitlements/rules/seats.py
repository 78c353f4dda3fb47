"""Fewer seats: by renewing with less, or by a refund. Nobody is cut off without notice (ORG-5, X-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from podpora.catalog.values import Policy


@dataclass(frozen=True, slots=True)
class SeatReduction:
    """When fewer seats begin, how many devices are then too many, and when the first of them may be released."""

    takes_effect_on: date
    too_many: int
    release_on: date


def reduction_after(through: date, *, active: int, seats: int, on: date, policy: Policy) -> SeatReduction:
    """ORG-5: a renewal with fewer seats, ordered on `on`, takes effect on the day after the old end.

    Devices above the new number are listed; none is released before the notice is over.
    """
    effect = max(through + timedelta(days=1), on)
    return SeatReduction(effect, max(active - seats, 0), max(effect, on + timedelta(days=policy.seat_notice_days)))


def silent_longest(last_seen: Sequence[tuple[str, datetime]], count: int) -> list[str]:
    """X-3: the devices that would be released by default: those not heard of for the longest time."""
    ordered = sorted(last_seen, key=lambda pair: (pair[1], pair[0]))
    return [code for code, _ in ordered[: max(count, 0)]]
