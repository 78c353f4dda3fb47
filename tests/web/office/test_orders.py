"""The office's pages of orders and customers."""

import pytest
from django.urls import reverse

from podpora.journeys import purchase
from podpora.licensing.models import Licence
from podpora.orders.models import MoneyEvent, Order, Seller
from podpora.people.values import StaffRole
from tests.make import orders as make
from tests.make import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    make.shop()
    client.force_login(people.manager())
    return client


def act(client, order, what, **data):
    page = client.get(reverse("office:order", args=[order.code]))
    form = page.context["forms"][what]
    sent = {name: form[name].value() for name in form.fields} | data
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(reverse("office:order_act", args=[order.code, what]), sent), sent


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(office, count, django_assert_num_queries):
    for _ in range(count):
        make.order(on="2026-03-10")
    office.get(reverse("office:orders"))
    with django_assert_num_queries(5):
        answer = office.get(reverse("office:orders"))
    assert len(answer.context["lines"]) == count


def test_search_filter_and_sort(office):
    order, other = make.bought(on="2026-03-10"), make.order("pro-private-1", on="2026-04-10")
    licence = make.licence_of(order)
    for words in (order.code, licence, licence.lower(), order.customer.email, order.variable_symbol, order.invoices.get().number):
        found = office.get(reverse("office:orders"), {"q": words}).context["lines"]
        assert [row.code for row, _kind in found] == [order.code], words
    found = office.get(reverse("office:orders"), {"state": "awaiting_payment"}).context["lines"]
    assert [row.code for row, _kind in found] == [other.code]
    found = office.get(reverse("office:orders"), {"sort": "-total"}).context["lines"]
    assert [row.code for row, _kind in found] == [other.code, order.code]
    assert office.get(reverse("office:orders"), {"q": "nothing", "sort": "password", "state": "x"}).status_code == 200


def test_staff_book_a_payment_once_however_often_they_click(office):
    order = make.order(on="2026-03-10")
    answer, sent = act(office, order, "payment", statement="17/3")
    assert answer.status_code == 302
    assert office.post(reverse("office:order_act", args=[order.code, "payment"]), sent).status_code == 302
    order.refresh_from_db()
    assert (order.state, MoneyEvent.objects.count()) == ("paid", 1)
    assert Licence.objects.count() == 1
    page = office.get(reverse("office:order", args=[order.code]))
    assert "17/3" in page.content.decode()


def test_X8_a_refund_asks_for_the_reason(office):
    order = make.bought("pro-company", 3, on="2026-03-10")
    answer, _sent = act(office, order, "refund", line_1=1)
    assert answer.status_code == 422
    answer, sent = act(office, order, "refund", line_1=1, reason="does not need it")
    assert answer.status_code == 302
    assert Licence.objects.get().seats == 2
    order.refresh_from_db()
    assert (order.state, order.money_events.get(kind="refund").reason) == ("part_refunded", "does not need it")
    again = sent | {"once": "another", "line_1": "3"}
    assert office.post(reverse("office:order_act", args=[order.code, "refund"]), again).status_code == 422


def test_a_dispute_and_its_end(office):
    order = make.bought(on="2026-03-10")
    for state, stands in [("opened", "disputed"), ("won", "paid")]:
        answer, _sent = act(office, order, "chargeback", state=state, dispute="D-1")
        assert answer.status_code == 302
        order.refresh_from_db()
        assert order.state == stands


def test_an_overpayment_goes_back_without_taking_rights(office):
    order = make.bought(on="2026-03-10")
    make.pay(order, "2026-03-11")
    answer, _sent = act(office, order, "give_back", reason="paid twice")
    assert answer.status_code == 302
    order.refresh_from_db()
    assert order.state == "paid"
    assert office.get(reverse("office:order", args=[order.code])).context["overpaid"].amount == 0


def test_cancelling(office):
    order = make.order(on="2026-03-10")
    assert act(office, order, "cancel", reason="asked for it")[0].status_code == 302
    order.refresh_from_db()
    assert (order.state, order.cancelled_why) == ("cancelled", "asked for it")


@pytest.mark.parametrize("data", [{"amount": "0"}, {"amount": "-5"}, {"amount": "1.001"}, {"amount": "NaN"}, {"amount": "x"},
                                  {"on": "2999-01-01"}, {"on": "2026-01-01"}, {"on": "soon"}])  # fmt: skip
def test_bad_input_stays_beside_the_form(office, data):
    order = make.order(on="2026-03-10")
    answer, _sent = act(office, order, "payment", **data)
    assert (answer.status_code, MoneyEvent.objects.count()) == (422, 0)
    assert next(iter(data)) in answer.context["forms"]["payment"].errors


def test_a_customers_page(office):
    order = make.bought(on="2026-03-10")
    page = office.get(reverse("office:customer", args=[order.customer.code])).content.decode()
    assert order.code in page
    assert make.licence_of(order) in page
    assert office.get(reverse("office:customers"), {"q": order.customer.email}).context["page"].paginator.count == 1
    assert office.get(reverse("office:customer", args=["C-NOTHING"])).status_code == 404


def test_who_sells(office):
    data = {"name": "Pošťák s.r.o.", "country": "CZ", "vat_rate": "21", "iban": "CZ6508000000192000145399"}
    assert office.post(reverse("office:seller"), data | {"iban": "CZ65"}).status_code == 422
    assert office.post(reverse("office:seller"), data).status_code == 302
    assert Seller.objects.get().iban == data["iban"]
    assert office.get(reverse("office:seller")).status_code == 200


def test_only_those_who_keep_orders_enter(client):
    make.shop()
    order = make.order(on="2026-03-10")
    client.force_login(people.staff(StaffRole.TECHNICIAN))
    for name, args in [("office:orders", []), ("office:order", [order.code]), ("office:seller", [])]:
        assert client.get(reverse(name, args=args)).status_code == 404
    assert client.post(reverse("office:order_act", args=[order.code, "payment"])).status_code == 404
    assert client.get(reverse("office:customers")).status_code == 200
    assert Order.objects.get().state == "awaiting_payment"
    assert purchase.settle(order, by=make.BY, at=make.at("2026-03-11")).state == "awaiting_payment"
