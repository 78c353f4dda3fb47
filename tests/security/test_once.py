"""S21: ten clicks at the same moment are one order, one refund."""

import re
from typing import Any

import pytest

from podpora.licensing.models import Licence
from podpora.orders.models import Invoice, MoneyEvent, Order
from podpora.people.models import Person
from tests.make import orders as make
from tests.make import people, web
from tests.make.api import Api, token
from tests.make.races import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEN = 10


def hidden(page: str, *names: str) -> dict[str, str]:
    return dict(re.findall(rf'name="({"|".join(names)})"[^>]*?value="([^"]*)"', page))


def statuses(ends: list[Any]) -> list[int]:
    assert [end for end in ends if isinstance(end, BaseException)] == []
    return [end.status_code for end in ends]


def test_s21_ten_clicks_on_order_are_one_order() -> None:
    with web.on("2026-11-20"):
        web.vendor()
        first = web.client()
        first.post("/shop/cart/add/", {"offer": "pro-private-3"})
        form = hidden(first.get("/shop/checkout/").content.decode(), "key", "expected")
        form |= {"buyer": "private", "email": "karel@private.example", "name": "Karel", "country": "CZ", "terms": "on"}

        def click(_number: int) -> Any:
            client = web.client()
            client.cookies["cart"] = first.cookies["cart"].value
            return client.post("/shop/checkout/", form)

        ends = together(TEN, click)
        assert set(statuses(ends)) == {302}
        assert len({end["Location"] for end in ends}) == 1
    assert (Order.objects.count(), Person.objects.count(), Licence.objects.count()) == (1, 1, 0)


def refunds() -> int:
    return MoneyEvent.objects.filter(kind="refund").count()


def test_s21_ten_refunds_with_one_number_are_one() -> None:
    make.shop()
    order = make.bought(on="2026-03-10")
    api = Api(token("orders"))
    body = {"external_id": "R-1", "at": "2026-03-12T09:00:00Z"}
    with web.on("2026-03-12"):
        ends = together(TEN, lambda _number: api.post(f"orders/{order.code}/refunds", body))
    assert sorted(set(statuses(ends))) in ([200, 201], [201], [200])
    assert refunds() == 1
    assert Invoice.objects.filter(order=order).count() == 2  # the invoice and one credit note


def test_s21_ten_refunds_with_ten_numbers_give_back_once() -> None:
    make.shop()
    order = make.bought(on="2026-03-10")
    api = Api(token("orders"))
    with web.on("2026-03-12"):
        ends = together(
            TEN,
            lambda number: api.post(f"orders/{order.code}/refunds", {"external_id": f"R-{number}", "at": "2026-03-12T09:00:00Z"}),
        )
    found = statuses(ends)
    told = list(MoneyEvent.objects.values_list("kind", "external_id"))
    assert (found.count(201), found.count(409)) == (1, TEN - 1), (found, told)
    assert refunds() == 1


def test_s21_c19_ten_clicks_on_refund_in_the_office_are_one() -> None:
    make.shop()
    order = make.bought(on="2026-03-10")
    manager = people.manager()
    with web.on("2026-03-12"):
        page = web.client(manager).get(f"/office/orders/{order.code}/").content.decode()
        part = next(form for form in page.split("<form")[1:] if "/refund/" in form.split(">")[0])
        form = hidden(part, "once", "opened_at", "line_1", "on") | {"reason": "He asked."}
        clients = [web.client(manager) for _ in range(TEN)]
        ends = together(TEN, lambda number: clients[number].post(f"/office/orders/{order.code}/refund/", form))
        assert set(statuses(ends)) <= {302, 422}
    assert refunds() == 1
    assert Invoice.objects.filter(order=order).count() == 2
