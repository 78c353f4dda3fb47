"""The only place that reads the clock, and the vendor's calendar.

Everything else is handed an instant (`at: datetime`, aware, UTC inside) or a vendor date (`on: date`). The request
middleware, the job runner and commands call `now()`; nobody else does (ruff bans the other ways).
"""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

_shift = timedelta(0)


def now() -> datetime:
    """The current instant, aware, in UTC. Moved by `start_at` in a demo."""
    return datetime.now(UTC) + _shift


def start_at(instant: datetime) -> None:
    """Let this process's clock stand at `instant` now and run on (PODPORA_CLOCK, demo only)."""
    global _shift
    _shift = instant - datetime.now(UTC)


def monotonic() -> float:
    """Seconds for measuring durations; never a time of day."""
    return time.monotonic()


def vendor_date(at: datetime, zone: ZoneInfo) -> date:
    """The calendar date on which `at` falls for the vendor (T0)."""
    return at.astimezone(zone).date()


def start_of(on: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the vendor's date `on` begins."""
    return datetime.combine(on, time_of_day.min, zone).astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """ISO 8601 with an offset or `Z` -> aware UTC datetime.

    Raises ValueError with one sentence when the text is not an instant or names no offset.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an ISO 8601 instant such as 2027-03-11T05:00:00Z") from None
    if value.tzinfo is None:
        raise ValueError(f"{text!r} has no offset: add Z or +01:00")
    return value.astimezone(UTC)


def format_instant(at: datetime) -> str:
    """Aware datetime -> `2027-03-11T05:00:00Z` (the form of every instant in the API)."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
