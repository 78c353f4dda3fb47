"""End of life, versions and upgrades (RULES.md B), each rule by its id."""

from dataclasses import replace

import pytest

from podpora.base.decisions import Decision
from podpora.catalog.values import VersionFacts
from podpora.entitlements import rules
from podpora.entitlements.values import Entry
from tests.make.ledger import (
    POLICY,
    VERSIONS,
    bought,
    chargeback,
    day,
    free,
    instant,
    lifetime,
    refunded,
    renewed,
    replayed,
    subscribed,
    trial,
    upgraded,
)

FOR_8 = bought("2023-03-10", major=8)


def may_renew(entries: list[Entry], on: str, running: tuple[int, ...] = ()) -> Decision:
    at = instant(on)
    now = replayed(entries, at)
    then = rules.preview(entries, [renewed(on)], at=at, versions=VERSIONS, policy=POLICY)
    return rules.may_renew(now, then, VERSIONS, licence="L-1", on=day(on), policy=POLICY, running=running)


@pytest.mark.parametrize(
    ("on", "major"),
    [("2019-02-28", None), ("2019-03-01", 8), ("2026-09-30", 9), ("2026-10-01", 10), ("2030-01-01", 10)],
)
def test_eol_1_the_latest_officially_released_major(on: str, major: int | None) -> None:
    assert rules.version_at((*VERSIONS, VersionFacts(11, None)), day(on)) == major


def test_eol_1_covers_it_and_all_older_but_not_the_next() -> None:
    run = replayed([bought("2025-03-10", major=9)], "2030-01-01").run
    assert [run.covers(major) for major in (1, 8, 9, 10, 11)] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("rule", "entries", "on", "allowed", "codes"),
    [
        ("EOL-2", [FOR_8], "2026-06-30", True, ("version.end_of_life_today",)),
        ("EOL-3", [FOR_8], "2026-07-01", False, ("version.end_of_life",)),
        ("EOL-4 lifetime", [FOR_8, lifetime("2024-01-01")], "2026-07-01", True, ()),
        ("EOL-4 subscription", [subscribed("2026-03-01")], "2026-07-01", True, ()),
        ("EOL-6 a year before", [FOR_8], "2025-06-30", True, ("version.end_of_life_soon",)),
        ("EOL-6 a day more than a year", [FOR_8], "2025-06-29", True, ()),
        ("EOL-6 the day before", [FOR_8], "2026-06-29", True, ("version.end_of_life_soon",)),
        ("no end published", [bought("2026-10-05", major=10)], "2026-11-01", True, ()),
        ("after the upgrade", [FOR_8, upgraded("2026-07-01", major=9)], "2026-07-02", True, ()),
        ("after the refund of the upgrade", [FOR_8, upgraded("2026-07-01", source="u"),
            refunded(upgraded("2026-07-01", source="u"), "2026-07-05")], "2026-07-06", False, ("version.end_of_life",)),
        ("trial", [trial("2026-07-01")], "2026-07-02", False, ("licence.cannot_be_extended",)),
        ("FREE", [free("2026-07-01")], "2026-07-02", False, ("licence.cannot_be_extended",)),
        ("revoked", [FOR_8, refunded(FOR_8, "2023-04-01")], "2023-05-01", False, ("licence.revoked",)),
        ("disputed", [FOR_8, chargeback("opened", FOR_8, "2023-04-01")], "2023-04-02", False, ("licence.suspended_payment",)),
        ("a subscription that is over", [subscribed("2024-03-01")], "2026-07-01", False, ("licence.expired",)),
    ],
)  # fmt: skip
def test_may_support_be_renewed(rule: str, entries: list[Entry], on: str, allowed: bool, codes: tuple[str, ...]) -> None:
    decision = may_renew(entries, on)
    assert (decision.allowed, decision.codes) == (allowed, codes)


def test_eol_3_the_upgrade_that_is_offered_includes_a_year() -> None:
    rights = replayed([FOR_8, upgraded("2026-07-01", major=9)], "2026-07-02")
    assert rights.support_through == day("2027-07-01")
    assert rights.run.through_major == 9


def test_eol_4_update_first_it_is_free_for_you() -> None:
    decision = may_renew([FOR_8, lifetime("2024-01-01")], "2026-07-01", running=(8, 8, 9))
    assert (decision.allowed, decision.codes) == (True, ("version.update_first",))
    assert decision.facts("version.update_first") == {"major": 8, "newest": 9}


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ([FOR_8], ("version.ticket_about_ended",)),
        ([FOR_8, lifetime("2024-01-01")], ("version.ticket_about_ended", "version.update_first")),
    ],
)
def test_eol_5_a_ticket_about_an_ended_version_is_accepted_and_flagged(entries: list[Entry], codes: tuple[str, ...]) -> None:
    run = replayed(entries, "2026-08-01").run
    decision = rules.ticket_about(run, 8, VERSIONS, on=day("2026-08-01"))
    assert (decision.allowed, decision.codes) == (True, codes)
    assert rules.ticket_about(run, 8, VERSIONS, on=day("2026-06-30")) == Decision()
    assert rules.ticket_about(run, 9, VERSIONS, on=day("2026-08-01")) == Decision()


