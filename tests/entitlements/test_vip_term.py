"""The VIP term (RULES.md A), each rule by its id. `support until` is the last day, inclusive."""

from dataclasses import replace

import pytest

from podpora.base.decisions import Decision
from podpora.base.reasons import message
from podpora.catalog.values import Level, Policy, UpgradeRule
from podpora.entitlements import rules
from podpora.entitlements.values import Entry, EntryKind, Line
from tests.make.ledger import (
    POLICY,
    VERSIONS,
    bought,
    chargeback,
    day,
    free,
    goodwill,
    instant,
    lifetime,
    paid,
    periods,
    refunded,
    renewed,
    replayed,
    subscribed,
    through,
    trial,
    upgraded,
)

VIP_1 = bought("2026-03-10")
RESET = False  # `stacks` of an upgrade that was sold under RESET_MAX


def gate(entries: list[Entry], at: str, policy: Policy = POLICY, level: Level = Level.WITH_SUPPORT) -> Decision:
    return rules.support_of(replayed(entries, at, policy=policy), at=instant(at, policy.zone), policy=policy, level=level)


@pytest.mark.parametrize(
    ("rule", "entries", "end"),
    [
        ("VIP-1", [VIP_1], "2027-03-10"),
        ("VIP-2 early", [VIP_1, renewed("2027-02-01")], "2028-03-10"),
        ("VIP-3 on the last day", [VIP_1, renewed("2027-03-10")], "2028-03-10"),
        ("VIP-3 in its last minute", [VIP_1, renewed("2027-03-10 23:59")], "2028-03-10"),
        ("VIP-4 a day late", [VIP_1, renewed("2027-03-11")], "2028-03-11"),
        ("VIP-4 in its first minute", [VIP_1, renewed("2027-03-11 00:00")], "2028-03-11"),
        ("VIP-5 half a year late", [VIP_1, renewed("2027-09-15")], "2028-09-15"),
        ("VIP-6 STACK", [VIP_1, upgraded("2026-11-20")], "2028-03-10"),
        ("VIP-6 RESET_MAX", [VIP_1, upgraded("2026-11-20", stacks=RESET)], "2027-11-20"),
        ("VIP-6 RESET_MAX, never backwards", [VIP_1, renewed("2026-04-01"), upgraded("2026-11-20", stacks=RESET)], "2028-03-10"),
        ("VIP-6 RESET_MAX, lifetime", [VIP_1, lifetime("2026-11-20", stacks=RESET)], "2027-11-20"),
        ("VIP-6 RESET_MAX is not about renewals", [VIP_1, renewed("2026-11-20", stacks=RESET)], "2028-03-10"),
        ("VIP-6 RESET_MAX after a lapse", [VIP_1, upgraded("2027-05-05", stacks=RESET)], "2028-05-05"),
        (
            "VIP-6 RESET_MAX counts from the payment",
            [VIP_1, upgraded("2026-11-20", ordered="2026-11-12", stacks=RESET)],
            "2027-11-20",
        ),
        ("VIP-7 two years", [VIP_1, renewed("2027-02-01", years=2)], "2029-03-10"),
        ("VIP-7 two years after a lapse", [VIP_1, renewed("2027-09-15", years=2)], "2029-09-15"),
        ("VIP-8 lifetime after a lapse", [VIP_1, lifetime("2027-09-15")], "2028-09-15"),
        ("VIP-8 lifetime while active", [VIP_1, lifetime("2026-09-15")], "2028-03-10"),
        ("VIP-10 trial", [trial("2026-03-10")], None),
        ("VIP-10 FREE", [free("2026-03-10")], None),
        ("VIP-12 ordered in time", [VIP_1, renewed("2027-03-15", ordered="2027-03-08")], "2028-03-10"),
        ("VIP-12 on the 14th day", [VIP_1, renewed("2027-03-22", ordered="2027-03-08")], "2028-03-10"),
        ("VIP-12 on the 15th day: too late", [VIP_1, renewed("2027-03-23", ordered="2027-03-08")], "2028-03-23"),
        ("VIP-12 ordered on the last day", [VIP_1, renewed("2027-03-24", ordered="2027-03-10")], "2028-03-10"),
        ("VIP-12 ordered after the lapse", [VIP_1, renewed("2027-03-15", ordered="2027-03-11")], "2028-03-15"),
        ("VIP-12 a first licence begins when the money is here", [bought("2026-03-15", ordered="2026-03-08")], "2027-03-15"),
        ("VIP-12 paid while still active", [VIP_1, renewed("2027-03-09", ordered="2027-03-01")], "2028-03-10"),
        ("VIP-15", [subscribed("2026-03-10")], "2027-03-10"),
        ("VIP-15 renewed", [subscribed("2026-03-10"), subscribed("2027-03-01")], "2028-03-10"),
        ("VIP-15 a grant runs longer", [subscribed("2026-03-10"), renewed("2026-06-01")], "2028-03-10"),
        (
            "VIP-12, VIP-15 a first subscription begins when the money is here, though support runs by another grant",
            [VIP_1, subscribed("2027-03-10", ordered="2027-03-08")],
            "2028-03-10",
        ),
        (
            "VIP-15 the grant and the next year end together",
            [subscribed("2026-03-10"), renewed("2026-06-01"), subscribed("2027-03-10")],
            "2028-03-10",
        ),
    ],
)
def test_support_until(rule: str, entries: list[Entry], end: str | None) -> None:
    assert through(entries) == end


