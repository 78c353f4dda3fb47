"""Ways to pay: a transfer that staff book, and the demo's card gate. Only what the provider says moves money (S22)."""

import random
import ssl
from decimal import Decimal

import pytest
import time_machine

from podpora.base.decisions import Refused
from podpora.base.money import Money
from podpora.config.jobs import expire_orders, reconcile_payments
from podpora.integrations import test_provider
from podpora.journeys import purchase, refund
from podpora.licensing.models import Licence
from podpora.mail.models import OutgoingMail
from podpora.orders import queries
from podpora.orders.actions import set_seller
from podpora.orders.actions.invoices import SellerFacts
from podpora.orders.models import Invoice, Order
from podpora.orders.values import Fetched, Notice, PaymentState, Started, register_provider
from podpora.orders.values.providers import _providers as plugged
from tests.make import orders as make

pytestmark = pytest.mark.django_db
ON = "2026-03-10"


def start(order, provider, on=ON):
    return purchase.start_payment(order, provider, return_url="/shop/", by=make.BY, at=make.at(on))


def test_a_transfer_waits_for_staff_and_for_the_whole_amount():
    make.shop()
    set_seller(SellerFacts("Pošťák s.r.o.", iban="CZ6508000000192000145399"), by=make.BY, at=make.at(ON))
    order = make.order(on=ON)
    for _again in range(2):
        started = start(order, "transfer")
    assert started.instructions["spayd"].startswith("SPD*1.0*ACC:CZ6508000000192000145399*AM:1990.00*CC:CZK*DT:20260324*")
    assert Invoice.objects.get().number == "P2026-00001"
    assert OutgoingMail.objects.filter(kind="order.placed").count() == 1
    assert purchase.confirm_payment(order, by=make.BY, at=make.at(ON)).state == "awaiting_payment"
    notice = Notice("statement-17/3", make.at("2026-03-12"), provider="transfer")
    order = purchase.record_payment(order, order.total_money, notice, by=make.BY, at=make.at("2026-03-13"))
    assert order.state == "paid"
    assert [invoice.kind for invoice in order.invoices.order_by("id")] == ["proforma", "tax"]
    with pytest.raises(Refused):
        start(order, "transfer")


def test_the_demo_gate_is_asked_and_not_believed(client):
    make.shop()
    order = make.order(on=ON)
    gate = start(order, "test").redirect
    assert start(order, "test").redirect == gate
    assert client.get(gate).status_code == 200
    assert client.get(f"{gate}?status=paid").status_code == 200
    assert Order.objects.get().state == "awaiting_payment"
    assert client.post(gate, {"choice": "paid"}).status_code == 302
    assert client.post(gate, {"choice": "paid"}).status_code == 302
    order = Order.objects.get()
    assert (order.state, order.money_events.count()) == ("paid", 1)
    assert client.get("/demo/pay/../../etc/passwd/").status_code == 404
    assert client.get(f"/demo/pay/{'0' * 32}/").status_code == 404


def test_C50_a_payment_that_nobody_told_about_is_found(client):
    make.shop()
    order = make.order(on=ON)
    gate = start(order, "test").redirect
    reference = gate.rstrip("/").rpartition("/")[2]
    test_provider.choose(reference, "later", at=make.at(ON))
    reconcile_payments({}, at=make.at(ON))
    assert Order.objects.get().state == "awaiting_payment"
    for _again in range(2):
        reconcile_payments({}, at=make.at("2026-03-11"))
    assert (Order.objects.get().state, order.money_events.count()) == ("paid", 1)


def test_a_failed_payment_can_be_tried_again(client):
    make.shop()
    order = make.order(on=ON)
    gate = start(order, "test").redirect
    client.post(gate, {"choice": "failed"})
    assert Order.objects.get().state == "awaiting_payment"
    client.post(start(order, "test").redirect, {"choice": "paid"})
    assert Order.objects.get().state == "paid"


def test_unpaid_orders_are_given_up_but_late_money_counts():
    make.shop()
    order = make.order(on=ON)
    expire_orders({}, at=make.at("2026-03-24"))
    assert Order.objects.get().state == "awaiting_payment"
    expire_orders({}, at=make.at("2026-03-25"))
    assert Order.objects.get().state == "cancelled"
    assert make.pay(Order.objects.get(), "2026-04-01").state == "paid"
    with pytest.raises(Refused) as refused:
        purchase.cancel(order, why="", by=make.BY, at=make.at("2026-04-02"))
    assert refused.value.decision.code == "order.already_paid"