def test_eol_7_a_date_that_moves_later_takes_nothing_back() -> None:
    entries = [FOR_8, renewed("2024-02-01")]
    moved = tuple(replace(v, support_ends_on=day("2024-01-15")) if v.major == 8 else v for v in VERSIONS)
    assert replayed(entries, "2024-06-01", versions=moved).periods == replayed(entries, "2024-06-01").periods


@pytest.mark.parametrize(("major", "allowed"), [(8, True), (9, True), (10, False)])
def test_eol_8_may_this_major_run(major: int, allowed: bool) -> None:
    run = replayed([bought("2025-03-10", major=9)], "2026-11-01").run
    decision = rules.may_run_version(run, major, VERSIONS, on=day("2026-11-01"))
    assert decision.allowed is allowed
    if not allowed:
        assert decision.facts("version.not_covered") == {"major": 10, "through_major": 9}


def test_eol_8_an_ended_version_still_runs_with_a_warning() -> None:
    run = replayed([FOR_8], "2026-11-01").run
    decision = rules.may_run_version(run, 8, VERSIONS, on=day("2026-11-01"))
    assert (decision.allowed, decision.codes) == (True, ("version.end_of_life",))


def test_eol_9_the_upgrade_counts_at_once() -> None:
    entries = [bought("2025-03-10", major=9), upgraded("2026-11-20 10:00")]
    assert not replayed(entries, "2026-11-20 09:59").run.covers(10)
    assert replayed(entries, "2026-11-20 10:00").run.covers(10)


@pytest.mark.parametrize(
    ("on", "at", "days", "covers_10"),
    [
        ("2026-09-15", "2026-11-01", 30, True),
        ("2026-08-31", "2026-11-01", 30, False),  # 31 days
        ("2026-09-01", "2026-11-01", 30, True),  # 30 days
        ("2026-08-31", "2026-11-01", 31, True),
        ("2026-09-15", "2026-09-30", 30, False),  # asked about a day before it came out
        ("2026-09-15", "2026-10-01", 30, True),
        ("2026-09-15", "2026-11-01", 0, False),
        (
            "2026-10-01",
            "2026-11-01",
            30,
            False,
        ),  # bought as a licence for 9 on the day itself: 10 was current, so it says 9 for a reason
    ],
)
def test_eol_10_a_version_that_came_out_soon_after_the_purchase(on: str, at: str, days: int, covers_10: bool) -> None:
    policy = replace(POLICY, free_upgrade_days=days)
    assert replayed([bought(on, major=9)], at, policy=policy).run.covers(10) is covers_10


def test_eol_10_an_upgrade_to_9_opens_the_window_too() -> None:
    assert replayed([FOR_8, upgraded("2026-09-15", major=9)], "2026-11-01").run.through_major == 10


def test_eol_10_is_told_in_the_trail() -> None:
    codes = [r.code for r in replayed([bought("2026-09-15", major=9)], "2026-11-01", explained=True).trail[0].why]
    assert codes == ["ledger.started", "ledger.covers_major", "ledger.free_upgrade", "ledger.seats"]


@pytest.mark.parametrize(
    ("entries", "allowed", "codes"),
    [
        ([FOR_8], True, ()),
        ([bought("2026-10-05", major=10)], False, ("version.upgrade_not_needed",)),
        ([FOR_8, lifetime("2024-01-01")], False, ("version.upgrade_not_needed",)),
        ([subscribed("2026-10-05")], False, ("version.upgrade_not_needed",)),
        ([trial("2026-10-05")], False, ("licence.cannot_be_extended",)),
        ([], False, ("licence.cannot_be_extended",)),
    ],
)
def test_may_an_upgrade_be_sold(entries: list[Entry], allowed: bool, codes: tuple[str, ...]) -> None:
    decision = rules.may_upgrade(replayed(entries, "2026-11-01"), VERSIONS, licence="L-1", on=day("2026-11-01"))
    assert (decision.allowed, decision.codes) == (allowed, codes)


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ([FOR_8], ()),
        ([FOR_8, lifetime("2024-01-01")], ("licence.lifetime_already",)),
        ([free("2024-01-01")], ("licence.cannot_be_extended",)),
    ],
)
def test_c31_lifetime_updates_are_sold_once(entries: list[Entry], codes: tuple[str, ...]) -> None:
    assert rules.may_add_lifetime(replayed(entries, "2026-11-01"), licence="L-1").codes == codes
