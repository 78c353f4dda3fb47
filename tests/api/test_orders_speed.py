"""How many statements an order takes (literal counts), whatever its length: the customer's row is held while they run."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from podpora.orders.models import Order
from tests.make import orders as make
from tests.make.order_api import Api

pytestmark = pytest.mark.django_db
ON = "2026-11-20"


@pytest.fixture
def api(client):
    make.shop(max_ahead_years=20)
    told = Api(client)
    told.order("pro-private-1", "2026-11-01", email="first@private.example")  # the year's series of invoices is open
    return told


def statements(api, body):
    with CaptureQueriesContext(connection) as seen:
        status, told = api.post("orders", body)
    assert status == 201, told
    return len(seen), told


def test_a_purchase_by_a_known_buyer(api):
    count, _told = statements(api, api.body("pro-private-3", ON, paid=ON, email="first@private.example"))
    assert count == 46


def test_a_purchase_by_a_new_buyer(api):
    count, _told = statements(api, api.body("pro-private-3", ON, paid=ON))
    assert count == 62


def test_a_renewal(api):
    licence = api.order("pro-private-3", "2026-11-02")["lines"][0]["licence"]
    count, _told = statements(api, api.body("vip-renewal", ON, paid=ON, licence=licence))
    assert count == 46


@pytest.mark.parametrize("many", [1, 3, 20])
def test_as_many_for_twenty_licences_as_for_one(api, many):
    bought = api.post("orders", api.body("pro-private-3", "2026-11-02", paid="2026-11-02") | {"lines": [LINE] * many})[1]
    codes = [line["licence"] for line in bought["lines"]]
    lines = [{"offer": "vip-renewal", "quantity": 1, "licence": code} for code in codes]
    count, told = statements(api, api.body("vip-renewal", ON, paid=ON) | {"lines": lines})
    assert {line["support_through"] for line in told["lines"]} == {"2028-11-02"}
    assert count == 46


@pytest.mark.parametrize("many", [1, 3, 20])
def test_as_many_for_twenty_new_licences_as_for_one(api, many):
    body = api.body("pro-private-3", ON, paid=ON, email="first@private.example") | {"lines": [LINE] * many}
    count, told = statements(api, body)
    assert len({line["key"] for line in told["lines"]}) == many
    assert count == 46


def test_the_lock_is_taken_after_the_catalogue_was_read(api):
    """Who waits for the customer's row waits for writes, not for prices."""
    with CaptureQueriesContext(connection) as seen:
        api.post("orders", api.body("pro-private-3", ON, paid=ON, email="first@private.example"))
    told = [query["sql"] for query in seen.captured_queries]
    first_write = next(n for n, sql in enumerate(told) if sql.startswith("INSERT"))
    catalogue = [n for n, sql in enumerate(told) if 'FROM "catalog_price"' in sql or 'FROM "orders_seller"' in sql]
    assert catalogue[0] < first_write
    assert Order.objects.count() == 2


LINE = {"offer": "pro-private-3", "quantity": 1}
