"""What covers a version (LICENSING.md): by major, by date, all; and the newest version that one owns, for ever. No database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.catalog import rules as catalog
from podpora.catalog.values import ReleaseChannel, ReleaseFacts, VersionFacts
from podpora.entitlements import rules
from podpora.entitlements.values import Entry, EntryKind, RunRight
from tests.make.ledger import (
    POLICY,
    VERSIONS,
    bought,
    chargeback,
    day,
    instant,
    lifetime,
    refunded,
    renewed,
    replayed,
    subscribed,
    upgraded,
)

ON = day("2028-06-01")


def release(number: str, on: str, back: str | None = None, min_from: str = "") -> tuple[ReleaseFacts, date | None]:
    facts = ReleaseFacts(number, int(number.split(".")[0]), catalog.deduced_channel(number), day(on), min_from=min_from)
    return facts, day(back) if back else None


RELEASES = catalog.with_coverage([
    release("8.2.4", "2026-05-01"),
    release("9.0.0", "2023-09-01"),
    release("9.8.0", "2026-08-01"),
    release("9.8.3", "2027-11-01"),
    release("9.9.0", "2027-06-01"),
    release("10.0.0-beta.1", "2026-08-15"),
    release("10.0.0", "2026-10-01", min_from="9.0"),
    release("10.1.0", "2027-02-01", min_from="10.0"),
    release("10.1.4", "2027-12-01", min_from="10.0"),
    release("10.2.0", "2027-05-01", min_from="10.1"),
    release("10.2.1", "2028-01-01", "2026-11-01", min_from="10.1"),
    release("11.0.0-beta.1", "2028-02-01"),
])  # fmt: skip


def meant(number: str) -> ReleaseFacts:
    found = rules.release_meant(number, RELEASES, on=ON)
    assert found is not None
    return found


# A licence by major for 9, one by date with updates to 10 March 2027, everything.
BY_MAJOR = replayed([bought("2026-03-10", major=9)], "2028-06-01").run
BY_DATE = replayed([bought("2026-03-10", major=None, update_years=1)], "2028-06-01").run
ALL = replayed([bought("2026-03-10"), lifetime("2026-04-01")], "2028-06-01").run
MIXED = replayed([bought("2023-10-01", major=9), renewed("2026-11-01", update_years_each=1)], "2028-06-01").run


@pytest.mark.parametrize(
    ("run", "number", "codes"),
    [
        (BY_MAJOR, "9.8.0", ()),
        (BY_MAJOR, "9.9.0", ()),  # later updates of the covered major
        (BY_MAJOR, "9.99.1", ()),  # also one that the server does not know
        (BY_MAJOR, "8.2.4", ("version.end_of_life",)),  # older ones too; past its end, which never stops it
        (BY_MAJOR, "10.0.0", ("version.not_covered",)),
        (BY_MAJOR, "10.0.0-beta.1", ("version.not_covered",)),  # a beta of 10 is not 9 (EOL-1)
        (BY_DATE, "9.8.0", ()),
        (BY_DATE, "10.0.0", ()),
        (BY_DATE, "10.1.0", ()),
        (BY_DATE, "10.1.4", ()),  # a fix of a covered x.y, long after the end of updates
        (BY_DATE, "10.1.99", ()),  # also one that the server does not know
        (BY_DATE, "10.2.0", ("version.not_covered",)),
        (BY_DATE, "10.2.1", ()),  # the fix of a hole is dated back to before the end of updates
        (BY_DATE, "10.0.0-beta.1", ()),
        (BY_DATE, "11.0.0-beta.1", ("version.not_covered",)),
        (BY_DATE, "10.3.0", ("version.not_covered",)),  # unknown: came out today at the latest
        (BY_DATE, "8.2.4", ("version.end_of_life",)),
        (ALL, "11.0.0-beta.1", ()),
        (ALL, "99.0", ()),
        (MIXED, "9.9.0", ()),  # the old right by major stays whole (T7)
        (MIXED, "10.2.0", ()),
        (MIXED, "10.3.0", ("version.not_covered",)),
        (RunRight(), "8.2.4", ("version.not_covered", "version.end_of_life")),
    ],
)
def test_eol_8_may_this_release_run(run: RunRight, number: str, codes: tuple[str, ...]) -> None:
    versions = tuple(replace(v, support_ends_on=None) if v.major == 9 else v for v in VERSIONS)
    decision = rules.may_run_release(run, meant(number), versions, on=ON)
    assert decision.codes == codes
    assert decision.allowed is ("version.not_covered" not in codes)


def test_eol_8_the_refusal_says_what_is_covered_and_when_it_came_out() -> None:
    by_date = rules.may_run_release(BY_DATE, meant("10.2.0"), (), on=ON).facts("version.not_covered")
    assert by_date == {
        "major": 10, "through_major": 10, "version": "10.2.0", "updates_until": day("2027-03-10"), "covers_on": day("2027-05-01"),
    }  # fmt: skip
    by_major = rules.may_run_release(BY_MAJOR, meant("10.2.0"), (), on=ON).facts("version.not_covered")
    assert by_major == {"major": 10, "through_major": 9, "version": "10.2.0"}


FOR_A_YEAR = bought("2026-03-10", major=None, update_years=1)


@pytest.mark.parametrize(
    ("rule", "entries", "until"),
    [
        ("a year with the purchase", [FOR_A_YEAR], "2027-03-10"),
        ("three years at once", [bought("2026-03-10", major=None, update_years=3)], "2029-03-10"),
        ("renewed in time: stacked", [FOR_A_YEAR, renewed("2027-02-01", update_years_each=1)], "2028-03-10"),
        ("two years in one order", [FOR_A_YEAR, renewed("2027-02-01", 2, update_years_each=1)], "2029-03-10"),
        ("renewed late: from the purchase", [FOR_A_YEAR, renewed("2027-09-15", update_years_each=1)], "2028-09-15"),
        ("an upgrade brings its own", [FOR_A_YEAR, upgraded("2026-11-20", major=None, update_years=1)], "2028-03-10"),
        ("support alone brings none", [FOR_A_YEAR, renewed("2027-02-01")], "2027-03-10"),
        ("updates without support", [bought("2026-03-10", major=None, years=0, update_years=1)], "2027-03-10"),
        ("sold by major: none", [bought("2026-03-10", major=9)], None),
        ("sold by major, renewed by date", [bought("2023-10-01", major=9), renewed("2026-11-01", update_years_each=1)], "2027-11-01"),
        ("all: no date", [bought("2026-03-10", major=None, covers_all=True)], None),
    ],
)  # fmt: skip
def test_the_end_of_updates_is_a_replay(rule: str, entries: list[Entry], until: str | None) -> None:
    run = replayed(entries, "2028-12-01").run
    assert run.updates_until == (day(until) if until else None)


def test_x_1_a_refunded_renewal_takes_its_updates_along() -> None:
    first, second = bought("2026-03-10", major=None, update_years=1), renewed("2027-02-01", update_years_each=1)
    assert replayed([first, second], "2027-02-05").run.updates_until == day("2028-03-10")
    assert replayed([first, second, refunded(second, "2027-02-10")], "2027-02-11").run.updates_until == day("2027-03-10")


def test_x_5_a_won_chargeback_gives_the_days_back_to_updates_too() -> None:
    first = bought("2026-03-10", major=None, update_years=1)
    entries = [first, chargeback("opened", first, "2026-05-01"), chargeback("won", first, "2026-05-31")]
    assert replayed(entries, "2026-06-01").run.updates_until == day("2027-04-09")


def test_t3_run_updates_and_support_end_each_on_its_own() -> None:
    rights = replayed([bought("2026-03-10", major=None, years=2, update_years=1)], "2030-01-01")
    assert rights.run.until is None
    assert rights.run.updates_until == day("2027-03-10")
    assert rights.support_through == day("2028-03-10")


def test_t7_what_was_bought_stays_when_a_subscription_ends() -> None:
    entries = [bought("2026-03-10", major=None, update_years=1), subscribed("2026-05-01")]
    assert replayed(entries, "2026-06-01").run.covers_all
    after = replayed(entries, "2028-06-01").run
    assert (after.covers_all, after.updates_until, after.until) == (False, day("2027-03-10"), None)


@pytest.mark.parametrize(
    ("run", "newest"),
    [(BY_MAJOR, "9.9.0"), (BY_DATE, "10.2.1"), (ALL, "10.2.1"), (RunRight(through_major=8), "8.2.4"), (RunRight(), None)],
)
def test_the_newest_version_that_you_own(run: RunRight, newest: str | None) -> None:
    found = rules.newest_owned(run, RELEASES, on=ON)
    assert (found.number if found else None) == newest


def test_a_beta_is_only_for_who_wants_one() -> None:
    assert rules.newest_of(RELEASES, on=ON).number == "10.2.1"  # type: ignore[union-attr]
    assert rules.newest_of(RELEASES, on=ON, channel=ReleaseChannel.RC).number == "10.2.1"  # type: ignore[union-attr]
    assert rules.newest_owned(ALL, RELEASES, on=ON, channel=ReleaseChannel.BETA).number == "11.0.0-beta.1"  # type: ignore[union-attr]


def test_what_comes_out_tomorrow_is_not_offered_today() -> None:
    found = rules.newest_owned(ALL, RELEASES, on=day("2027-01-31"))
    assert found is not None and found.number == "10.0.0"


@pytest.mark.parametrize(
    ("run", "version", "update"),
    [
        (ALL, "10.2.1", None),
        (ALL, "10.2.0", "10.2.1"),
        (ALL, "10.1.0", "10.2.1"),
        (ALL, "10.0.0", "10.1.4"),  # a stepping stone: 10.2 wants 10.1 first
        (ALL, "9.8.0", "10.0.0"),
        (ALL, "8.2.4", "9.9.0"),  # 10.0 wants 9.0 first
        (BY_MAJOR, "9.8.0", "9.9.0"),
        (BY_MAJOR, "9.9.0", None),
        (BY_DATE, "10.1.0", "10.2.1"),
        (ALL, "no version", None),
    ],
)
def test_the_next_update(run: RunRight, version: str, update: str | None) -> None:
    found = rules.next_update(run, RELEASES, version, on=ON)
    assert (found.number if found else None) == update


def test_eol_3_by_date_a_renewal_brings_the_versions_that_are_supported() -> None:
    """By major a licence whose newest version has ended is upgraded; by date the renewal itself brings the newer ones."""
    entries = [bought("2023-10-01", major=None, update_years=1)]
    versions = (*VERSIONS[:2], VersionFacts(10, day("2026-10-01")))
    now = replayed(entries, "2027-09-01", versions=versions)
    assert now.run.newest_major == 9
    added = renewed("2027-09-01", update_years_each=1)
    then = replayed([*entries, added], "2027-09-01", versions=versions)
    decision = rules.may_renew(now, then, versions, licence="L-1", on=day("2027-09-01"), policy=POLICY)
    assert (decision.allowed, decision.codes) == (True, ())
    assert rules.ended_major(now, versions, on=day("2027-09-01")) is None
    without = rules.may_renew(
        now, now, (replace(VERSIONS[1], support_ends_on=day("2027-08-31")),), licence="L-1", on=day("2027-09-01"), policy=POLICY
    )
    assert without.codes == ("version.end_of_life",)


@pytest.mark.parametrize(("on", "codes"), [("2027-03-10", ("version.upgrade_not_needed",)), ("2027-03-11", ())])
def test_an_upgrade_is_sold_by_date_when_updates_have_ended(on: str, codes: tuple[str, ...]) -> None:
    now = replayed([bought("2026-03-10", major=None, update_years=1)], on)
    assert rules.may_upgrade(now, VERSIONS, licence="L-1", on=day(on)).codes == codes


grants = st.lists(
    st.builds(
        lambda kind, days, years: (kind, (date(2024, 1, 1) + timedelta(days=days)).isoformat(), years),
        st.sampled_from([EntryKind.UPGRADE, EntryKind.RENEWAL]), st.integers(0, 1500), st.integers(1, 3),
    ),
    max_size=5,
)  # fmt: skip
dates = st.dates(date(2024, 1, 1), date(2033, 1, 1))
FIRST = bought("2024-01-01", major=None, update_years=1)


def entries_of(made: list[tuple[Any, str, int]]) -> list[Entry]:
    found = [FIRST]
    for n, (kind, on, years) in enumerate(made):
        found.append(
            upgraded(on, major=None, update_years=years, source=f"u{n}") if kind is EntryKind.UPGRADE
            else renewed(on, years, update_years_each=1, source=f"r{n}")
        )  # fmt: skip
    return found


@given(grants, dates, dates)
def test_a_right_that_was_bought_never_depends_on_the_clock(made: list[tuple[Any, str, int]], one: date, other: date) -> None:
    """Whatever day the computer believes it is: the same release gets the same answer once everything is paid."""
    entries = entries_of(made)
    asked = [replayed(entries, instant(on.isoformat())).run for on in (max(one, date(2028, 6, 1)), max(other, date(2028, 6, 1)))]
    for known in RELEASES:
        assert len({rules.covers_release(run, known) for run in asked}) == 1


@given(grants, st.integers(0, 5))
def test_more_paid_never_covers_less(made: list[tuple[Any, str, int]], keep: int) -> None:
    more = replayed(entries_of(made), "2033-01-01").run
    less = replayed(entries_of(made)[: keep + 1], "2033-01-01").run
    assert more.updates_until is not None and less.updates_until is not None
    assert all(rules.covers_release(more, known) for known in RELEASES if rules.covers_release(less, known))


@given(dates, st.integers(0, 3), st.integers(0, 9))
def test_a_fix_of_a_covered_release_is_covered(until: date, x: int, y: int) -> None:
    run = RunRight(updates_until=until)
    first = next((r for r in RELEASES if r.number == f"10.{x}.0"), None)
    if first is not None and rules.covers_release(run, first):
        found = rules.release_meant(f"10.{x}.{y}", RELEASES, on=day("2040-01-01"))
        assert found is not None and rules.covers_release(run, found)


@given(grants, st.dates(date(2026, 1, 1), date(2029, 1, 1)))
def test_the_update_that_is_offered_may_run(made: list[tuple[Any, str, int]], on: date) -> None:
    run = replayed(entries_of(made), instant(on.isoformat())).run
    for version in ("8.0", "9.0.0", "10.0.0", "10.1.0"):
        found = rules.next_update(run, RELEASES, version, on=on)
        if found is not None:
            assert rules.may_run_release(run, found, VERSIONS, on=on).allowed
            assert found.released_on <= on


@pytest.mark.parametrize(("on", "covered"), [("2027-03-09", True), ("2027-03-10", True), ("2027-03-11", False)])
def test_the_last_day_of_updates_is_included(on: str, covered: bool) -> None:
    assert rules.covers_release(BY_DATE, release("10.7.0", on)[0]) is covered