def test_vip_5_no_support_in_the_gap() -> None:
    rights = replayed([VIP_1, renewed("2027-09-15")], "2027-10-01")
    assert periods(rights) == [("2026-03-10", "2027-03-10"), ("2027-09-15", "2028-09-15")]
    assert (rights.periods[1].starts_on - rights.periods[0].ends_on).days == 188


def test_vip_5_the_gap_is_closed() -> None:
    entries = [VIP_1, renewed("2027-09-15")]
    assert gate(entries, "2027-03-10").code == "support.active"
    assert gate(entries, "2027-06-01").code == "support.expired"
    assert gate(entries, "2027-09-15").code == "support.active"


@pytest.mark.parametrize(
    ("years", "on", "allowed"),
    [
        (2, "2027-02-01", True),  # until 10 Mar 2029
        (3, "2027-02-01", False),  # 10 Mar 2030 is more than three years after today
        (2, "2027-03-10", True),
        (3, "2027-03-11", True),  # lapsed: 11 Mar 2030 is exactly three years after today
        (4, "2027-03-11", False),
        (100, "2027-03-11", False),
    ],
)
def test_vip_7_at_most_max_ahead(years: int, on: str, allowed: bool) -> None:
    at = instant(on)
    now = replayed([bought("2026-03-10", major=10)], at)
    then = rules.preview([VIP_1], [renewed(on, years=years)], at=at, versions=VERSIONS, policy=POLICY)
    decision = rules.may_renew(now, then, VERSIONS, licence="L-1", on=day(on), policy=POLICY)
    assert decision.allowed is allowed
    assert ("support.too_far_ahead" in decision.codes) is not allowed


def test_vip_8_both_are_shown_separately() -> None:
    rights = replayed([VIP_1, lifetime("2027-09-15")], "2030-01-01")
    assert rights.run.covers_all and rights.run.until is None
    assert rights.support_through == day("2028-09-15")


def test_vip_9_lifetime_runs_on_when_support_ended() -> None:
    entries = [VIP_1, lifetime("2026-03-10 12:00", years=0)]
    at = instant("2027-03-12")
    rights = replayed(entries, at)
    decision = rules.support_of(rights, at=at, policy=POLICY)
    assert (decision.allowed, decision.codes) == (False, ("support.expired",))
    assert decision.facts("support.expired")["through"] == day("2027-03-10")
    assert rules.may_run(rights, at=at, policy=POLICY).code == "licence.valid"
    assert all(rules.may_run_version(rights.run, major, VERSIONS, on=day("2027-03-12")).allowed for major in (8, 9, 10))


@pytest.mark.parametrize(
    ("entries", "said"),
    [([trial("2026-03-10")], "During the trial"), ([free("2026-03-10")], "may take longer"), ([], "ask the community")],
)
def test_vip_10_never_any_vip(entries: list[Entry], said: str) -> None:
    decision = gate(entries, "2026-03-11", level=Level.NO)
    assert (decision.allowed, decision.code) == (False, "support.not_included")
    assert said in message(decision)


@pytest.mark.parametrize("times", [1, 2, 10])
def test_vip_11_told_again_and_in_any_order(times: int) -> None:
    entries = [renewed("2027-02-01"), VIP_1] * times
    assert through(entries) == "2028-03-10"


