"""An order's money, read in date order: any order and duplication of notices gives the same answer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.catalog.values import OfferKind
from podpora.entitlements.values import EntryKind
from podpora.orders import rules
from podpora.orders.values import LineFacts, MoneyFact, MoneyKind, OrderFacts, OrderState

PLACED = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def day(n: int) -> datetime:
    return PLACED + timedelta(days=n)


def order(quantity: int = 5, total: str = "500", lines: int = 1) -> OrderFacts:
    facts = tuple(LineFacts(n, OfferKind.LICENCE, quantity, 1, 1, f"L-{n}", False, True) for n in range(1, lines + 1))
    return OrderFacts("A-1", PLACED, date(2026, 3, 10), Decimal(total), facts)


def event(
    kind: MoneyKind, name: str, n: int, amount: str | None = None, lines: tuple[tuple[int, int | None], ...] = ()
) -> MoneyFact:
    return MoneyFact(kind, name, day(n), day(n).date(), Decimal(amount) if amount else None, lines)


PAID = event(MoneyKind.PAYMENT, "p1", 1, "500")


def test_C04_all_permutations_of_one_payment_story_give_the_same_history():
    story = [
        PAID,
        event(MoneyKind.REFUND, "r1", 3, lines=((1, 2),)),
        event(MoneyKind.REFUND, "r2", 9),
        event(MoneyKind.CHARGEBACK_OPENED, "c1", 4),
        event(MoneyKind.CHARGEBACK_WON, "c1", 6),
        event(MoneyKind.PAYMENT, "p2", 2, "500"),
    ]
    expected = rules.money_history(order(), story)
    for shuffled in permutations(story):
        assert rules.money_history(order(), [*shuffled, *shuffled[:3]]) == expected
    assert expected.captured_at == day(1)
    assert rules.state_of(order(), expected) is OrderState.REFUNDED


def test_C05_a_refund_dated_before_the_payment_waits_for_it():
    refund = event(MoneyKind.REFUND, "r1", 1)
    assert rules.money_history(order(), [refund]).strikes[0].at is None
    history = rules.money_history(order(), [refund, event(MoneyKind.PAYMENT, "p1", 4, "500")])
    assert history.strikes[0].at == day(4) == history.captured_at


def test_C15_paying_twice_changes_nothing_but_the_surplus():
    history = rules.money_history(order(), [PAID, event(MoneyKind.PAYMENT, "p2", 5, "500")])
    assert (history.captured_at, history.overpaid) == (day(1), Decimal(500))


def test_C16_less_than_the_total_is_not_paid():
    history = rules.money_history(order(), [event(MoneyKind.PAYMENT, "p1", 1, "499.99")])
    assert (history.captured_at, history.missing) == (None, Decimal("0.01"))
    history = rules.money_history(order(), [event(MoneyKind.PAYMENT, "b", 3, "0.01"), event(MoneyKind.PAYMENT, "a", 1, "499.99")])
    assert history.captured_at == day(3)


def test_what_costs_nothing_is_paid_when_it_is_ordered():
    assert rules.money_history(order(total="0"), []).captured_at == PLACED


def test_X6_a_lost_chargeback_takes_back_and_paying_again_restores():
    lost = event(MoneyKind.CHARGEBACK_LOST, "c1", 5)
    history = rules.money_history(order(), [PAID, event(MoneyKind.CHARGEBACK_OPENED, "c1", 3), lost])
    assert rules.state_of(order(), history) is OrderState.CHARGED_BACK
    assert [s.kind for s in history.strikes] == [EntryKind.CHARGEBACK_OPENED, EntryKind.CHARGEBACK_LOST]
    again = rules.money_history(order(), [event(MoneyKind.PAYMENT, "p2", 8, "500"), lost, PAID])
    assert (again.strikes[-1].kind, again.strikes[-1].at) == (EntryKind.PAID_AGAIN, day(8))
    assert rules.state_of(order(), again) is OrderState.PAID


def test_a_second_payment_stands_when_the_first_is_charged_back():
    history = rules.money_history(
        order(), [PAID, event(MoneyKind.PAYMENT, "p2", 2, "500"), event(MoneyKind.CHARGEBACK_LOST, "c", 5)]
    )
    assert (history.strikes[-1].kind, history.strikes[-1].at) == (EntryKind.PAID_AGAIN, day(5))
    assert history.overpaid == 0


def test_two_losses_need_two_payments_more():
    losses = [event(MoneyKind.CHARGEBACK_LOST, "c1", 3), event(MoneyKind.CHARGEBACK_LOST, "c2", 4)]
    one = rules.money_history(order(), [PAID, event(MoneyKind.PAYMENT, "p2", 6, "500"), *losses])
    assert one.lost_at == day(4)
    assert EntryKind.PAID_AGAIN not in [s.kind for s in one.strikes]
    between = rules.money_history(order(), [PAID, event(MoneyKind.PAYMENT, "p2", 6, "500"), losses[0],
                                            event(MoneyKind.CHARGEBACK_OPENED, "c2", 7), event(MoneyKind.CHARGEBACK_WON, "c2", 9)])  # fmt: skip
    assert between.strikes[-2].kind is EntryKind.CHARGEBACK_WON
    assert between.strikes[-2].at == day(9)


def test_a_won_chargeback_restores_nothing_while_another_is_open():
    story = [
        PAID,
        event(MoneyKind.CHARGEBACK_OPENED, "c1", 2),
        event(MoneyKind.CHARGEBACK_OPENED, "c2", 3),
        event(MoneyKind.CHARGEBACK_WON, "c1", 4),
    ]
    history = rules.money_history(order(), story)
    assert [s.at for s in history.strikes if s.kind is EntryKind.CHARGEBACK_WON] == [None]
    assert rules.state_of(order(), history) is OrderState.DISPUTED


def test_C18_a_refund_of_one_of_five():
    history = rules.money_history(order(), [PAID, event(MoneyKind.REFUND, "r", 3, lines=((1, 1),))])
    assert (history.units_left[1], history.strikes[0].units) == (4, 1)
    assert rules.state_of(order(), history) is OrderState.PART_REFUNDED


@pytest.mark.parametrize(("lines", "codes"), [
    (((1, 3),), ()),
    (((1, 4),), ("refund.too_much",)),
    ((), ()),
])  # fmt: skip
def test_C20_never_more_than_is_left(lines, codes):
    before = event(MoneyKind.REFUND, "r1", 3, lines=((1, 2),))
    assert rules.may_refund(order(), [PAID, before], event(MoneyKind.REFUND, "r2", 4, lines=lines)).codes == codes


def test_C20_nothing_is_left_after_the_whole():
    whole = event(MoneyKind.REFUND, "r1", 5)
    assert rules.may_refund(order(), [PAID, whole], event(MoneyKind.REFUND, "r2", 6)).codes == ("refund.nothing_left",)
    for number in ("r0", "r2"):  # S21: at the same instant, whichever number comes first
        assert rules.may_refund(order(), [PAID, whole], event(MoneyKind.REFUND, number, 5)).codes == ("refund.nothing_left",)
    # The same whole told once more, dated before the first: it is given back once.
    assert rules.may_refund(order(), [PAID, whole], event(MoneyKind.REFUND, "r2", 4)).codes == ("refund.nothing_left",)
    late_notice = event(MoneyKind.REFUND, "r2", 4, lines=((1, 2),))
    assert rules.may_refund(order(), [PAID, whole], late_notice).allowed


KINDS = st.sampled_from(list(MoneyKind))
EVENTS = st.lists(st.builds(event, KINDS, st.sampled_from(["x", "y"]), st.integers(0, 9), st.just("500")), max_size=8)


@given(EVENTS, st.randoms())
def test_VIP11_any_order_and_duplication(events, random):
    unique = list({(e.kind, e.external_id): e for e in events}.values())
    expected = rules.money_history(order(lines=2), unique)
    shuffled = unique + unique[:2]
    random.shuffle(shuffled)
    assert rules.money_history(order(lines=2), shuffled) == expected
