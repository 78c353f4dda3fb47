"""Service time (DESK.md 1): the literal figures, summer time, bounds, and what must hold for any calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpora.desk.rules import deadline, elapsed, is_possible, openings_of_day, year_of
from podpora.desk.values import Hours, Pause, ServiceCalendar

MONDAY_TO_FRIDAY = 5


def calendar(
    *windows: tuple[int, int], zone: str = "Europe/Berlin", days: int = MONDAY_TO_FRIDAY, closed: tuple[date, ...] = ()
) -> ServiceCalendar:
    """The same windows, in hours, on the first `days` days of a week."""
    hours = tuple(Hours(opens * 60, closes * 60) for opens, closes in windows)
    return ServiceCalendar(zone, tuple(hours if day < days else () for day in range(7)), frozenset(closed))


def z(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


LONG_DAYS = calendar((8, 20), closed=(date(2016, 11, 1),))
ROUND_THE_CLOCK = calendar((0, 24), days=7)
PRAGUE = calendar((9, 17), zone="Europe/Prague")


def test_sla_1_deadline_is_start_plus_service_time_in_the_calendars_own_zone() -> None:
    tokyo = calendar((9, 17), zone="Asia/Tokyo")
    assert deadline(tokyo, z("2026-03-10T00:00"), 60 * 60) == z("2026-03-10T01:00")
    assert deadline(tokyo, z("2026-03-10T07:30"), 60 * 60) == z("2026-03-11T00:30")
    assert deadline(PRAGUE, z("2026-03-10T09:00"), 30 * 60, [Pause(z("2026-03-10T09:10"), z("2026-03-10T09:40"))]) == z(
        "2026-03-10T10:00"
    )


def test_sla_2_outside_service_time_the_clock_starts_at_the_next_opening() -> None:
    assert deadline(LONG_DAYS, z("2016-11-01T13:56"), 120 * 60) == z("2016-11-02T09:00")


def test_sla_3_spans_days() -> None:
    assert deadline(LONG_DAYS, z("2016-11-01T13:56"), 1200 * 60) == z("2016-11-03T15:00")


def test_sc_7_eight_business_hours_over_a_weekend() -> None:
    assert deadline(PRAGUE, z("2026-03-13T15:30"), 8 * 3600) == z("2026-03-16T15:30")  # Fri 16:30 in Prague -> Mon 16:30


def test_sc_8_eight_business_hours_over_easter() -> None:
    easter = calendar((9, 17), zone="Europe/Prague", closed=(date(2026, 4, 3), date(2026, 4, 6)))
    assert deadline(easter, z("2026-04-02T14:00"), 8 * 3600) == z("2026-04-07T14:00")  # Thu 16:00 -> Tue 16:00


def test_sla_7_a_pause_over_midnight_is_two_pieces_of_the_calendars_days() -> None:
    """23:45-00:45 local: with service until 24:00 and from 0:30, fifteen minutes on each side are taken off."""
    late = ServiceCalendar("Europe/Berlin", tuple((Hours(30, 24 * 60),) for _ in range(7)))
    start, end = z("2026-03-10T22:00"), z("2026-03-11T02:00")  # 23:00 to 3:00 local
    pause = Pause(z("2026-03-10T22:45"), z("2026-03-10T23:45"))  # 23:45 to 0:45
    assert elapsed(late, start, end) == (60 + 150) * 60
    assert elapsed(late, start, end, [pause]) == (60 + 150 - 15 - 15) * 60


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
    ids=["plain", "spring", "autumn"],
)
def test_sla_7_a_24_hour_window_lasts_as_long_as_its_day(day: date, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    end = start + timedelta(days=1)  # the same wall clock on the next day
    assert elapsed(ROUND_THE_CLOCK, start, end) == hours * 3600
    assert deadline(ROUND_THE_CLOCK, start, hours * 3600) == end.astimezone(UTC)


def test_sla_7_a_pause_over_several_days_and_over_summer_time() -> None:
    pause = Pause(z("2026-03-27T15:00"), z("2026-03-30T08:00"))  # Fri 16:00 CET to Mon 10:00 CEST
    assert elapsed(PRAGUE, z("2026-03-27T14:00"), z("2026-03-30T09:00"), [pause]) == 2 * 3600
    assert deadline(PRAGUE, z("2026-03-27T14:00"), 2 * 3600, [pause]) == z("2026-03-30T09:00")


def test_sla_7_windows_in_the_hour_that_is_skipped_or_repeated() -> None:
    night = ServiceCalendar("Europe/Berlin", tuple((Hours(150, 240),) for _ in range(7)))  # 2:30-4:00
    assert sum(year_of(night, 2026).ends) - sum(year_of(night, 2026).starts) == 365 * 5400 - 1800 + 1800
    assert elapsed(night, z("2026-03-29T00:00"), z("2026-03-29T12:00")) == 3600  # from 3:00, when it is 2:30 or later
    assert elapsed(night, z("2026-10-25T00:00"), z("2026-10-25T12:00")) == 5400 + 1800  # 2:30-3:00 twice


def test_sla_16_no_window_or_only_holidays_is_impossible_and_the_search_ends() -> None:
    empty = ServiceCalendar("UTC", ((),) * 7)
    mondays = ServiceCalendar("UTC", ((Hours(540, 600),), *((),) * 6))
    closed = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(800))
    assert not is_possible(empty, 2026)
    assert not is_possible(ServiceCalendar("UTC", mondays.week, closed), 2026)
    assert is_possible(mondays, 2026)
    assert deadline(empty, z("2026-03-10T09:00"), 60) is None
    assert deadline(mondays, z("2026-03-10T09:00"), 10**12) is None


def test_sla_17_a_budget_that_ends_at_closing_time_is_due_at_closing() -> None:
    assert deadline(PRAGUE, z("2026-03-10T08:00"), 8 * 3600) == z("2026-03-10T16:00")
    assert deadline(PRAGUE, z("2026-03-10T08:00"), 8 * 3600 + 1) == z("2026-03-11T08:00:01")


def test_sla_18_seconds_count() -> None:
    assert deadline(PRAGUE, z("2026-03-10T09:00:17"), 90) == z("2026-03-10T09:01:47")
    assert elapsed(PRAGUE, z("2026-03-10T09:00:17"), z("2026-03-10T09:01:47")) == 90


def test_several_windows_a_day_with_a_pause_at_noon() -> None:
    two = calendar((8, 12), (13, 17), zone="Europe/Prague")
    assert deadline(two, z("2026-03-10T10:00"), 2 * 3600) == z("2026-03-10T13:00")  # 11:00 -> 14:00 local
    assert [(a.hour, b.hour) for a, b in openings_of_day(two, date(2026, 3, 10))] == [(8, 12), (13, 17)]
    assert openings_of_day(two, date(2026, 3, 14)) == []


def test_over_new_year_nothing_is_lost_or_counted_twice() -> None:
    assert elapsed(ROUND_THE_CLOCK, z("2025-12-31T12:00"), z("2026-01-01T12:00")) == 24 * 3600
    assert deadline(ROUND_THE_CLOCK, z("2025-12-31T12:00"), 24 * 3600) == z("2026-01-01T12:00")
    auckland = calendar((0, 24), days=7, zone="Pacific/Auckland")
    assert elapsed(auckland, z("2020-01-01T00:00"), z("2026-01-01T00:00")) == (
        z("2026-01-01T00:00") - z("2020-01-01T00:00")
    ) // timedelta(seconds=1)


def test_an_open_pause_has_no_deadline_unless_the_budget_was_used_up_before() -> None:
    pause = [Pause(z("2026-03-10T10:00"))]
    assert deadline(PRAGUE, z("2026-03-10T09:00"), 2 * 3600, pause) is None
    assert deadline(PRAGUE, z("2026-03-10T09:00"), 3600, pause) == z("2026-03-10T10:00")


ZONES = st.sampled_from(["Europe/Prague", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"])


@st.composite
def calendars(draw: st.DrawFn) -> ServiceCalendar:
    def day() -> tuple[Hours, ...]:
        edges = sorted(draw(st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True)))
        return tuple(Hours(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))

    week = tuple(day() for _ in range(6))
    closed = draw(st.frozensets(st.dates(date(2025, 12, 1), date(2026, 12, 31)), max_size=20))
    return ServiceCalendar(draw(ZONES), (*week, (Hours(600, 700),)), closed)


INSTANTS = st.datetimes(datetime(2025, 12, 20), datetime(2026, 12, 20)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
SECONDS = st.integers(1, 60 * 3600)


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    found = []
    for start in draw(st.lists(INSTANTS, max_size=4)):
        found.append(Pause(start, start + timedelta(seconds=draw(st.integers(0, 20 * 86400)))))
    return found


@settings(max_examples=150, deadline=None)
@given(calendars(), INSTANTS, SECONDS, pauses())
def test_elapsed_until_the_deadline_is_the_budget(cal: ServiceCalendar, start: datetime, seconds: int, away: list[Pause]) -> None:
    due = deadline(cal, start, seconds, away)
    assert due is not None
    assert elapsed(cal, start, due, away) == seconds
    assert elapsed(cal, start, due - timedelta(seconds=1), away) == seconds - 1, "the first such instant"


@settings(max_examples=150, deadline=None)
@given(calendars(), INSTANTS, SECONDS, SECONDS, pauses())
def test_deadlines_are_monotone(cal: ServiceCalendar, start: datetime, one: int, other: int, away: list[Pause]) -> None:
    less, more = sorted((one, other))
    first, second = deadline(cal, start, less, away), deadline(cal, start, more, away)
    assert first is not None and second is not None and first <= second


@settings(max_examples=150, deadline=None)
@given(calendars(), INSTANTS, SECONDS, pauses(), INSTANTS)
def test_pauses_only_move_a_deadline_later(
    cal: ServiceCalendar, start: datetime, seconds: int, away: list[Pause], also: datetime
) -> None:
    without, some = deadline(cal, start, seconds), deadline(cal, start, seconds, away)
    more = deadline(cal, start, seconds, [*away, Pause(also, also + timedelta(days=3))])
    assert without is not None and some is not None and more is not None
    assert without <= some <= more


@settings(max_examples=60, deadline=None)
@given(calendars(), INSTANTS, st.integers(0, 400 * 3600))
def test_elapsed_is_what_counting_minute_by_minute_gives(cal: ServiceCalendar, start: datetime, seconds: int) -> None:
    """A second way to count, slow and plain: look at the wall clock of every minute."""
    start = start.replace(second=0)
    minutes = seconds // 3600
    zone = ZoneInfo(cal.zone)
    counted = 0
    for n in range(minutes):
        wall = (start + timedelta(minutes=n)).astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        is_open = wall.date() not in cal.closed and any(h.opens <= minute < h.closes for h in cal.week[wall.weekday()])
        counted += is_open
    assert elapsed(cal, start, start + timedelta(minutes=minutes)) == counted * 60
