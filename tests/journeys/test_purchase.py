"""A customer buys: told as one story, told twice, and everything that may go wrong on the way."""

from datetime import date

import pytest

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.money import Money
from podpora.journeys import purchase
from podpora.journeys.rights import answers_for
from podpora.licensing.models import Licence
from podpora.mail.models import OutgoingMail
from podpora.orders.models import Invoice, Order
from podpora.orders.values import CartLine, Notice, Terms
from tests.make import orders as make
from tests.make import people

pytestmark = pytest.mark.django_db


def support(code: str, on: str):
    licence = Licence.objects.get(code=code)
    return answers_for([licence], at=make.at(on))[code]


def test_a_customer_buys_a_licence_and_everything_is_handed_over():
    make.shop()
    jana = people.customer()
    lines = [CartLine("pro-private-3", 1)]
    quote = purchase.preview(lines, customer=jana, currency="CZK", at=make.at("2026-03-10"))
    assert quote.decision.allowed
    assert quote.lines[0].after.support_through == date(2027, 3, 10)
    order = purchase.place(lines, customer=jana, currency="CZK", by=make.BY, at=make.at("2026-03-10"))
    assert (order.state, order.total_money) == ("awaiting_payment", Money.of("1990.000", "CZK"))
    assert not Licence.objects.exists()

    order = make.pay(order, "2026-03-10")

    licence = Licence.objects.get(code=make.licence_of(order))
    answers = support(licence.code, "2026-03-10")
    assert (order.state, licence.seats, licence.state) == ("paid", 3, "active")
    assert answers.rights.support_through == date(2027, 3, 10) == quote.lines[0].after.support_through  # VIP-13
    assert answers.rights.run.through_major == 10  # EOL-1
    assert answers.support.allowed
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.kind, invoice.total) == ("F2026-00001", "tax", order.total)
    letter = OutgoingMail.objects.get(kind="order.paid")
    assert "PK" in letter.text
    assert "VIP support until 10 Mar 2027" in letter.text, letter.text


def test_told_twice_it_is_the_same_story():
    make.shop()
    order = make.order(on="2026-03-10")
    notice = Notice("bank-1", make.at("2026-03-12"))
    for _again in range(3):
        order = purchase.record_payment(order, order.total_money, notice, by=make.BY, at=make.at("2026-03-12"))
        order = purchase.settle(order, by=make.BY, at=make.at("2026-03-13"))
    assert order.money_events.count() == 1
    assert Licence.objects.count() == 1
    assert Invoice.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="order.paid").count() == 1
    assert support(make.licence_of(order), "2026-03-13").rights.support_through == date(2027, 3, 12)


def test_C02_the_same_notice_with_another_content_is_a_conflict():
    make.shop()
    order = make.order(on="2026-03-10")
    purchase.record_payment(order, Money.of(1, "CZK"), Notice("x", make.at("2026-03-12")), by=make.BY, at=make.at("2026-03-12"))
    with pytest.raises(Refused) as refused:
        purchase.record_payment(order, Money.of(2, "CZK"), Notice("x", make.at("2026-03-12")), by=make.BY, at=make.at("2026-03-12"))
    assert refused.value.decision.code == "order.conflict"
    assert order.money_events.count() == 1


def test_C16_a_payment_that_is_too_small_asks_for_the_rest():
    make.shop()
    order = make.pay(make.order(on="2026-03-10"), "2026-03-11", Money.of(1900, "CZK"))
    assert order.state == "awaiting_payment"
    assert not Licence.objects.exists()
    assert "CZK" in OutgoingMail.objects.get(kind="order.underpaid").subject or "90" in OutgoingMail.objects.get().subject
    order = make.pay(order, "2026-03-14", Money.of(90, "CZK"))
    assert order.state == "paid"
    assert support(make.licence_of(order), "2026-03-14").rights.support_through == date(2027, 3, 14)


