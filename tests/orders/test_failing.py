"""F10, F07: whichever statement fails, a payment is handed over whole or not at all, numbers have no gap, and it goes on afterwards."""

from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from podpora.audit.models import Entry
from podpora.entitlements.models import LedgerEntry
from podpora.licensing.models import Licence
from podpora.mail.models import OutgoingMail
from podpora.orders.models import Invoice, InvoiceCounter, MoneyEvent, Order
from tests.make import orders as make
from tests.make import web

pytestmark = pytest.mark.django_db
TABLES = (MoneyEvent, Licence, LedgerEntry, Invoice, InvoiceCounter, OutgoingMail, Entry)


class Failing:
    """The n-th statement that writes meets a broken disk."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, sql: Any, *rest: Any) -> Any:
        if str(sql).lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            self.left -= 1
            if self.left == 0:
                raise OperationalError("disk I/O error")
        return execute(sql, *rest)


def told() -> list[int]:
    return [model._default_manager.count() for model in TABLES]


def test_f10_all_or_nothing_at_every_statement() -> None:
    make.shop()
    order = make.order("pro-company", 3, on="2026-03-10")
    before = told()
    for number in count(1):
        try:
            with connection.execute_wrapper(Failing(number)):
                make.pay(Order.objects.get(), "2026-03-10")
        except OperationalError:
            assert told() == before, number
            assert Order.objects.get().state == "awaiting_payment"
        else:
            break
    assert number > 10  # there was something to fail
    assert Invoice.objects.get(order=order).sequence == 1
    assert Licence.objects.get().seats == 3


def test_f07_a_full_disk_is_503_and_reading_goes_on() -> None:
    """What SQLite says then, and PostgreSQL alike, is an OperationalError at any write."""
    make.shop()
    licence = web.licence_of(make.bought(on="2026-03-10"))
    owner = web.client(licence.customer.memberships.get().person)

    def full(execute: Any, sql: Any, *rest: Any) -> Any:
        if str(sql).lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(full):
        assert [Client().get(page).status_code for page in ("/", "/shop/", "/levels/", "/versions/")] == [200] * 4
        assert owner.get(f"/licences/{licence.code}/").status_code == 200
        renamed = owner.post(f"/licences/{licence.code}/name/", {"name": "Office"})
        assert renamed.status_code == 503 and renamed["Retry-After"]
    assert owner.post(f"/licences/{licence.code}/name/", {"name": "Office"}).status_code == 302
