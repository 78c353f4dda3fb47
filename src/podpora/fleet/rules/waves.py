"""Staged roll-outs: which devices have a new revision already, when the next wave begins, when it stops by itself (CS-17 to CS-19)."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from podpora.fleet.values import Plan, Wave

_SLICES = 10_000  # hundredths of a per cent


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


def revision_for(reached: bool, *, offered: int, rolling: int, settled: int, is_stopped: bool = False) -> int:
    """The revision that a device gets. `offered`: the one that it was given last, 0 for none; it never goes back (CS-8, CS-19).

    A device that has what an earlier roll-out gave it, which this one replaces, gets the new one at once: it is where the fix is needed.
    `is_stopped`: the roll-out was halted, or today nothing goes out; nobody gets what he does not have yet (CS-18).
    """
    if is_stopped:
        return max(settled, offered)
    return rolling if reached or offered > settled else settled


def must_halt(errors: int, reports: int, *, reached: int, limit_percent: float, enough: int = 50) -> bool:
    """CS-18: more of the devices that were reached report errors than the limit allows.

    A few reports say little: one error among the first three is 33 %. Until `enough` reports are there (or all devices of a small wave),
    the errors are measured against so many, as if the missing ones were fine: it halts early only where they could not save it.
    """
    counted = max(reports, min(enough, reached))
    return errors > 0 and errors * 100 > limit_percent * counted


def is_excluded(on: date, exclusions: Collection[tuple[date, date]]) -> bool:
    """Is this day (in the roll-out's zone) one on which nothing new goes out? Both ends belong to an exclusion."""
    return any(first <= on <= last for first, last in exclusions)


def is_held(plan: Plan, *, at: datetime) -> bool:
    """Is it now, in the zone of the plan, a day on which nothing new goes out?"""
    return is_excluded(at.astimezone(ZoneInfo(plan.zone)).date(), plan.exclusions)


def next_wave_at(plan: Plan, wave: int, *, began_at: datetime) -> datetime | None:
    """When the wave after `wave` (counted from 1) begins, or the roll-out is done; never on an excluded day. None: when somebody says so."""
    hours = plan.waves[wave - 1].hours
    if hours is None:
        return None
    zone, found = ZoneInfo(plan.zone), began_at + timedelta(hours=hours)
    for _ in range(len(plan.exclusions) + 1):
        on = found.astimezone(zone).date()
        for first, last in plan.exclusions:
            if first <= on <= last:
                found = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(began_at.tzinfo)
                break
        else:
            break
    return found