def test_vip_11_two_tellings_that_differ_count_once() -> None:
    first, again = renewed("2027-02-01", source="order:A-2/1"), renewed("2027-02-03", source="order:A-2/1")
    for entries in ([VIP_1, first, again], [again, first, VIP_1]):
        assert through(entries) == "2028-03-10"
        assert len(replayed(entries, "2028-01-01", explained=True).trail) == 2


@pytest.mark.parametrize(
    ("at", "code", "allowed"),
    [
        ("2027-03-08", "support.active", True),
        ("2027-03-10 23:59", "support.active", True),
        ("2027-03-11 05:00", "support.grace", True),
        ("2027-03-11 13:30", "support.pending_payment", True),
        ("2027-03-14", "support.pending_payment", True),
        ("2027-03-15 11:59", "support.pending_payment", True),
        ("2027-03-15 12:00", "support.active", True),
        ("2028-03-10", "support.active", True),
        ("2028-03-12", "support.expired", False),
    ],
)
def test_vip_12_tickets_while_the_transfer_is_on_its_way(at: str, code: str, allowed: bool) -> None:
    decision = gate([VIP_1, renewed("2027-03-15", ordered="2027-03-08")], at)
    assert (decision.code, decision.allowed) == (code, allowed)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2027-03-22", "support.pending_payment"),  # the 14th day
        ("2027-03-23 00:00", "support.expired"),  # the money is late
    ],
)
def test_vip_12_waits_for_so_many_days_only(at: str, code: str) -> None:
    assert gate([VIP_1, renewed(None, ordered="2027-03-08")], at).code == code


def test_vip_12_a_cancelled_order_is_not_waited_for() -> None:
    order = renewed(None, ordered="2027-03-08", cancelled_at=instant("2027-03-13"))
    assert gate([VIP_1, order], "2027-03-12").code == "support.pending_payment"
    assert gate([VIP_1, order], "2027-03-14").code == "support.expired"


def test_vip_12_an_order_of_the_lapsed_waits_without_tickets() -> None:
    order = renewed(None, ordered="2027-03-20")
    assert gate([VIP_1, order], "2027-03-21").code == "support.expired"
    assert replayed([VIP_1, order], "2027-03-21", explained=True).trail[-1].why[0].code == "ledger.not_paid"


def test_vip_12_several_orders_never_cost_a_day() -> None:
    """A card renewal bought while a transfer is on its way: each takes the place that it had when it was ordered."""
    transfer, card = renewed("2027-03-15", ordered="2027-03-08", source="a"), renewed("2027-03-12", source="b")
    assert through([VIP_1, transfer, card], "2027-03-14") == "2028-03-12"
    assert through([VIP_1, transfer, card], "2027-03-16") == "2029-03-10"


def test_vip_12_an_order_that_leans_on_another_waiting_one() -> None:
    """Ordered on 20 Mar, after the old end but before the end that the earlier order gives: in time once that one is paid."""
    first = renewed("2027-03-21", ordered="2027-03-08", source="a")
    second = renewed("2027-03-25", ordered="2027-03-20", source="b")
    assert through([VIP_1, first, second]) == "2029-03-10"


def test_vip_13_the_preview_is_what_comes_after_payment() -> None:
    at = instant("2027-02-01")
    new = renewed("2027-02-01", years=2)
    assert rules.preview([VIP_1], [new], at=at, versions=VERSIONS, policy=POLICY) == replayed([VIP_1, new], at)


@pytest.mark.parametrize(
    ("at", "run", "support"),
    [
        ("2027-03-10", "licence.valid", "support.active"),
        ("2027-03-12", "licence.expired", "support.expired"),
    ],
)
def test_vip_15_subscription_and_its_support_end_together(at: str, run: str, support: str) -> None:
    rights = replayed([subscribed("2026-03-10")], at)
    assert rules.may_run(rights, at=instant(at), policy=POLICY).code == run
    assert rules.support_of(rights, at=instant(at), policy=POLICY).code == support


