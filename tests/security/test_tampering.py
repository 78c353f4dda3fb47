"""S17: nobody names his own price, currency, tax or number of things. S22: coming back "paid" pays nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from podpora.licensing.models import Licence
from podpora.orders.models import MoneyEvent, Order, OrderLine
from podpora.web.public.shop import basket
from tests.make import web
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db
# What a curious buyer adds to every form of the way to an order.
WISHES = {
    "price": "1", "unit_price": "1.00", "amount": "1.00", "net": "1", "vat": "0", "vat_rate": "0", "total": "1.00", "discount": "100",
    "currency": "EUR", "reverse_charge": "1", "paid_at": "2026-01-01T00:00:00Z", "state": "paid", "seats": "999", "devices": "999",
    "support_years": "99", "years": "99", "kind": "lifetime", "customer": "C-22222222", "external_id": "X-1",
}  # fmt: skip
QUANTITIES = (
    "0",
    "-1",
    "-0",
    "1e3",
    "1.5",
    "0x10",
    "NaN",
    "Infinity",
    "٣",
    "１",
    "10001",
    "9" * 40,
    " ",
    "1 2",
    "1,0",
    "+1",
    "1;2",
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    web.vendor()
    with web.on("2026-11-20"):
        yield


def put(client: Client, offer: str = "pro-private-3", **more: str) -> Any:
    return client.post("/shop/cart/add/", {"offer": offer, **more})


def form_of(client: Client, **changes: str) -> dict[str, str]:
    page = client.get("/shop/checkout/").content.decode()
    hidden = dict(re.findall(r'name="(key|expected)" value="([^"]+)"', page))
    return (
        hidden | {"buyer": "private", "email": "karel@private.example", "name": "Karel", "country": "CZ", "terms": "on"} | changes
    )


def placed(client: Client, **more: str) -> Order:
    answer = client.post("/shop/checkout/", form_of(client, **more))
    assert answer.status_code == 302
    return Order.objects.get(token=answer["Location"].split("/")[3])


OF_ORDER = (*("currency", "net", "vat", "total", "vat_rate", "reverse_charge", "state", "paid_at", "placed_at"),
            *("cancelled_at", "provider", "reference", "writes_invoice"))  # fmt: skip
ITS_OWN = {"id", "order", "licence_code"}  # of a line


def told_by(order: Order) -> tuple[Any, ...]:
    """Everything of the order that has to do with money and rights."""
    names = [field.name for field in OrderLine._meta.fields if field.name not in ITS_OWN]
    return {name: getattr(order, name) for name in OF_ORDER}, list(order.lines.values(*names))


def test_s17_what_a_buyer_adds_to_the_forms_changes_no_price_and_no_right() -> None:
    honest, curious = web.client(), web.client()
    put(honest)
    wanted = placed(honest, email="a@private.example")
    put(curious, **WISHES)
    got = placed(curious, **WISHES, email="b@private.example")
    assert told_by(got) == told_by(wanted)
    assert not MoneyEvent.objects.exists()
    assert not Licence.objects.exists()


def test_s17_a_currency_that_is_not_sold_in_is_not_taken() -> None:
    client = web.client()
    for wish in ("XXX", "czk\x00", "BTC", "EUR; DROP", "", "eur"):
        client.post("/shop/currency/", {"currency": wish})
        client.cookies["currency"] = wish.replace("\x00", "").replace(";", "")
        put(client)
        assert client.get("/shop/cart/").status_code == 200
    assert placed(client).currency in ("CZK", "EUR", "USD")


@pytest.mark.parametrize("expected", ["1.00", "0", "-1", "NaN", "", "9" * 30, "59.90x"])
def test_s17_a_total_that_was_not_shown_orders_nothing(expected: str) -> None:
    client = web.client()
    put(client)
    answer = client.post("/shop/checkout/", form_of(client, expected=expected))
    assert answer.status_code in (200, 409)
    assert not Order.objects.exists()


@pytest.mark.parametrize("number", ["1", "DE", "XX123456789", "CZ25123891", "DE136695977", "DE1 OR 1=1", "GB999999973"])
def test_s17_a_vat_number_that_is_none_takes_no_tax_off(number: str) -> None:
    client = web.client()
    put(client, "pro-company", quantity="5")
    facts = {"buyer": "company", "company": "Alfa", "street": "A 1", "city": "B", "country": "DE", "vat_id": number}
    order = placed(client, **facts, reverse_charge="1", vat="0")
    assert (order.reverse_charge, order.vat > 0) == (False, True)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_c22_s17_a_number_that_is_none_is_refused_at_the_cart_and_while_changing(quantity: str) -> None:
    client = web.client()
    put(client, "pro-company", quantity=quantity)
    assert "The cart is empty" in client.get("/shop/cart/").content.decode()
    put(client, "pro-company", quantity="5")
    client.post("/shop/cart/change/", {"line": "1", "quantity": quantity})
    lines = basket.signing.loads(client.cookies["cart"].value, salt=basket.SALT) if client.cookies["cart"].value else []
    assert [line[1] for line in lines] in ([5], [])  # 0 takes it out, the rest changes nothing
    assert lines or quantity == "0"


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "1", True, None, 10**9, 10**30, [1], {"a": 1}])
def test_c22_s17_a_number_that_is_none_is_refused_by_the_api_and_named(quantity: Any) -> None:
    body = {
        "external_id": "X-1", "customer": {"email": "a@private.example", "name": "A"}, "currency": "CZK", "placed_at": "2026-11-20T10:00:00Z",
        "lines": [{"offer": "pro-company", "quantity": quantity}],
    }  # fmt: skip
    answer = Api(token("orders")).post("orders", body)
    assert answer.status_code == 422, answer.content
    assert list(answer.json()["error"]["fields"]) == ["lines.0.quantity"]
    assert not Order.objects.exists()


def test_s17_prices_in_the_body_of_an_order_are_refused() -> None:
    for wish in ("price", "unit_price", "total", "vat", "discount", "state", "seats_each", "years"):
        line = {"offer": "pro-private-1", "quantity": 1, wish: 1}
        body = {"customer": {"email": "a@private.example", "name": "A"}, "currency": "CZK", "lines": [line]}
        answer = Api(token("orders")).post("orders", {"external_id": "X-1", **body})
        assert answer.status_code == 422, wish
        assert f"lines.0.{wish}" in answer.json()["error"]["fields"]
    assert not Order.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["", "confirm/", "pay/"])
def test_s22_coming_back_paid_pays_nothing(method: str, page: str) -> None:
    client = web.client()
    put(client)
    order = placed(client)
    client.post(f"/shop/orders/{order.token}/pay/", {"provider": "test"})
    claims = {"status": "paid", "state": "paid", "paid": "1", "amount": order.total_money.wire(), "reference": order.code,
              "transaction": "T-1", "result": "OK", "redirect_status": "succeeded"}  # fmt: skip
    query = "&".join(f"{name}={value}" for name, value in claims.items())
    answer = getattr(client, method)(f"/shop/orders/{order.token}/{page}?{query}", claims)
    assert answer.status_code < 500
    order.refresh_from_db()
    assert order.state == "awaiting_payment"
    assert not MoneyEvent.objects.exists()
    assert not Licence.objects.exists()
    assert "key" not in re.findall(r'class="key[^"]*"', client.get(f"/shop/orders/{order.token}/").content.decode())
