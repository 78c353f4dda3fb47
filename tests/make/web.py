"""What pages are tested with: the sample vendor on a fixed day, a customer with licences, a client that comes from our own pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import time_machine
from django.test import Client

from podpora.base.actors import system
from podpora.catalog.models import Product
from podpora.journeys import purchase
from podpora.licensing.models import Licence
from podpora.orders.actions.money import Notice
from podpora.orders.models import Order
from podpora.orders.values import CartLine
from podpora.people.models import Person
from tests.make import catalog, people

NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
HERE = {"HTTP_ORIGIN": "http://testserver"}


@contextmanager
def on(day: str = "") -> Iterator[datetime]:
    """The clock stands still at noon in Prague of this day."""
    at = datetime.fromisoformat(f"{day}T11:00+00:00") if day else NOW
    with time_machine.travel(at, tick=False):
        yield at


def vendor() -> Product:
    return catalog.catalogue()


def customer(email: str = "jana@private.example", name: str = "Jana Nováková") -> Person:
    return people.person(email, name)


def bought(somebody: Person, day: str, offer: str = "pro-private-3", licence: str = "", quantity: int = 1) -> Order:
    """He ordered and paid this on that day."""
    at = datetime.fromisoformat(f"{day}T11:00+00:00")
    by = system("test")
    placed = purchase.place(
        [CartLine(offer, quantity, licence)], customer=people.customer_of(somebody), currency="CZK", by=by, at=at
    )
    return purchase.record_payment(placed, placed.total_money, Notice(f"pay-{placed.code}", at), by=by, at=at)


def licence_of(order: Order) -> Licence:
    return Licence.objects.get(code=order.lines.get(position=1).licence_code)


def client(somebody: Any = None, language: str = "en") -> Client:
    """A browser on our own pages; with somebody signed in."""
    found = Client(**HERE)
    found.cookies["language"] = language
    if somebody is not None:
        found.force_login(somebody)
    return found
