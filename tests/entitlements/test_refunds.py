"""Refunds and chargebacks (RULES.md F), as far as they are about rights."""

from itertools import permutations

import pytest

from podpora.entitlements import rules
from podpora.entitlements.values import Entry
from tests.make.ledger import (
    POLICY,
    bought,
    chargeback,
    day,
    instant,
    lifetime,
    periods,
    refunded,
    renewed,
    replayed,
    subscribed,
    through,
    trial,
    upgraded,
)

BOUGHT = bought("2026-03-10")
RENEWED = renewed("2027-02-01")


def test_x_1_refund_of_the_extension() -> None:
    entries = [BOUGHT, RENEWED, refunded(RENEWED, "2027-02-10")]
    assert through(entries, "2027-02-09") == "2028-03-10"
    assert through(entries, "2027-02-11") == "2027-03-10"


def test_x_1_refund_takes_back_what_later_grants_stood_on() -> None:
    """The second renewal was early while the first stood; without it, it is the only one."""
    second = renewed("2027-02-05")
    assert through([BOUGHT, RENEWED, second, refunded(RENEWED, "2027-02-10")]) == "2028-03-10"


def test_x_2_refund_of_the_purchase_leaves_the_extension_without_a_licence() -> None:
    rights = replayed([BOUGHT, RENEWED, refunded(BOUGHT, "2027-02-10")], "2027-02-11", explained=True)
    assert (rights.base, rights.was_issued, rights.seats, rights.run.is_empty) == (None, True, 0, True)
    assert periods(rights) == [("2027-02-01", "2028-02-01")]
    assert rules.support_of(rights, at=instant("2027-02-11"), policy=POLICY).code == "licence.revoked"
    assert rules.may_run(rights, at=instant("2027-02-11"), policy=POLICY).code == "licence.revoked"
    renewal = next(step for step in rights.trail if step.entry == RENEWED)
    assert "ledger.no_base" in [reason.code for reason in renewal.why]


def test_x_2_an_upgrade_alone_gives_no_versions() -> None:
    rights = replayed([BOUGHT, upgraded("2026-11-20"), refunded(BOUGHT, "2026-12-01")], "2026-12-02")
    assert rights.run.is_empty


def test_x_2_moved_alone_it_replays_to_its_own_year() -> None:
    """Moved to another licence of the account that had no support."""
    other = bought("2020-01-01", major=8)
    assert through([other, RENEWED]) == "2028-02-01"


@pytest.mark.parametrize(
    ("struck", "seats", "end"),
    [(1, 2, "2027-03-10"), (2, 1, "2027-03-10"), (3, 0, None), (None, 0, None), (5, 0, None)],
)
def test_x_3_refund_of_some_seats(struck: int | None, seats: int, end: str | None) -> None:
    three = bought("2026-03-10", seats=3)
    rights = replayed([three, refunded(three, "2026-04-01", units=struck)], "2026-05-01")
    assert rights.seats == seats
    assert (rights.support_through.isoformat() if rights.support_through else None) == end


def test_x_3_two_partial_refunds_add_up() -> None:
    three = bought("2026-03-10", seats=3)
    entries = [three, refunded(three, "2026-04-01", units=1), refunded(three, "2026-04-02", units=1)]
    assert replayed(entries, "2026-05-01").seats == 1


def test_partial_refund_of_a_renewal_for_two_years() -> None:
    two = renewed("2027-02-01", years=2)
    assert through([BOUGHT, two]) == "2029-03-10"
    assert through([BOUGHT, two, refunded(two, "2027-02-05", units=1)]) == "2028-03-10"
    assert through([BOUGHT, two, refunded(two, "2027-02-05", units=1), refunded(two, "2027-02-06", units=1)]) == "2027-03-10"


def test_x_4_an_open_chargeback_suspends() -> None:
    entries = [BOUGHT, chargeback("opened", BOUGHT, "2026-06-01")]
    before, after = replayed(entries, "2026-05-31"), replayed(entries, "2026-06-02")
    assert (before.suspended_at, after.suspended_at) == (None, instant("2026-06-01"))
    assert rules.support_of(after, at=instant("2026-06-02"), policy=POLICY).code == "licence.suspended_payment"
    assert after.support_through == day("2027-03-10")


@pytest.mark.parametrize(
    ("at", "allowed", "code"),
    [
        ("2026-06-01", True, "licence.suspended_payment"),
        ("2026-06-15 23:59", True, "licence.suspended_payment"),  # 14 days
        ("2026-06-16 00:00", False, "licence.suspended"),
    ],
)
def test_x_4_running_installs_go_on_for_14_days(at: str, allowed: bool, code: str) -> None:
    rights = replayed([BOUGHT, chargeback("opened", BOUGHT, "2026-06-01 00:00")], at)
    decision = rules.may_run(rights, at=instant(at), policy=POLICY)
    assert (decision.allowed, decision.code) == (allowed, code)


def test_x_4_what_another_order_paid_for_runs_for_ever() -> None:
    """The renewal is disputed; the licence itself was paid by an order that nobody disputes."""
    rights = replayed([BOUGHT, RENEWED, chargeback("opened", RENEWED, "2027-03-01")], "2027-06-01")
    assert rules.may_run(rights, at=instant("2027-06-01"), policy=POLICY).code == "licence.suspended_payment"


