"""Days without service: the public holidays of a country, and those of a feed (iCalendar). Pure: bytes in, dates out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

MOST_EVENTS, MOST_DAYS, LONGEST = 5_000, 2_000, 366
NAME_LENGTH = 120


def countries() -> Mapping[str, tuple[str, ...]]:
    """Countries whose holidays are known, with their parts (states, regions)."""
    import holidays  # only where calendars are set up: it takes a tenth of a second

    return {
        code: tuple(parts) for code, parts in holidays.list_supported_countries(include_aliases=False).items() if len(code) == 2
    }


def holidays_of(country: str, subdivision: str, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of a country in these years, as they are called there. ValueError: no such country or part of it."""
    import holidays

    try:
        named = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years))
    except (NotImplementedError, KeyError) as problem:
        raise ValueError("calendar.country_unknown") from problem
    if named.default_language:
        named = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years), language=named.default_language)
    return {on: name[:NAME_LENGTH] for on, name in sorted(named.items())}


def read_feed(content: bytes, years: Iterable[int]) -> dict[date, str]:
    """Whole-day events of an iCalendar file that fall into these years, also those that come back every year.

    Bounded in events and days. ValueError with a reason code for what is no calendar; what can't be read in it is left out.
    """
    from icalendar import Calendar

    wanted = set(years)
    try:
        events = list(Calendar.from_ical(content).walk("VEVENT"))[:MOST_EVENTS]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ValueError("calendar.feed_not_readable") from problem
    found: dict[date, str] = {}
    for event in events:
        for on in _days(event, wanted):
            found.setdefault(on, str(event.get("SUMMARY", ""))[:NAME_LENGTH])
            if len(found) >= MOST_DAYS:
                return found
    return found


def _days(event: Any, years: set[int]) -> Iterator[date]:
    """The dates of a whole-day event; DTEND is the day after the last."""
    start, end = _date(event.get("DTSTART")), _date(event.get("DTEND"))
    if start is None:
        return
    length = (end - start).days if end is not None else 1
    rule = event.get("RRULE")
    yearly = rule is not None and [str(each).upper() for each in rule.get("FREQ", [])] == ["YEARLY"]
    for first in _anniversaries(start, years) if yearly else [start]:
        for n in range(min(max(length, 1), LONGEST)):
            on = first + timedelta(days=n)
            if on.year in years:
                yield on


def _anniversaries(start: date, years: set[int]) -> Iterator[date]:
    for year in sorted(years):
        if year >= start.year:
            try:
                yield start.replace(year=year)
            except ValueError:  # 29 February
                continue


def _date(field: Any) -> date | None:
    """A date; None for an instant (an hour's meeting closes nobody's desk) and for what is not there."""
    try:
        value = getattr(field, "dt", None)
    except (ValueError, TypeError, AttributeError):  # a broken one says so only when it is read
        return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