@pytest.mark.parametrize(("line", "field"), [
    (CartLine("nothing", 1), "lines.0.offer"),
    (CartLine("pro-private-1", 0), "lines.0.quantity"),
    (CartLine("pro-private-1", -1), "lines.0.quantity"),
    (CartLine("pro-private-1", 10**9), "lines.0.quantity"),
    (CartLine("vip-renewal", 101, "L-X"), "lines.0.quantity"),
    (CartLine("vip-renewal", 1), "lines.0.licence"),
    (CartLine("pro-private-1", 1, "L-X"), "lines.0.licence"),
    (CartLine("upgrade", 2, "L-X"), "lines.0.quantity"),
])  # fmt: skip
def test_C22_what_cannot_be_used_names_its_field(line, field):
    make.shop()
    with pytest.raises(InvalidInput) as problem:
        purchase.preview([line], customer=people.customer(), currency="CZK", at=make.at("2026-03-10"))
    assert list(problem.value.fields) == [field]


def test_C26_a_currency_without_a_price_list():
    make.shop()
    with pytest.raises(InvalidInput) as problem:
        purchase.preview([CartLine("pro-private-1", 1)], customer=None, currency="JPY", at=make.at("2026-03-10"))
    assert problem.value.fields == {"currency": ["unknown"]}


def test_C29_the_licence_of_somebody_else_is_not_there():
    make.shop()
    mine = make.licence_of(make.bought(on="2026-03-10"))
    for code in (mine, "L-NOTHING"):
        with pytest.raises(NotYours):
            make.order("vip-renewal", 1, code, on="2026-04-10")


def test_C30_the_same_upgrade_is_not_ordered_twice():
    make.shop()
    order = make.bought(on="2024-05-10")
    licence, jana = make.licence_of(order), order.customer
    first = make.order("upgrade", 1, licence, of=jana, on="2026-03-10")
    with pytest.raises(Refused) as refused:
        make.order("upgrade", 1, licence, of=jana, on="2026-03-11")
    assert refused.value.decision.code == "order.already_ordered"
    purchase.cancel(first, why="changed my mind", by=make.BY, at=make.at("2026-03-11"))
    assert make.order("upgrade", 1, licence, of=jana, on="2026-03-11").state == "awaiting_payment"


def test_C31_lifetime_updates_are_sold_once():
    make.shop()
    order = make.bought(on="2026-03-10")
    licence = make.licence_of(order)
    make.bought("lifetime-updates", 1, licence, of=order.customer, on="2026-04-10")
    with pytest.raises(Refused) as refused:
        make.order("lifetime-updates", 1, licence, of=order.customer, on="2026-05-10")
    assert refused.value.decision.code == "licence.lifetime_already"


def test_C25_a_price_that_changed_is_shown_again():
    make.shop()
    terms = Terms(expected=Money.of(1, "CZK"))
    with pytest.raises(Refused) as refused:
        purchase.place(
            [CartLine("pro-private-1", 1)],
            customer=people.customer(), currency="CZK", by=make.BY, at=make.at("2026-03-10"), terms=terms,
        )  # fmt: skip
    assert refused.value.decision.code == "order.price_changed"
    assert not Order.objects.exists()


def test_per_device_offers_multiply():
    make.shop()
    company = people.company()
    order = make.bought("pro-company", 200, of=company, on="2026-03-10")
    assert (order.total, Licence.objects.get().seats) == (1490 * 200, 200)
    code = make.licence_of(order)
    quote = purchase.preview([CartLine("vip-renewal", 2, code)], customer=company, currency="CZK", at=make.at("2026-04-10"))
    assert quote.total.amount == 390 * 200 * 2


def test_EOL6_the_end_of_life_must_be_acknowledged():
    make.shop()
    order = make.bought(on="2022-03-10")
    line = CartLine("vip-renewal", 1, make.licence_of(order))
    with pytest.raises(Refused) as refused:
        purchase.place(
            [line], customer=order.customer, currency="CZK", by=make.BY, at=make.at("2026-03-10"), terms=Terms(acknowledged=False)
        )
    assert refused.value.decision.code == "order.not_acknowledged"
    placed = purchase.place(
        [line], customer=order.customer, currency="CZK", by=make.BY, at=make.at("2026-03-10"), terms=Terms(acknowledged=True)
    )
    assert placed.state == "awaiting_payment"
