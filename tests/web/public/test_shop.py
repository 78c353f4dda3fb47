"""The shop: dates beside every price, a cart without a session, an order that is made once, and pages by link."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from podpora.licensing import queries as licensing
from podpora.orders.models import Order
from podpora.people.models import Customer, Person
from tests.make import people, web

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    web.vendor()
    with web.on("2026-11-20"):
        yield


def put(client: Client, offer: str = "pro-private-3", **more: str) -> None:
    assert client.post("/shop/cart/add/", {"offer": offer, **more}).headers["Location"] == "/shop/cart/"


def form_of(client: Client, **changes: str) -> dict[str, str]:
    page = client.get("/shop/checkout/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    expected = re.search(r'name="expected" value="([^"]+)"', page)
    assert key
    assert expected
    filled = {
        "key": key[1], "expected": expected[1], "buyer": "private", "email": "karel@private.example", "name": "Karel Kupec",
        "country": "CZ", "terms": "on",
    }  # fmt: skip
    return filled | changes


def order(client: Client, **changes: str) -> Order:
    answer = client.post("/shop/checkout/", form_of(client, **changes))
    assert answer.status_code == 302, re.findall(r"error-summary.*", answer.content.decode())
    return Order.objects.get(token=answer.headers["Location"].split("/")[3])


def test_dates_stand_beside_every_price() -> None:
    page = web.client(language="cs").get("/shop/").content.decode()
    assert "1\xa0490\xa0Kč" in page
    assert page.count("20. 11. 2027") == page.count('class="price') >= 3


def test_prices_follow_language_and_choice() -> None:
    client = web.client()
    assert "€59.90" in client.get("/shop/").content.decode()
    client.post("/shop/currency/", {"currency": "USD"})
    assert "$66.90" in client.get("/shop/").content.decode()
    client.post("/shop/currency/", {"currency": "XXX"})
    assert "$66.90" in client.get("/shop/").content.decode()


def test_a_cart_needs_no_session() -> None:
    client = web.client()
    put(client)
    put(client, "pro-company", quantity="5")
    page = client.get("/shop/cart/").content.decode()
    assert "PRO for 3 devices" in page
    assert Session.objects.count() == 0
    assert set(client.cookies) == {"language", "cart"}


@pytest.mark.parametrize("quantity", ["0", "-1", "1e3", "NaN", "1000000000", "٣", "2.5", ""])
def test_a_quantity_that_is_none_is_refused(quantity: str) -> None:
    """C22."""
    client = web.client()
    client.post("/shop/cart/add/", {"offer": "pro-company", "quantity": quantity})
    assert "The cart is empty" in client.get("/shop/cart/").content.decode()


def test_a_cart_that_was_tampered_with_is_empty() -> None:
    client = web.client()
    put(client)
    client.cookies["cart"] = client.cookies["cart"].value[:-3] + "xyz"
    assert "The cart is empty" in client.get("/shop/cart/").content.decode()
    assert client.get("/shop/checkout/").headers["Location"] == "/shop/cart/"


def test_lines_are_changed_and_taken_out() -> None:
    client = web.client()
    put(client, "pro-company", quantity="2")
    client.post("/shop/cart/change/", {"line": "1", "quantity": "7"})
    assert 'value="7"' in client.get("/shop/cart/").content.decode()
    client.post("/shop/cart/change/", {"line": "9", "quantity": "7"})
    client.post("/shop/cart/change/", {"line": "1", "quantity": "1", "remove": "0"})
    assert "The cart is empty" in client.get("/shop/cart/").content.decode()


def test_a_guest_buys_and_finds_his_key_on_the_page() -> None:
    client = web.client()
    put(client)
    placed = order(client)
    page = client.get(f"/shop/orders/{placed.token}/")
    assert "Waiting for payment" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    started = client.post(f"/shop/orders/{placed.token}/pay/", {"provider": "test"})
    client.post(started.headers["Location"], {"choice": "paid"})
    licence = licensing.all_licences().get(customer=placed.customer)
    paid = client.get(f"/shop/orders/{placed.token}/").content.decode()
    assert licensing.key_of(licence) in paid
    assert "20 Nov 2027" in paid


def test_the_date_before_payment_is_the_date_after_it() -> None:
    """VIP-13: what the checkout shows is what the licence gets."""
    jana = web.customer()
    licence = web.licence_of(web.bought(jana, "2026-03-10"))
    client = web.client(jana)
    put(client, "vip-renewal", licence=licence.code)
    assert "10 Mar 2028" in client.get("/shop/checkout/").content.decode()
    placed = order(client, buyer=people.customer_of(jana).code, acknowledge="on")
    started = client.post(f"/shop/orders/{placed.token}/pay/", {"provider": "test"})
    client.post(started.headers["Location"], {"choice": "paid"})
    assert "10 Mar 2028" in client.get(f"/licences/{licence.code}/").content.decode()


def test_a_form_that_is_sent_twice_orders_once() -> None:
    """S21."""
    client = web.client()
    put(client)
    filled = form_of(client)
    cart = client.cookies["cart"].value
    first = client.post("/shop/checkout/", filled)
    client.cookies["cart"] = cart
    second = client.post("/shop/checkout/", filled)
    assert first.headers["Location"] == second.headers["Location"]
    assert Order.objects.count() == 1


def test_transfer_shows_where_to_send_how_much() -> None:
    client = web.client(language="cs")
    put(client)
    placed = order(client)
    client.post(f"/shop/orders/{placed.token}/pay/", {"provider": "transfer"})
    page = client.get(f"/shop/orders/{placed.token}/").content.decode()
    placed.refresh_from_db()
    assert placed.variable_symbol in page
    assert "1\xa0490\xa0Kč" in page


def test_posted_prices_are_ignored_and_a_changed_one_is_shown_again() -> None:
    """C23, C25."""
    client = web.client()
    put(client)
    answer = client.post("/shop/checkout/", form_of(client, expected="1.00", price="1.00"))
    assert answer.status_code == 409
    assert Order.objects.count() == 0


def test_c25_a_vat_number_hides_no_changed_price() -> None:
    """C25: the number alone may lower the total; a price list that changed meanwhile is shown again."""
    client = web.client()
    put(client)
    firm = {"buyer": "company", "company": "Firma GmbH", "country": "DE", "vat_id": "DE136695976"}
    refused = client.post("/shop/checkout/", form_of(client, expected="1.00", **firm))
    assert (refused.status_code, Order.objects.count()) == (409, 0)
    taken = client.post("/shop/checkout/", form_of(client, **firm))
    assert (taken.status_code, Order.objects.count()) == (302, 1), taken.content.decode()[:500]


def test_nothing_is_ticked_beforehand_and_terms_are_needed() -> None:
    client = web.client()
    put(client)
    page = client.get("/shop/checkout/").content.decode()
    assert not re.search(r'type="checkbox"[^>]*checked', page)
    assert "Order with obligation to pay" in page
    filled = form_of(client)
    del filled["terms"]
    answer = client.post("/shop/checkout/", filled)
    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "not an address"), ("email", "a@x.example,b@y.example"), ("name", ""), ("name", "x" * 151), ("country", "XX"),
     ("buyer", "C-22222222"), ("key", "short")],
)  # fmt: skip
def test_bad_input_names_the_field(field: str, value: str) -> None:
    client = web.client()
    put(client)
    answer = client.post("/shop/checkout/", form_of(client, **{field: value}))
    assert answer.status_code == 200
    assert Order.objects.count() == 0
    assert Customer.objects.count() == 0
    assert 'class="error-summary"' in answer.content.decode()


def test_a_company_has_a_name() -> None:
    client = web.client()
    put(client, "pro-company", quantity="5")
    assert "fill in the name of the company" in client.post("/shop/checkout/", form_of(client, buyer="company")).content.decode()
    placed = order(client, buyer="company", company="Mensa a.s.", company_id="25596641", street="Dlouhá 1", city="Brno")
    assert (placed.customer.name, placed.customer.company_id, placed.customer.city) == ("Mensa a.s.", "25596641", "Brno")


def test_a_guest_does_not_change_somebody_elses_address() -> None:
    jana = web.customer("karel@private.example", "Karel Pravý")
    client = web.client()
    put(client)
    placed = order(client, street="Cizí 1", city="Jinde")
    placed.customer.refresh_from_db()
    assert placed.customer.person == Person.objects.get(pk=jana.pk)
    assert (placed.customer.street, placed.customer.name) == ("", "Karel Pravý")


def test_an_end_of_life_is_refused_before_payment_with_the_upgrade_offered() -> None:
    """EOL-3."""
    olga = web.customer("olga@eol.example", "Olga Stará")
    licence = web.licence_of(web.bought(olga, "2022-03-10"))
    client = web.client(olga)
    page = client.get(f"/shop/renew/{licence.code}/").content.decode()
    assert "Support for version 8 ended" in page
    assert f"/shop/upgrade/{licence.code}/" in page
    put(client, "vip-renewal", licence=licence.code)
    assert client.get("/shop/checkout/").headers["Location"] == "/shop/cart/"


@pytest.mark.parametrize("page", ["renew", "upgrade", "lifetime", "devices"])
def test_owned_pages_are_for_those_who_may_buy(page: str) -> None:
    """C29, S19."""
    licence = web.licence_of(web.bought(web.customer(), "2026-03-10"))
    assert web.client().get(f"/shop/{page}/{licence.code}/").status_code == 302
    stranger = web.client(web.customer("stranger@private.example"))
    assert stranger.get(f"/shop/{page}/{licence.code}/").status_code == 404
    put(stranger, "vip-renewal", licence=licence.code)
    assert "The cart is empty" in stranger.get("/shop/cart/").content.decode()


def test_an_order_page_needs_its_whole_link() -> None:
    """C46, S23."""
    placed = web.bought(web.customer(), "2026-03-10")
    assert web.client().get(f"/shop/orders/{placed.token}/").status_code == 200
    assert web.client().get(f"/shop/orders/{placed.token[:-1]}/").status_code == 404
    assert web.client().get(f"/shop/orders/{placed.code}/").status_code == 404


def test_a_forged_return_pays_nothing() -> None:
    """S22."""
    client = web.client()
    put(client)
    placed = order(client)
    client.get(f"/shop/orders/{placed.token}/?status=paid")
    client.post(f"/shop/orders/{placed.token}/confirm/", {"status": "paid"})
    placed.refresh_from_db()
    assert placed.state == "awaiting_payment"


def test_an_unpaid_order_is_cancelled() -> None:
    client = web.client()
    put(client)
    placed = order(client)
    assert "was cancelled" in client.post(f"/shop/orders/{placed.token}/cancel/", follow=True).content.decode()
    again = client.post(f"/shop/orders/{placed.token}/pay/", {"provider": "test"})
    assert again.status_code == 409


def test_my_orders(django_assert_num_queries: object) -> None:
    jana = web.customer()
    placed = web.bought(jana, "2026-03-10")
    client = web.client(jana)
    client.get("/account/orders/")
    with django_assert_num_queries(6):  # type: ignore[operator]
        page = client.get("/account/orders/").content.decode()
    assert placed.code in page
    web.bought(jana, "2026-04-10")
    web.bought(jana, "2026-05-10")
    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get("/account/orders/")
    assert client.get(f"/account/orders/{placed.code}/").status_code == 200
    stranger = web.client(web.customer("stranger@private.example"))
    assert placed.code not in stranger.get("/account/orders/").content.decode()
    assert stranger.get(f"/account/orders/{placed.code}/").status_code == 404


@pytest.mark.django_db
def test_s58_a_nul_in_the_cart_is_bad_input_not_our_error() -> None:
    """PostgreSQL keeps no NUL: what gets past a page's own checks is 400 on both engines, or refused by the page."""
    assert web.client().post("/shop/cart/add/", {"offer": "a\0b", "quantity": "1"}).status_code in (302, 400)
