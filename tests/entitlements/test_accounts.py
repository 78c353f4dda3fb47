"""Several licences and seats (RULES.md D)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from podpora.base.decisions import Decision
from podpora.catalog.values import Level, Scope
from podpora.entitlements import rules
from podpora.entitlements.rules import seats
from podpora.entitlements.values import EntryKind, Line
from tests.make.ledger import POLICY, bought, day, free, goodwill, instant, paid, renewed, replayed, through, trial

AT = instant("2027-04-01")
L1 = Line("L-1", replayed([bought("2026-03-10")], AT))  # through 10 Mar 2027
L2 = Line("L-2", replayed([bought("2026-06-30")], AT))  # through 30 Jun 2027
LICENCE_SCOPE = replace(POLICY, scope=Scope.LICENCE)


@pytest.mark.parametrize("named", [None, "L-1", "L-2", "L-of-somebody-else"])
def test_org_1_any_active_line_opens_the_gate(named: str | None) -> None:
    decision = rules.may_open_ticket([L1, L2], named=named, at=AT, policy=POLICY)
    assert (decision.allowed, decision.code) == (True, "support.active")
    assert decision.facts("support.active")["licence"] == "L-2"


def test_org_1_each_line_keeps_its_own_date() -> None:
    assert (L1.rights.support_through, L2.rights.support_through) == (day("2027-03-10"), day("2027-06-30"))


def test_org_2_scope_licence_refuses_the_lapsed_one_and_names_the_other() -> None:
    decision = rules.may_open_ticket([L1, L2], named="L-1", at=AT, policy=LICENCE_SCOPE)
    assert (decision.allowed, decision.codes) == (False, ("support.expired", "support.use_other_licence"))
    assert decision.facts("support.use_other_licence")["other"] == "L-2"


@pytest.mark.parametrize(("named", "allowed"), [("L-2", True), (None, True), ("L-1", False)])
def test_org_2_scope_licence(named: str | None, allowed: bool) -> None:
    assert rules.may_open_ticket([L1, L2], named=named, at=AT, policy=LICENCE_SCOPE).allowed is allowed


def test_no_line_is_active_the_latest_end_is_told() -> None:
    at = instant("2027-09-01")
    decision = rules.may_open_ticket([L2, L1], named=None, at=at, policy=POLICY)
    assert (decision.codes, decision.facts("support.expired")["licence"]) == (("support.expired",), "L-2")


def test_a_customer_without_licences_is_not_included() -> None:
    assert rules.may_open_ticket([], named=None, at=AT, policy=POLICY).codes == ("support.not_included",)


def test_t4_a_free_licence_beside_an_active_pro_one() -> None:
    lines = [Line("L-F", replayed([free("2020-01-01")], AT), Level.NO), L2]
    assert rules.may_open_ticket(lines, named="L-F", at=AT, policy=POLICY).allowed


def test_a_trial_beside_a_lapsed_pro_licence_tells_about_the_pro_one() -> None:
    lines = [Line("L-T", replayed([trial("2027-03-20")], AT), Level.NO), L1]
    assert rules.may_open_ticket(lines, named=None, at=AT, policy=POLICY).code == "support.expired"


def test_org_3_alignment_pro_rata() -> None:
    aligned = rules.align(day("2027-03-10"), day("2027-06-30"))
    assert aligned.days == 112
    assert round(aligned.share * 365) == 112
    entry = paid(EntryKind.ALIGNMENT, "2027-01-15", days=aligned.days)
    assert through([bought("2026-03-10"), entry]) == through([bought("2026-06-30")]) == "2027-06-30"


@pytest.mark.parametrize("to", ["2027-03-10", "2027-03-09"])
def test_org_3_nothing_is_aligned_backwards(to: str) -> None:
    with pytest.raises(ValueError, match="is not after"):
        rules.align(day("2027-03-10"), day(to))


def test_org_4_a_new_seat_does_not_extend_the_others() -> None:
    org = bought("2026-03-10", seats=200)
    extra = paid(EntryKind.EXTRA_DEVICE, "2026-11-20", seats_each=1)
    rights = replayed([org, extra], "2026-12-01")
    assert (rights.seats, rights.support_through) == (201, day("2027-03-10"))
    assert through([bought("2026-11-20")]) == "2027-11-20"  # bought as a line of its own


@pytest.mark.parametrize(
    ("on", "effect", "release"),
    [
        ("2027-01-10", "2027-03-11", "2027-03-11"),  # long before: on the day after the old end
        ("2027-03-05", "2027-03-11", "2027-03-19"),  # none is cut without 14 days' notice
        ("2027-04-01", "2027-04-01", "2027-04-15"),  # after a lapse
    ],
)
def test_org_5_fewer_seats_take_effect_after_the_old_end(on: str, effect: str, release: str) -> None:
    reduction = seats.reduction_after(day("2027-03-10"), active=180, seats=150, on=day(on), policy=POLICY)
    assert (reduction.takes_effect_on, reduction.too_many, reduction.release_on) == (day(effect), 30, day(release))


def test_org_5_nobody_is_too_many() -> None:
    assert seats.reduction_after(day("2027-03-10"), active=100, seats=150, on=day("2027-01-01"), policy=POLICY).too_many == 0


def test_x_3_the_longest_silent_device_is_released_by_default() -> None:
    now: datetime = AT
    seen = [("D-1", now), ("D-2", now - timedelta(days=40)), ("D-3", now - timedelta(days=3))]
    assert seats.silent_longest(seen, 1) == ["D-2"]
    assert seats.silent_longest(seen, 2) == ["D-2", "D-3"]
    assert seats.silent_longest(seen, 0) == seats.silent_longest(seen, -1) == []


def test_t3_run_and_support_are_two_rights() -> None:
    rights = replayed([bought("2020-03-10", major=8)], AT)
    assert rules.may_run(rights, at=AT, policy=POLICY).allowed
    assert not rules.support_of(rights, at=AT, policy=POLICY).allowed


@pytest.mark.parametrize(
    ("days", "allowed", "code"), [(0, True, "licence.valid"), (29, True, "licence.valid"), (30, False, "licence.expired")]
)
def test_a_15_the_trial_has_30_days_of_which_the_first_is_day_1(days: int, allowed: bool, code: str) -> None:
    at = instant("2026-01-31") + timedelta(days=days)
    rights = replayed([trial("2026-01-31")], at)
    decision = rules.may_run(rights, at=at, policy=POLICY)
    assert (decision.allowed, decision.code, rights.run.until) == (allowed, code, day("2026-03-01"))


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([bought("2026-03-10")], "ok"),
        ([free("2026-03-10")], "licence.cannot_be_extended"),
        ([], "licence.cannot_be_extended"),
    ],
)
def test_goodwill_and_devices_need_something_to_extend(entries: list, code: str) -> None:  # type: ignore[type-arg]
    now = replayed(entries, "2026-04-01")
    for decision in (rules.may_give_goodwill(now, licence="L-1"), rules.may_add_devices(now, licence="L-1")):
        assert decision.code == code


def test_goodwill_is_given_even_while_a_payment_is_disputed() -> None:
    assert rules.may_give_goodwill(replayed([bought("2026-03-10"), goodwill("2026-04-01", days=3)], AT), licence="L").allowed
    assert renewed("2026-05-01").years_each == 1


def test_a_decision_told_about_a_licence_keeps_its_other_facts() -> None:
    decision = rules.about(Decision(), licence="L-1")
    assert decision == Decision()
