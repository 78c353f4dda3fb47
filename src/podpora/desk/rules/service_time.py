"""Service time: how much of it lies between two instants, and when so much of it will have passed.

A calendar says when there is service, by the wall clock of its own zone: `Mon 8:00-12:00, 13:00-24:00`, and the dates without.
Before anything is counted it becomes what a clock can count: the *openings* of a year, half-open intervals of whole seconds since
1970, in order. Three steps make them, and nothing else in the desk knows about zones:

1. A year is cut where the zone changes its offset (twice, where there is summer time). Within a piece the wall clock and UTC run
   side by side, so a window of the wall clock is one interval of UTC. That is all there is to say about summer time: an hour that
   the wall clock skips lies in no piece, one that it repeats lies in two. A 24-hour window lasts 23 h on the one day and 25 h on
   the other (SLA-7).
2. Each date of a piece contributes the windows of its weekday, unless it is a date without service.
3. Beside each opening stands the sum of all before it in the year, so that a year is skipped in one step and an instant within it
   is found by bisection, not by walking.

Openings of a year are remembered by calendar and year. A calendar is a value: change it and it is another one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from podpora.desk.values import Pause, ServiceCalendar

HORIZON = 20  # years that are looked ahead; what is not reached by then is never due (SLA-16)
_MINUTE, _DAY = 60, 24 * 60 * 60
_FIRST_YEAR, _LAST_YEAR = 1970, 9998


class Year(NamedTuple):
    """The openings of a year of UTC: where each begins and ends, how many seconds of service lie before it, and the sum."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int


@lru_cache(maxsize=512)
def year_of(calendar: ServiceCalendar, year: int) -> Year:
    """All openings of a calendar in a year of UTC."""
    starts, ends, before, total = [], [], [], 0
    for start, end in sorted(_openings(calendar, year)):
        starts.append(start)
        ends.append(end)
        before.append(total)
        total += end - start
    return Year(tuple(starts), tuple(ends), tuple(before), total)


