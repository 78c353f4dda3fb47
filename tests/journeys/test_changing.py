"""Renewals that do more than add years: aligned to a common date (ORG-3), for fewer devices (ORG-5)."""

from datetime import date

import pytest

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.money import Money
from podpora.journeys import purchase
from podpora.journeys.refund import refund
from podpora.journeys.rights import explain, rights_of
from podpora.licensing.models import Licence
from podpora.orders.models import Invoice, Order
from podpora.orders.values import CartLine, Notice
from tests.make import orders as make

pytestmark = pytest.mark.django_db
ON = "2027-02-01"


def through(code: str, on: str) -> date | None:
    return rights_of(Licence.objects.get(code=code), at=make.at(on)).support_through


@pytest.fixture
def two() -> tuple[Order, str, str]:
    """L1 with support until 10 Mar 2027, L2 until 30 Jun 2027, of one customer."""
    make.shop()
    first = make.bought("pro-private-1", on="2026-03-10")
    second = make.bought("pro-private-1", of=first.customer, on="2026-06-30")
    return first, make.licence_of(first), make.licence_of(second)


def aligned(order: Order, code: str, to: date, *, paid: str = ON) -> Order:
    placed = purchase.place(
        [CartLine("vip-renewal", 1, code, align_to=to)], customer=order.customer, currency="CZK", by=make.BY, at=make.at(ON)
    )
    return make.pay(placed, paid)


def test_ORG3_one_date_for_both_for_112_of_365_of_the_yearly_price(two):
    order, first, second = two
    to = through(second, ON)
    assert to == date(2027, 6, 30)
    quote = purchase.preview([CartLine("vip-renewal", 1, first, to)], customer=order.customer, currency="CZK", at=make.at(ON))
    assert quote.total == Money.of("181.04", "CZK")  # 590 x 112 / 365
    assert quote.lines[0].after.support_through == to
    paid = aligned(order, first, to)
    assert (through(first, ON), through(second, ON)) == (to, to)
    assert paid.total_money == quote.total
    written = Invoice.objects.filter(order=paid, kind="tax").first()
    assert written is None or "112/365" in written.content["lines"][0]["name"]


def test_ORG3_the_next_year_counts_from_the_common_date_and_a_refund_takes_the_days_back(two):
    order, first, _second = two
    paid = aligned(order, first, date(2027, 6, 30))
    make.bought("vip-renewal", 1, first, of=order.customer, on="2027-03-01")
    assert through(first, "2027-03-02") == date(2028, 6, 30)
    refund(paid, (), Notice("r-1", make.at("2027-03-05")), by=make.BY, at=make.at("2027-03-05"))
    assert through(first, "2027-03-06") == date(2028, 3, 10)
    kinds = [entry["kind"] for entry in explain(Licence.objects.get(code=first), at=make.at("2027-03-06")).entries]
    assert "alignment" in kinds


def test_ORG3_and_VIP12_a_transfer_that_was_ordered_in_time(two):
    order, first, _second = two
    aligned(order, first, date(2027, 6, 30), paid="2027-02-14")
    assert through(first, "2027-02-15") == date(2027, 6, 30)


@pytest.mark.parametrize(("on", "to", "code"), [
    ("2027-02-01", date(2027, 3, 10), "alignment.not_later"),
    ("2027-02-01", date(2026, 3, 10), "alignment.not_later"),
    ("2027-03-11", date(2027, 6, 30), "alignment.not_running"),
    ("2027-03-10", date(2031, 6, 30), "support.too_far_ahead"),
])  # fmt: skip
def test_ORG3_refused_before_payment(two, on, to, code):
    order, first, _second = two
    line = CartLine("vip-renewal", 1, first, to)
    quote = purchase.preview([line], customer=order.customer, currency="CZK", at=make.at(on))
    assert quote.decision.code == code
    with pytest.raises(Refused):
        purchase.place([line], customer=order.customer, currency="CZK", by=make.BY, at=make.at(on))


@pytest.mark.parametrize(("line", "field"), [
    (CartLine("upgrade", 1, "L-1", date(2027, 6, 30)), "lines.0.align_to"),
    (CartLine("vip-renewal", 2, "L-1", date(2027, 6, 30)), "lines.0.quantity"),
    (CartLine("extra-device", 1, "L-1", None, 3), "lines.0.seats"),
    (CartLine("vip-renewal", 1, "L-1", date(2027, 6, 30), 3), "lines.0.seats"),
])  # fmt: skip
def test_what_does_not_belong_together_is_named(two, line, field):
    with pytest.raises(InvalidInput) as problem:
        purchase.preview([line], customer=two[0].customer, currency="CZK", at=make.at(ON))
    assert field in problem.value.fields


@pytest.fixture
def company() -> tuple[Order, str]:
    make.shop()
    order = make.bought("pro-company", 200, on="2026-03-10")
    return order, make.licence_of(order)


def renewed_for(order: Order, code: str, seats: int, on: str = ON) -> Order:
    line = CartLine("vip-renewal", 1, code, None, seats)
    placed = purchase.place([line], customer=order.customer, currency="CZK", by=make.BY, at=make.at(on))
    return make.pay(placed, on)


def test_ORG5_fewer_seats_from_the_day_after_the_old_end(company):
    order, code = company
    paid = renewed_for(order, code, 150)
    assert paid.total_money == Money.of(390 * 150, "CZK")
    seats = {on: rights_of(Licence.objects.get(), at=make.at(on)).seats for on in ("2027-02-02", "2027-03-10", "2027-03-11")}
    assert seats == {"2027-02-02": 200, "2027-03-10": 200, "2027-03-11": 150}
    assert through(code, "2027-03-11") == date(2028, 3, 10)
    refund(paid, (), Notice("r-1", make.at("2027-03-20")), by=make.BY, at=make.at("2027-03-20"))
    assert rights_of(Licence.objects.get(), at=make.at("2027-03-21")).seats == 200


@pytest.mark.parametrize("seats", [200, 201, 0])
def test_ORG5_as_many_or_more_is_no_reduction(company, seats):
    order, code = company
    line = CartLine("vip-renewal", 1, code, None, seats)
    quote = purchase.preview([line], customer=order.customer, currency="CZK", at=make.at(ON))
    assert quote.decision.code == "seats.not_fewer"
