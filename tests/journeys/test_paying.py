"""Ways to pay: a transfer that staff book, and the demo's card gate. Only what the provider says moves money (S22)."""

import pytest

from podpora.base.decisions import Refused
from podpora.config.jobs import expire_orders, reconcile_payments
from podpora.journeys import purchase
from podpora.mail.models import OutgoingMail
from podpora.orders.actions import set_seller
from podpora.orders.actions.invoices import SellerFacts
from podpora.orders.models import Invoice, Order
from podpora.orders.values import Notice
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
    from podpora.integrations import test_provider

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


def test_an_unknown_way_of_paying():
    make.shop()
    with pytest.raises(Refused) as refused:
        start(make.order(on=ON), "gold")
    assert refused.value.decision.code == "payment.unknown_provider"
