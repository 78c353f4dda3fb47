"""The order API: bad input, foreign licences, who may call it."""

from datetime import date

import pytest

from podpora.people import actions as people_actions
from tests.make import orders as make
from tests.make.order_api import Api, instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    make.shop()
    return Api(client)


@pytest.mark.parametrize(("change", "field", "code"), [
    ({"external_id": ""}, "external_id", "too_short"),
    ({"external_id": "x" * 101}, "external_id", "too_long"),
    ({"currency": "XYZ"}, "currency", "unknown"),
    ({"currency": "koruna"}, "currency", "unknown"),
    ({"placed_at": "2026-03-10"}, "placed_at", "not_an_instant"),
    ({"placed_at": "2026-02-30T10:00:00Z"}, "placed_at", "not_an_instant"),
    ({"placed_at": "0001-01-01T00:00:00+14:00"}, "placed_at", "not_an_instant"),
    ({"placed_at": "2999-01-01T00:00:00Z"}, "placed_at", "out_of_range"),
    ({"paid_at": "2026-03-01T00:00:00Z"}, "paid_at", "before_the_order"),
    ({"customer": {"email": "nobody", "name": "N"}}, "customer.email", "not_an_email"),
    ({"customer": {"name": "N"}}, "customer.email", "required"),
    ({"lines": []}, "lines", "too_few"),
    ({"lines": [{"offer": "pro-private-1", "quantity": 0}]}, "lines.0.quantity", "out_of_range"),
    ({"lines": [{"offer": "pro-private-1", "quantity": -1}]}, "lines.0.quantity", "out_of_range"),
    ({"lines": [{"offer": "pro-private-1", "quantity": 10**9}]}, "lines.0.quantity", "out_of_range"),
    ({"lines": [{"offer": "pro-private-1", "quantity": 1e3}]}, "lines.0.quantity", "wrong_type"),
    ({"lines": [{"offer": "pro-private-1", "quantity": "\u0663"}]}, "lines.0.quantity", "wrong_type"),
    ({"lines": [{"offer": "pro-private-1", "quantity": True}]}, "lines.0.quantity", "wrong_type"),
    ({"lines": [{"offer": "pro-private-1", "quantity": 1, "price": "1.00"}]}, "lines.0.price", "unknown"),
    ({"lines": [{"offer": "nothing", "quantity": 1}]}, "lines.0.offer", "unknown"),
    ({"lines": [{"offer": "vip-renewal", "quantity": 1}]}, "lines.0.licence", "required"),
])  # fmt: skip
def test_C22_C23_bad_input_names_its_field_and_writes_nothing(api, change, field, code):
    from podpora.orders.models import Order
    from podpora.people.models import Person

    status, told = api.post("orders", api.body("pro-private-1", "2026-03-10") | change)
    assert (status, told["error"]["fields"]) == (422, {field: [code]})
    assert (Order.objects.count(), Person.objects.count()) == (0, 0)


def test_C22_not_a_number_is_no_json(api):
    answer = api.client.post(
        "/api/v1/orders", '{"lines": [{"quantity": NaN}]}', content_type="application/json",
        headers={"Authorization": f"Bearer {api.token}"},
    )  # fmt: skip
    assert answer.status_code == 400


@pytest.mark.parametrize(("path", "body", "field"), [
    ("payments", {"external_id": "p", "paid_at": "2026-03-12T00:00:00Z", "amount": "-1"}, "amount"),
    ("payments", {"external_id": "p", "paid_at": "2026-03-12T00:00:00Z", "amount": "0"}, "amount"),
    ("payments", {"external_id": "p", "paid_at": "2026-03-12T00:00:00Z", "amount": "1.001"}, "amount"),
    ("payments", {"external_id": "p", "paid_at": "2026-03-12T00:00:00Z", "amount": "NaN"}, "amount"),
    ("payments", {"external_id": "p", "paid_at": "2026-01-12T00:00:00Z", "amount": "1"}, "paid_at"),
    ("payments", {"external_id": "p", "amount": "1"}, "paid_at"),
    ("refunds", {"external_id": "r", "at": "2026-03-12T00:00:00Z", "lines": [2]}, "lines"),
    ("refunds", {"external_id": "r", "at": "2026-03-12T00:00:00Z", "lines": [{"line": 1, "quantity": 0}]}, "lines"),
    ("refunds", {"external_id": "r", "at": "2026-03-12T00:00:00Z", "lines": [{"line": 1, "quantity": 4}]}, "lines"),
    ("refunds", {"external_id": "r", "at": "2026-03-12T00:00:00Z", "lines": [1, 1]}, "lines"),
    ("refunds", {"external_id": "", "at": "2026-03-12T00:00:00Z"}, "external_id"),
    ("chargebacks", {"external_id": "c", "at": "2026-03-12T00:00:00Z", "state": "reversed"}, "state"),
])  # fmt: skip
def test_money_that_cannot_be_read(api, path, body, field):
    code = api.post("orders", api.body("pro-private-1", "2026-03-10", quantity=3))[1]["code"]
    status, told = api.post(f"orders/{code}/{path}", body)
    assert (status, list(told["error"]["fields"])) == (422, [field])


def test_C12_another_currency_is_refused(api):
    code = api.post("orders", api.body("pro-private-1", "2026-03-10"))[1]["code"]
    body = {"external_id": "p", "paid_at": instant("2026-03-12"), "amount": "1290.00", "currency": "EUR"}
    assert api.post(f"orders/{code}/payments", body)[1]["error"]["code"] == "payment.wrong_currency"


def test_C29_a_foreign_licence_is_not_there(api):
    licence = api.order("pro-private-1", "2026-03-10")["lines"][0]["licence"]
    body = api.body("vip-renewal", "2026-04-10", licence=licence, email="stranger@private.example")
    assert api.post("orders", body)[0] == api.post("orders/preview", body)[0] == 404
    assert api.post("orders", body | {"lines": [{"offer": "vip-renewal", "quantity": 1, "licence": "L-NOTHING"}]})[0] == 404


def test_a_members_address_renews_the_companys_licence(api):
    who = {"email": "admin@firm.example", "name": "Admin", "company": "Firm"}
    licence = api.order("pro-company", "2026-03-10", quantity=5, customer=who)["lines"][0]["licence"]
    told = api.order("vip-renewal", "2026-04-10", licence=licence, email="admin@firm.example")
    assert (told["total"], told["lines"][0]["support_through"]) == ("1950.00", "2028-03-10")


def test_only_a_token_of_the_vendor_may_order(api, client):
    assert client.post("/api/v1/orders", "{}", content_type="application/json").status_code == 401
    api.token = people_actions.create_token("other", ["licences"], None, by=make.BY, at=make.OPENED)
    assert api.post("orders", api.body("pro-private-1", "2026-03-10"))[0] == 403


def test_imports_of_an_older_shop_get_no_invoice_and_no_mail(api):
    from podpora.mail.models import OutgoingMail
    from podpora.orders.models import Invoice

    told = api.order("pro-private-1", "2019-05-05")
    assert told["lines"][0]["support_through"] == date(2020, 5, 5).isoformat()
    assert (Invoice.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    api.order("pro-private-1", "2019-05-06", invoice=True)
    assert Invoice.objects.count() == 1
