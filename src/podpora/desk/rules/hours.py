"""Windows of a day as people write them, and whether a calendar is possible at all (SLA-16)."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

from podpora.desk.rules.service_time import is_possible
from podpora.desk.values import DAY_MINUTES, Hours, ServiceCalendar

MOST_WINDOWS = 12
_WINDOW = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)


def read_hours(text: str) -> tuple[Hours, ...]:
    """`8:00-12:00, 13-24:00` -> the windows in order. ValueError with a reason code for what can't be read, or overlaps."""
    parts = [part.strip() for part in re.split(r"[,;\n]|\s{2,}", text) if part.strip()]
    if len(parts) > MOST_WINDOWS:
        raise ValueError("calendar.hours_too_many")
    found = sorted((_window(part) for part in parts), key=lambda hours: hours.opens)
    if any(one.closes > other.opens for one, other in pairwise(found)):
        raise ValueError("calendar.hours_overlap")
    return tuple(found)


def _window(text: str) -> Hours:
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise ValueError("calendar.hours_not_readable")
    opens, closes = (int(match[n]) * 60 + int(match[n + 1] or 0) for n in (1, 3))
    if int(match[2] or 0) > 59 or int(match[4] or 0) > 59 or closes > DAY_MINUTES:
        raise ValueError("calendar.hours_not_readable")
    if opens >= closes:
        raise ValueError("calendar.hours_backwards")
    return Hours(opens, closes)


def written_hours(hours: Iterable[Hours]) -> str:
    """The windows as `read_hours` reads them."""
    return ", ".join(f"{_clock(each.opens)}-{_clock(each.closes)}" for each in hours)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def problems_of_calendar(calendar: ServiceCalendar, *, on: date) -> dict[str, list[str]]:
    """SLA-16: what is wrong with a calendar, by field: an unknown zone, no window at all, only holidays."""
    if calendar.zone not in available_timezones():
        return {"zone": ["calendar.zone_unknown"]}
    if not any(calendar.week):
        return {"week": ["calendar.no_window"]}
    return {} if is_possible(calendar, on.year) else {"holidays": ["calendar.only_holidays"]}


def year_preview(calendar: ServiceCalendar, year: int) -> Sequence[Sequence[tuple[date, int]]]:
    """Twelve months of (date, minutes of service), for the page that shows a year: it sees at a glance what is closed."""
    months: list[list[tuple[date, int]]] = [[] for _ in range(12)]
    day = date(year, 1, 1)
    while day.year == year:
        hours = () if day in calendar.closed else calendar.week[day.weekday()]
        months[day.month - 1].append((day, sum(each.closes - each.opens for each in hours)))
        day += timedelta(days=1)
    return months


_LENGTH = re.compile(r"(?:(\d{1,5})\s*h(?:od)?\.?)?\s*(?:(\d{1,6})\s*(?:m|min)?\.?)?", re.ASCII | re.IGNORECASE)


def read_minutes(text: str) -> int | None:
    """`4 h`, `1 h 30 min`, `90` -> minutes; None for nothing. ValueError with a reason code for anything else."""
    stripped = text.strip()
    if not stripped:
        return None
    match = _LENGTH.fullmatch(stripped)
    if match is None:
        raise ValueError("sla.minutes_not_readable")
    return int(match[1] or 0) * 60 + int(match[2] or 0)


def written_minutes(minutes: int) -> str:
    """Minutes as `read_minutes` reads them."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part)