def elapsed(calendar: ServiceCalendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> int:
    """Seconds of service time from `start` to `end` without the pauses; 0 when `end` is not later (SLA-1)."""
    whole = _between(calendar, _seconds(start), _seconds(end))
    return whole - sum(_between(calendar, first, last) for first, last in _merged(pauses, _seconds(start), _seconds(end)))


def deadline(calendar: ServiceCalendar, start: datetime, seconds: int, pauses: Iterable[Pause] = ()) -> datetime | None:
    """The instant at which `seconds` of service time will have passed since `start`, not counting the pauses (SLA-1).

    A budget that ends exactly at closing time is due at closing, not at the next opening (SLA-17). None while a pause has no end,
    unless the budget was used up before it; and when the calendar has no such service time within HORIZON years (SLA-16).
    """
    position, left = _seconds(start), seconds
    for first, last in _merged(pauses, position, None):
        usable = _between(calendar, position, first)
        if left <= usable:
            break
        if last is None:
            return None
        left, position = left - usable, last
    found = _after(calendar, position, left)
    return None if found is None else datetime.fromtimestamp(found, UTC)


def is_possible(calendar: ServiceCalendar, year: int) -> bool:
    """SLA-16: is there any service in this year and the next? A calendar of holidays only is refused when it is saved."""
    return any(year_of(calendar, each).total for each in (year, year + 1))


def openings_of_day(calendar: ServiceCalendar, on: date) -> list[tuple[datetime, datetime]]:
    """The openings of a date in the calendar's zone, for people to look at."""
    zone = ZoneInfo(calendar.zone)
    first = datetime(on.year, on.month, on.day, tzinfo=zone)
    following = on + timedelta(days=1)
    last = datetime(following.year, following.month, following.day, tzinfo=zone)
    days = [
        (max(start, _seconds(first)), min(end, _seconds(last)))
        for year in {first.astimezone(UTC).year, last.astimezone(UTC).year}
        for start, end in zip(*year_of(calendar, year)[:2], strict=True)
        if start < _seconds(last) and end > _seconds(first)
    ]
    return [(datetime.fromtimestamp(start, zone), datetime.fromtimestamp(end, zone)) for start, end in sorted(days)]


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _year(second: int) -> int:
    return datetime.fromtimestamp(second, UTC).year


def _between(calendar: ServiceCalendar, start: int, end: int | None) -> int:
    """Seconds of service time between two instants."""
    if end is None or end <= start:
        return 0
    first, last = _year(start), _year(end)
    whole_years = sum(year_of(calendar, year).total for year in range(first, last))
    return whole_years + _since_new_year(year_of(calendar, last), end) - _since_new_year(year_of(calendar, first), start)


def _since_new_year(year: Year, second: int) -> int:
    """Seconds of service time in the year before this instant."""
    place = bisect_right(year.starts, second) - 1
    if place < 0:
        return 0
    return year.before[place] + min(second, year.ends[place]) - year.starts[place]


def _after(calendar: ServiceCalendar, start: int, seconds: int) -> int | None:
    """The instant at which so many seconds of service time will have passed. At most HORIZON years are looked at."""
    if seconds <= 0:
        return start
    first = _year(start)
    wanted = seconds + _since_new_year(year_of(calendar, first), start)
    for number in range(first, min(first + HORIZON, _LAST_YEAR)):
        year = year_of(calendar, number)
        if wanted <= year.total:
            # The last opening that has less than what is wanted before it: a budget that ends with an opening ends in it (SLA-17).
            place = bisect_right(year.before, wanted - 1) - 1
            return year.starts[place] + wanted - year.before[place]
        wanted -= year.total
    return None


def _merged(pauses: Iterable[Pause], start: int, end: int | None) -> Iterator[tuple[int, int | None]]:
    """The pauses within an interval, in order and without overlaps: no second is taken off twice."""
    position = start
    for pause in sorted(pauses, key=lambda pause: pause.starts_at):
        first = max(_seconds(pause.starts_at), position)
        last = None if pause.ends_at is None else _seconds(pause.ends_at)
        if end is not None:
            first, last = min(first, end), end if last is None else min(last, end)
        if last is None:
            yield first, None
            return
        if last > first:
            yield first, last
            position = last


def _openings(calendar: ServiceCalendar, year: int) -> Iterator[tuple[int, int]]:
    zone = ZoneInfo(calendar.zone)
    for first, last, offset in _pieces(zone, year):
        day = (first + offset) // _DAY
        while day * _DAY < last + offset:
            for opens, closes in _windows(calendar, day):
                start = max(day * _DAY + opens - offset, first)
                end = min(day * _DAY + closes - offset, last)
                if start < end:
                    yield start, end
            day += 1


def _windows(calendar: ServiceCalendar, day: int) -> Sequence[tuple[int, int]]:
    """The windows of a date (days since 1970) in seconds of its wall clock."""
    on = date.fromordinal(_EPOCH + day)
    if on in calendar.closed:
        return ()
    return [(hours.opens * _MINUTE, hours.closes * _MINUTE) for hours in calendar.week[on.weekday()]]


_EPOCH = date(_FIRST_YEAR, 1, 1).toordinal()


def _pieces(zone: ZoneInfo, year: int) -> Iterator[tuple[int, int, int]]:
    """The year of UTC cut where the zone changes its offset: from, to, seconds east of UTC."""
    first, last = (_seconds(datetime(each, 1, 1, tzinfo=UTC)) for each in (year, year + 1))
    cuts = [first]
    for start, end in pairwise([*range(first, last, _DAY), last]):
        if _offset(zone, start) != _offset(zone, end):
            cuts.append(_change(zone, start, end))
    for start, end in pairwise([*cuts, last]):
        if start < end:
            yield start, end, _offset(zone, start)


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second with the new offset, by halving a day."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def is_open(calendar: ServiceCalendar, at: datetime) -> bool:
    """Is there service at this instant?"""
    second = _seconds(at)
    return _between(calendar, second, second + 1) > 0
