"""Dates and zones (RULES.md G), in vendor zones all over the Earth."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from podpora.base.clock import start_of, vendor_date
from podpora.catalog.values import Grace, Policy
from podpora.entitlements import rules
from podpora.entitlements.rules.support import end_on_earth
from podpora.entitlements.rules.years import Term, add_months, add_years
from tests.make.ledger import POLICY, bought, day, instant, renewed, replayed, through

ZONES = [
    "Europe/Prague",
    "Pacific/Auckland",
    "America/Los_Angeles",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "America/Santiago",
    "Africa/Cairo",
]


def code_at(utc: str, policy: Policy = POLICY) -> str:
    at = datetime.fromisoformat(utc)
    rights = replayed([bought("2026-03-10", zone=policy.zone)], at, policy=policy)
    return rules.support_of(rights, at=at, policy=policy).code


@pytest.mark.parametrize(
    ("renewals", "end"),
    [([], "2025-02-28"), ([2025], "2026-02-28"), ([2025, 2026], "2027-02-28"), ([2025, 2026, 2027], "2028-02-29"),
     ([2025, 2026, 2027, 2028], "2029-02-28")],
)  # fmt: skip
def test_z_1_the_anchor_day_is_kept(renewals: list[int], end: str) -> None:
    assert through([bought("2024-02-29"), *(renewed(f"{year}-02-01") for year in renewals)]) == end


@pytest.mark.once
@pytest.mark.parametrize(
    ("when", "bought_at", "renewed_at", "end"),
    [
        ("90 days before", "2026-03-10", "2026-12-10T11:00:00Z", "2028-03-10"),
        ("a second before", "2026-03-10", "2027-03-10T22:59:59Z", "2028-03-10"),
        ("at the end itself", "2026-03-10", "2027-03-10T23:00:00Z", "2028-03-11"),
        ("a day after", "2026-03-10", "2027-03-11T23:00:00Z", "2028-03-12"),
        ("180 days after", "2026-03-10", "2027-09-06T23:00:00Z", "2028-09-07"),
        ("leap day, a second before", "2024-02-29", "2025-02-28T22:59:59Z", "2026-02-28"),
        ("leap day, at the end", "2024-02-29", "2025-02-28T23:00:00Z", "2026-03-01"),
        ("bought as summer time began, a second before", "2026-03-29 01:59", "2027-03-29T21:59:59Z", "2028-03-29"),
        ("bought as summer time began, at the end", "2026-03-29 01:59", "2027-03-29T22:00:00Z", "2028-03-30"),
        ("in the hour that comes twice, a second before", "2025-10-26T01:30:00Z", "2026-10-26T22:59:59Z", "2027-10-26"),
        ("in the hour that comes twice, at the end", "2025-10-26T01:30:00Z", "2026-10-26T23:00:00Z", "2027-10-27"),
        ("the last second of the year, a second before", "2025-12-31 23:59:59", "2026-12-31T22:59:59Z", "2027-12-31"),
        ("the last second of the year, at the end", "2025-12-31 23:59:59", "2026-12-31T23:00:00Z", "2028-01-01"),
    ],
)
def test_c32_renewals_around_the_end_by_the_second(when: str, bought_at: str, renewed_at: str, end: str) -> None:
    assert through([bought(bought_at), renewed(renewed_at)]) == end, when


def test_z_1_renewed_on_each_last_day_it_is_one_term_with_its_anchor() -> None:
    entries = [bought("2024-02-29"), renewed("2025-02-28"), renewed("2026-02-28"), renewed("2027-02-28")]
    rights = replayed(entries, "2028-01-01")
    assert [(p.starts_on, p.through) for p in rights.periods] == [(day("2024-02-29"), day("2028-02-29"))]


def test_z_1_four_years_at_once() -> None:
    assert through([bought("2024-02-29"), renewed("2024-06-01", years=3)]) == "2028-02-29"


def test_z_1_a_subscription_keeps_its_anchor_too() -> None:
    from tests.make.ledger import subscribed

    entries = [subscribed("2024-02-29"), subscribed("2025-02-10"), subscribed("2026-02-10"), renewed("2027-02-10")]
    assert through(entries) == "2028-02-29"


def test_z_2_a_year_is_not_365_days() -> None:
    assert through([bought("2024-02-28")]) == "2025-02-28"
    assert through([bought("2023-03-01")]) == "2024-03-01"


@pytest.mark.parametrize("years", range(0, 9))
def test_z_3_no_year_raises_on_29_february(years: int) -> None:
    expected = day(f"{2024 + years}-02-{29 if years % 4 == 0 else 28}")
    assert add_years(day("2024-02-29"), years) == expected


def test_months_are_clipped_to_their_last_day() -> None:
    assert [add_months(day("2025-08-31"), n).isoformat() for n in (1, 6, 12)] == ["2025-09-30", "2026-02-28", "2026-08-31"]


def test_z_4_the_exclusive_end_as_an_instant() -> None:
    end = start_of(day("2027-03-11"), POLICY.zone)
    assert end == datetime(2027, 3, 10, 23, tzinfo=UTC)
    assert end.astimezone(ZoneInfo("America/Los_Angeles")).isoformat() == "2027-03-10T15:00:00-08:00"
    assert end.astimezone(ZoneInfo("Pacific/Auckland")).isoformat() == "2027-03-11T12:00:00+13:00"
    assert code_at("2027-03-10T22:59:59Z") == "support.active"
    assert code_at("2027-03-10T23:00:00Z") == "support.grace"


def test_z_5_the_date_ends_when_it_has_ended_everywhere() -> None:
    at = datetime(2027, 3, 10, 16, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC).isoformat()
    assert code_at(at) == "support.grace"
    assert code_at("2027-03-11T11:59:59Z") == "support.grace"
    assert code_at("2027-03-11T12:00:00Z") == "support.expired"
    assert code_at(at, replace(POLICY, grace=Grace.NONE)) == "support.expired"


def test_z_6_new_york_on_new_years_eve() -> None:
    at = datetime(2026, 12, 31, 20, tzinfo=ZoneInfo("America/New_York"))
    assert vendor_date(at, POLICY.zone) == day("2027-01-01")
    assert through([bought(at.isoformat())]) == "2028-01-01"


def test_z_8_the_last_day_is_an_active_day_from_its_first_to_its_last_minute() -> None:
    for text in ("2027-03-10 00:00", "2027-03-10 12:00", "2027-03-10 23:59"):
        assert code_at(instant(text).isoformat()) == "support.active"


@pytest.mark.parametrize("zone", ZONES)
def test_z_9_another_vendor_zone_changes_no_recorded_date(zone: str) -> None:
    entries = [bought("2026-03-10 00:10"), renewed("2027-03-10 23:50")]
    there = replace(POLICY, zone=ZoneInfo(zone))
    at = datetime(2029, 1, 1, tzinfo=UTC)
    assert replayed(entries, at, policy=there).periods == replayed(entries, at).periods


def test_z_10_a_purchase_in_the_grace_counts_from_its_vendor_date() -> None:
    at = datetime(2027, 3, 11, 5, tzinfo=UTC)
    assert code_at(at.isoformat()) == "support.grace"
    assert through([bought("2026-03-10"), renewed(at.isoformat())]) == "2028-03-11"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("on", ["2024-02-29", "2026-03-29", "2026-04-05", "2026-09-06", "2026-10-25", "2026-12-31"])
def test_a_term_in_every_zone_starts_and_ends_with_its_vendor_date(zone: str, on: str) -> None:
    """Also where the clocks change at midnight (Santiago, Cairo) and on the other side of the date line."""
    there = Policy(zone=ZoneInfo(zone), grace=Grace.NONE)
    first = start_of(day(on), there.zone)
    entries = [bought(first.isoformat(), zone=there.zone)]
    rights = replayed(entries, first, policy=there)
    assert rights.periods[0].starts_on == day(on)
    assert rights.periods[0].through == add_years(day(on), 1)
    end = start_of(rights.periods[0].ends_on, there.zone)
    tick = timedelta(seconds=1)
    assert rules.support_of(rights, at=end - tick, policy=there).code == "support.active"
    assert rules.support_of(replayed(entries, end, policy=there), at=end, policy=there).code == "support.expired"
    assert vendor_date(end - tick, there.zone) == rights.periods[0].through


@pytest.mark.parametrize("zone", ZONES)
def test_the_grace_of_earth_is_never_shorter_than_the_vendors_own_day(zone: str) -> None:
    assert end_on_earth(date(2027, 3, 10)) >= start_of(date(2027, 3, 11), ZoneInfo(zone))


def test_of_two_equal_ends_the_later_anchor_is_kept() -> None:
    leap, plain = Term.starting(day("2024-02-29"), 1), Term.starting(day("2024-02-28"), 1)
    assert plain.at_least(leap).anchor == leap.at_least(plain).anchor == (2, 29)