def test_x_4_a_disputed_year_of_a_subscription_does_not_run_on_by_itself() -> None:
    second = subscribed("2027-03-01")
    rights = replayed([subscribed("2026-03-10"), second, chargeback("opened", second, "2027-03-05")], "2027-04-01")
    assert rights.undisputed_run.until == day("2027-03-10")
    assert rules.may_run(rights, at=instant("2027-04-01"), policy=POLICY).code == "licence.suspended"


def test_x_4_a_dispute_over_a_purchase_after_a_trial() -> None:
    rights = replayed([trial("2026-03-01"), BOUGHT, chargeback("opened", BOUGHT, "2026-06-01")], "2026-07-01")
    assert rules.may_run(rights, at=instant("2026-07-01"), policy=POLICY).code == "licence.suspended"


@pytest.mark.parametrize(
    ("won", "end"),
    [
        ("2026-06-01", "2027-03-10"),
        ("2026-06-04", "2027-03-10"),  # 3 days: forgiven
        ("2026-06-05", "2027-03-14"),  # 4 days: all four are added
        ("2026-08-01", "2027-05-10"),  # 61 days
    ],
)
def test_x_5_won_gives_the_suspended_days_back(won: str, end: str) -> None:
    entries = [BOUGHT, chargeback("opened", BOUGHT, "2026-06-01"), chargeback("won", BOUGHT, won)]
    rights = replayed(entries, "2026-12-01")
    assert rights.suspended_at is None
    assert (rights.support_through or day("1970-01-01")).isoformat() == end


def test_x_5_support_that_ended_during_the_suspension() -> None:
    """9 days were left when it was opened on 1 Mar; 9 days are left when it is won on 1 Apr."""
    entries = [BOUGHT, chargeback("opened", BOUGHT, "2027-03-01"), chargeback("won", BOUGHT, "2027-04-01")]
    assert through(entries) == "2027-04-10"


def test_x_5_support_that_had_ended_before_gets_nothing() -> None:
    entries = [BOUGHT, chargeback("opened", BOUGHT, "2027-05-01"), chargeback("won", BOUGHT, "2027-06-01")]
    assert through(entries) == "2027-03-10"


def test_x_5_a_day_under_two_disputes_is_given_back_once() -> None:
    entries = [
        BOUGHT, RENEWED,
        chargeback("opened", BOUGHT, "2027-03-01"), chargeback("opened", RENEWED, "2027-03-11"),
        chargeback("won", BOUGHT, "2027-03-21"), chargeback("won", RENEWED, "2027-03-31"),
    ]  # fmt: skip
    assert through(entries) == "2028-04-09"  # 30 days, not 40


def test_x_5_a_subscription_gets_its_days_back_too() -> None:
    bill = subscribed("2026-03-10")
    rights = replayed([bill, chargeback("opened", bill, "2026-06-01"), chargeback("won", bill, "2026-06-11")], "2026-07-01")
    assert rights.run.until == rights.support_through == day("2027-03-20")


def test_x_6_lost_revokes_and_paid_again_restores() -> None:
    lost = [BOUGHT, chargeback("opened", BOUGHT, "2026-06-01"), chargeback("lost", BOUGHT, "2026-07-01")]
    rights = replayed(lost, "2026-07-02")
    assert (rights.base, rights.suspended_at, rights.seats) == (None, None, 0)
    assert rules.may_run(rights, at=instant("2026-07-02"), policy=POLICY).code == "licence.revoked"
    again = replayed([*lost, chargeback("paid_again", BOUGHT, "2026-08-01")], "2026-08-02")
    assert (again.seats, again.support_through) == (1, day("2027-03-10"))
    assert rules.may_run(again, at=instant("2026-08-02"), policy=POLICY).code == "licence.valid"


def test_x_6_a_lost_renewal_replays_to_the_former_end() -> None:
    entries = [BOUGHT, RENEWED, chargeback("opened", RENEWED, "2027-02-20"), chargeback("lost", RENEWED, "2027-03-01")]
    rights = replayed(entries, "2027-03-05")
    assert (rights.support_through, rights.suspended_at) == (day("2027-03-10"), None)


def test_x_8_a_refund_after_use_is_not_blocked() -> None:
    """Whether a ticket was answered is no fact of the ledger: the replay of a refund is the same. The decision is staff's."""
    assert through([BOUGHT, refunded(BOUGHT, "2027-03-09")]) is None


def test_a_refund_while_disputed_suspends_nothing_any_more() -> None:
    entries = [BOUGHT, RENEWED, chargeback("opened", RENEWED, "2027-02-05"), refunded(RENEWED, "2027-02-08")]
    rights = replayed(entries, "2027-02-09")
    assert (rights.suspended_at, rights.support_through) == (None, day("2027-03-10"))


HISTORY: list[Entry] = [
    BOUGHT, RENEWED, refunded(RENEWED, "2027-02-10"), chargeback("opened", BOUGHT, "2026-06-01"), chargeback("won", BOUGHT, "2026-06-20"),
    lifetime("2027-05-05"),
]  # fmt: skip


def test_c04_every_permutation_gives_the_same() -> None:
    expected = replayed(HISTORY, "2029-01-01", explained=True)
    assert all(replayed(order, "2029-01-01", explained=True) == expected for order in permutations(HISTORY))


def test_a_strike_that_is_known_before_its_grant_waits_for_it() -> None:
    strike = refunded(RENEWED, "2027-02-10")
    assert through([BOUGHT, strike]) == "2027-03-10"
    assert through([BOUGHT, strike, RENEWED]) == "2027-03-10"
