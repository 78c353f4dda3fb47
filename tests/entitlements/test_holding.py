"""A licence that the vendor's staff suspend as a whole, and reinstate (X-4, X-5 by hand)."""

from itertools import permutations

import pytest

from podpora.entitlements import rules
from podpora.entitlements.values import Entry, EntryKind
from tests.make.ledger import POLICY, bought, day, instant, paid, renewed, replayed, subscribed, through

BOUGHT = bought("2026-03-10")


def suspended(on: str) -> Entry:
    return paid(EntryKind.SUSPENSION, on)


def reinstated(on: str) -> Entry:
    return paid(EntryKind.REINSTATEMENT, on)


HELD = [BOUGHT, suspended("2026-06-01")]


@pytest.mark.parametrize(
    ("on", "run", "allowed"),
    [
        ("2026-05-31", "licence.valid", True),
        ("2026-06-01 13:00", "licence.suspended_by_vendor", True),
        ("2026-06-15", "licence.suspended_by_vendor", True),  # 14 days
        ("2026-06-16", "licence.suspended", False),
    ],
)
def test_x_4_what_is_installed_goes_on_for_a_while(on: str, run: str, allowed: bool) -> None:
    decision = rules.may_run(replayed(HELD, on), at=instant(on), policy=POLICY)
    assert (decision.code, decision.allowed) == (run, allowed)


def test_no_new_ticket_while_it_is_suspended() -> None:
    rights = replayed(HELD, "2026-06-02")
    assert rights.is_suspended
    assert rules.support_of(rights, at=instant("2026-06-02"), policy=POLICY).code == "licence.suspended_by_vendor"


def test_a_second_purchase_does_not_lift_it() -> None:
    """It is the licence that is suspended, not one payment."""
    rights = replayed([*HELD, renewed("2026-06-05")], "2026-07-01")
    assert rules.may_run(rights, at=instant("2026-07-01"), policy=POLICY).code == "licence.suspended"


def test_x_5_reinstated_the_days_are_given_back() -> None:
    entries = [*HELD, reinstated("2026-06-11")]
    assert through(entries, "2026-06-12") == "2027-03-20"
    rights = replayed(entries, "2026-06-12")
    assert rights.held_at is None
    assert rules.may_run(rights, at=instant("2026-06-12"), policy=POLICY).code == "licence.valid"


def test_x_5_three_days_are_forgiven() -> None:
    assert through([*HELD, reinstated("2026-06-04")], "2026-06-12") == "2027-03-10"


def test_suspended_again_after_being_reinstated() -> None:
    entries = [*HELD, reinstated("2026-06-11"), suspended("2026-08-01")]
    assert replayed(entries, "2026-08-02").held_at == instant("2026-08-01")
    assert replayed(entries, "2026-07-02").held_at is None


def test_t_2_any_order_gives_the_same() -> None:
    entries = [*HELD, reinstated("2026-06-11"), renewed("2026-07-01")]
    answers = {replayed(order, "2026-09-01").support_through for order in permutations(entries)}
    assert answers == {day("2028-03-20")}


def test_a_subscription_gets_its_days_back_too() -> None:
    rights = replayed([subscribed("2026-03-10"), suspended("2026-06-01"), reinstated("2026-06-11")], "2026-06-12")
    assert rights.run.until == day("2027-03-20")


def test_the_trail_says_what_happened() -> None:
    rights = replayed([*HELD, reinstated("2026-06-11")], "2026-06-12", explained=True)
    codes = {step.entry.kind: [reason.code for reason in step.why] for step in rights.trail}
    assert codes[EntryKind.SUSPENSION] == ["ledger.suspends_all"]
    assert codes[EntryKind.REINSTATEMENT] == ["ledger.restores_all", "ledger.suspended_days"]


def test_once_is_enough_and_only_what_staff_suspended_is_reinstated() -> None:
    held, free = replayed(HELD, "2026-06-02"), replayed([BOUGHT], "2026-06-02")
    assert rules.may_suspend(held, zone=POLICY.zone).code == "licence.suspended_already"
    assert rules.may_suspend(free, zone=POLICY.zone).allowed
    assert rules.may_reinstate(free).code == "licence.not_suspended"
    assert rules.may_reinstate(held).allowed
