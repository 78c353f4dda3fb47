"""Staged roll-outs: which devices have a new revision already, and when it stops by itself (CS-17, CS-18, CS-19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

_SLICES = 10_000  # hundredths of a per cent


@dataclass(frozen=True, slots=True)
class Wave:
    """A part of the devices. `percent`: of all, by a stable hash; `groups`: everybody in one of them. Either is enough."""

    percent: float = 0.0
    groups: frozenset[str] = frozenset()


def share_of(device: str, rollout: str) -> float:
    """The place of a device in a roll-out, 0 to just below 100, the same each time it is asked (SHA-256).

    The roll-out's code is part of it: else the same tenth of the computers would have to try every change first.
    """
    number = int.from_bytes(sha256(f"{rollout}:{device}".encode()).digest()[:8], "big")
    return (number % _SLICES) * 100 / _SLICES


def has_reached(device: str, groups: Collection[str], *, rollout: str, waves: Collection[Wave]) -> bool:
    """Is the device in one of the waves that have begun? Waves only add: a percentage of a later one holds that of an earlier."""
    share = share_of(device, rollout)
    return any(share < wave.percent or not wave.groups.isdisjoint(groups) for wave in waves)


def revision_for(reached: bool, *, offered: int, rolling: int, settled: int) -> int:
    """The revision that a device gets. `offered`: the one that it was given last, 0 for none; it never goes back (CS-8, CS-19)."""
    return max(rolling if reached else settled, offered)


def must_halt(errors: int, reports: int, *, reached: int, limit_percent: float, enough: int = 50) -> bool:
    """CS-18: more of the devices that were reached report errors than the limit allows.

    A few reports say little: one error among the first three is 33 %. Until `enough` reports are there (or all devices of a small wave),
    the errors are measured against so many, as if the missing ones were fine: it halts early only where they could not save it.
    """
    counted = max(reports, min(enough, reached))
    return errors > 0 and errors * 100 > limit_percent * counted


def is_excluded(on: date, exclusions: Collection[tuple[date, date]]) -> bool:
    """Is this day (in the company's zone) one on which nothing new goes out? Both ends belong to an exclusion."""
    return any(first <= on <= last for first, last in exclusions)