def test_vip_15_the_program_goes_on_while_the_renewal_of_a_subscription_waits_for_its_money() -> None:
    rights = replayed([subscribed("2026-03-10"), subscribed(None, ordered="2027-03-05")], "2027-03-13")
    assert rules.may_run(rights, at=instant("2027-03-13"), policy=POLICY).code == "licence.expired_in_grace"
    assert rules.may_run(rights, at=instant("2027-03-20"), policy=POLICY).code == "licence.expired"


def test_t7_what_was_bought_outlives_a_subscription() -> None:
    entries = [VIP_1, subscribed("2026-06-01")]
    assert replayed(entries, "2027-01-01").run.covers(10)
    later = replayed(entries, "2028-01-01")
    assert (later.run.covers_all, later.run.through_major) == (False, 9)
    assert rules.may_run(later, at=instant("2028-01-01"), policy=POLICY).code == "licence.valid"


@pytest.mark.parametrize(
    ("entries", "end"),
    [
        ([VIP_1, goodwill("2026-05-05", days=30)], "2027-04-09"),
        ([VIP_1, goodwill("2027-05-01", days=30)], "2027-05-30"),  # 30 days, the 1st to the 30th
        ([VIP_1, goodwill("2026-05-05", days=30), renewed("2027-01-01")], "2028-04-09"),  # the new end is the new anchor
        ([VIP_1, goodwill("2027-05-01", years=1)], "2028-05-01"),
        ([bought("2024-02-29"), goodwill("2024-03-01", years=4)], "2029-02-28"),
        ([VIP_1, goodwill("2027-05-01", years=1, days=10)], "2028-05-11"),
        ([VIP_1, paid(EntryKind.ALIGNMENT, "2027-01-01", days=112)], "2027-06-30"),  # ORG-3
    ],
)
def test_goodwill_and_alignment(entries: list[Entry], end: str) -> None:
    assert through(entries) == end


def test_one_order_with_several_lines_does_not_depend_on_their_numbers() -> None:
    """Paid at one instant, RESET_MAX: the upgrade comes before the renewal, whichever line is first."""
    one = [upgraded("2027-03-01", source="A/1", stacks=RESET), renewed("2027-03-01", source="A/2")]
    two = [upgraded("2027-03-01", source="A/2", stacks=RESET), renewed("2027-03-01", source="A/1")]
    assert through([VIP_1, *one]) == through([VIP_1, *two]) == "2029-03-01"


def test_what_is_known_later_does_not_count_earlier() -> None:
    entries = [VIP_1, renewed("2027-02-01"), refunded(renewed("2027-02-01"), "2027-02-10")]
    assert [through(entries, at) for at in ("2026-01-01", "2026-12-31", "2027-02-05", "2027-02-11")] == [
        None, "2027-03-10", "2028-03-10", "2027-03-10",
    ]  # fmt: skip


def test_the_matrix_decides_for_the_tier() -> None:
    """The same ledger under another row of the plan matrix."""
    assert gate([VIP_1], "2030-01-01", level=Level.YES).code == "support.included"
    assert gate([VIP_1], "2026-04-01", level=Level.NO).code == "support.not_included"
    assert gate([free("2026-03-10")], "2026-04-01", level=Level.LIMITED).allowed


def test_the_refusal_of_an_ended_version_offers_the_upgrade() -> None:
    at = instant("2028-01-01")
    rights = replayed([VIP_1], at)
    assert rules.ended_major(rights, VERSIONS, on=day("2028-01-01")) == 9
    line = Line("L-1", rights, ended_major=9)
    assert rules.support_of_line(line, at=at, policy=POLICY).facts("support.expired")["ended_major"] == 9


def test_the_rule_of_the_upgrade_is_the_one_under_which_it_was_sold() -> None:
    changed = replace(POLICY, upgrade_rule=UpgradeRule.RESET_MAX)
    assert through([VIP_1, upgraded("2026-11-20")], policy=changed) == "2028-03-10"


def test_a_dispute_that_is_open_closes_the_gate() -> None:
    assert gate([VIP_1, chargeback("opened", VIP_1, "2026-06-01")], "2026-06-02").code == "licence.suspended_payment"


def test_t3_lifetime_updates_of_a_subscription_run_for_ever() -> None:
    rights = replayed([subscribed("2026-03-10"), lifetime("2026-06-01")], "2040-01-01")
    assert (rights.run.covers_all, rights.run.until) == (True, None)
    assert rules.may_run(rights, at=instant("2040-01-01"), policy=POLICY).code == "licence.valid"