class Elsewhere:
    """A provider whose answer the test decides."""

    code, answer = "elsewhere", None

    def label(self):
        return "Elsewhere"

    def start(self, bill, *, return_url, key, at):
        return Started(reference=f"{bill.code}-at-elsewhere", redirect="https://pay.example/")

    def fetch(self, reference, *, at):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def elsewhere():
    register_provider(there := Elsewhere())
    yield there
    plugged.pop("elsewhere")


AWAY = [ConnectionRefusedError(), TimeoutError(), ssl.SSLError()]
PAID = PaymentState.PAID


@pytest.mark.parametrize(
    ("answer", "paid", "demo"),
    [
        *((problem, False, True) for problem in AWAY),
        (Fetched(PaymentState.PENDING, None), False, True), (Fetched(PaymentState.FAILED, None), False, True),
        (Fetched(PAID, None), False, True), (Fetched(PAID, Money.of("1990", "CZK"), live=False), False, False),
        (Fetched(PAID, Money.of("1990", "CZK"), live=False), True, True), (Fetched(PAID, Money.of("1990", "CZK")), True, False),
        (Fetched(PAID, Money.of("1.00", "CZK")), False, True), (Fetched(PAID, Money.of("1990", "EUR")), False, True),
    ],
)  # fmt: skip
def test_C10_C12_C14_F18_what_a_provider_says_and_when_it_says_nothing(client, elsewhere, settings, answer, paid, demo):
    """The payer comes back, the job asks as well, and a second order in the same run is not kept waiting."""
    make.shop()
    settings.DEMO = demo
    orders = [make.order(on=ON) for _two in range(2)]
    for order in orders:
        start(order, "elsewhere")
    elsewhere.answer = answer
    if getattr(answer, "amount", None) is None or answer.amount.currency == "CZK":
        page = client.post(f"/shop/orders/{orders[0].token}/confirm/", HTTP_ORIGIN="http://testserver")
        assert page.status_code == 302
    reconcile_payments({}, at=make.at("2026-03-11"))
    assert {order.state == "paid" for order in Order.objects.all()} == {paid}
    assert Licence.objects.count() == (2 if paid else 0)


def test_F18_a_provider_that_is_away_leaves_the_other_ways(client, elsewhere, monkeypatch):
    make.shop()
    order = make.order(on=ON)
    monkeypatch.setattr(elsewhere, "start", lambda *_bill, **_how: (_ for _ in ()).throw(TimeoutError()))
    with time_machine.travel(make.at(ON), tick=False):
        page = client.post(f"/shop/orders/{order.token}/pay/", {"provider": "elsewhere"}, HTTP_ORIGIN="http://testserver")
    assert page.status_code == 409 and b"cannot be reached just now" in page.content and b'value="transfer"' in page.content


def test_C13_C17_what_a_gate_was_paid_is_what_its_order_was_paid():
    """Twenty orders, some paid, some paid back: the sum of each ledger is the balance at the gate, and no gate pays another order."""
    make.shop()
    dice, gates = random.Random(17), {}
    for number in range(20):
        order = make.order(dice.choice(["pro-private-1", "pro-private-3"]), on=ON)
        gates[order.pk] = start(order, "test").redirect.rstrip("/").rpartition("/")[2]
        if number % 4:
            test_provider.choose(gates[order.pk], "paid", at=make.at(ON))
    reconcile_payments({}, at=make.at("2026-03-11"))
    for order in Order.objects.filter(paid_at__isnull=False):
        if dice.random() < 0.5:
            refund.refund(order, (), Notice("back", make.at("2026-03-12")), by=make.BY, at=make.at("2026-03-12"))
            for _twice in range(2):
                assert refund.send_back(order, queries.refunded_amount(order, "back"), key="back", at=make.at("2026-03-12"))
    for order in Order.objects.all():
        gate = test_provider.read(gates[order.pk])
        there = (Decimal(gate["amount"]) if gate["state"] == "paid" else 0) - sum(map(Decimal, gate["refunds"].values()))
        paid = sum(event.amount for event in order.money_events.filter(kind="payment"))
        back = queries.refunded_amount(order, "back").amount if order.money_events.filter(kind="refund").exists() else 0
        assert paid - back == there, (order.code, gate)
    assert Order.objects.filter(paid_at__isnull=False).count() == 15


def test_an_unknown_way_of_paying():
    make.shop()
    with pytest.raises(Refused) as refused:
        start(make.order(on=ON), "gold")
    assert refused.value.decision.code == "payment.unknown_provider"
