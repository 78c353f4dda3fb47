"""Many at once, with real parallel connections: one order, one payment, numbers without gaps."""

import random
from collections import Counter
from functools import partial

import pytest
from django.db import transaction

from podpora.base.decisions import Refused
from podpora.journeys import outside, purchase
from podpora.journeys.rights import rights_of
from podpora.licensing.models import Licence
from podpora.mail.models import OutgoingMail
from podpora.orders import actions
from podpora.orders.models import Invoice, InvoiceCounter, MoneyEvent, Order
from podpora.orders.values import CartLine, Notice
from podpora.people.models import Person
from tests.make import orders as make
from tests.make.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT = make.at("2026-03-10")


def told(number: int = 0) -> outside.OutsideOrder:
    buyer = outside.Buyer(f"jana{number}@private.example", "Jana")
    return outside.OutsideOrder(f"X-{number}", buyer, "CZK", AT, AT, (CartLine("pro-private-3", 1),))


def test_C01_the_same_order_from_ten_threads_is_one() -> None:
    make.shop()
    ends = at_once([partial(outside.receive, told(), by=make.BY, at=AT) for _ in range(10)])
    assert [end.failed for end in ends if end.failed] == []
    assert Counter(end.value[1] for end in ends) == {True: 1, False: 9}
    assert len({end.value[0].pk for end in ends}) == 1
    assert [m.objects.count() for m in (Order, MoneyEvent, Licence, Invoice, Person)] == [1] * 5
    assert OutgoingMail.objects.filter(kind="order.paid").count() == 1


def test_C01_the_same_payment_from_ten_threads_is_one() -> None:
    make.shop()
    order = make.order(on="2026-03-10")
    notice = Notice("bank-1", AT)
    ends = at_once([
        partial(purchase.record_payment, order, order.total_money, notice, by=make.BY, at=AT) for _ in range(10)
    ])  # fmt: skip
    assert [end.failed for end in ends if end.failed] == []
    assert [m.objects.count() for m in (MoneyEvent, Licence, Invoice)] == [1, 1, 1]
    assert OutgoingMail.objects.filter(kind="order.paid").count() == 1


def test_renewals_in_parallel_all_count() -> None:
    """Six wait for one customer's row, none longer than the database lets it (lock_timeout)."""
    make.shop(max_ahead_years=20)
    order = make.bought(on="2026-03-10")
    licence = make.licence_of(order)
    ends = at_once([
        partial(make.bought, "vip-renewal", 1, licence, of=order.customer, on="2026-04-10") for _ in range(6)
    ])  # fmt: skip
    assert [end.failed for end in ends if end.failed] == []
    rights = rights_of(Licence.objects.get(code=licence), at=make.at("2026-04-11"))
    assert rights.support_through is not None
    assert rights.support_through.year == 2033


def test_C30_two_tabs_order_one_upgrade() -> None:
    make.shop()
    order = make.bought(on="2024-05-10")
    licence = make.licence_of(order)
    ends = at_once([partial(make.order, "upgrade", 1, licence, of=order.customer, on="2026-03-10") for _ in range(4)])
    assert Counter(type(end.failed) for end in ends) == {type(None): 1, Refused: 3}


def test_C20_refunds_in_parallel_never_give_back_more_than_there_is() -> None:
    from podpora.journeys.refund import refund

    make.shop()
    order = make.bought("pro-company", 5, on="2026-03-10")
    ends = at_once([
        partial(refund, order, ((1, 2),), Notice(f"r-{n}", AT), by=make.BY, at=AT) for n in range(5)
    ])  # fmt: skip
    assert Counter(type(end.failed) for end in ends) == {type(None): 2, Refused: 3}
    assert Licence.objects.get().seats == 1


class _Rollback(Exception):
    pass


def _number(order: Order, fails: bool) -> None:
    with transaction.atomic():
        actions.issue_invoice(order, paid_on=AT.date(), by=make.BY, at=AT)
        if fails:
            raise _Rollback


def test_C39_two_hundred_invoices_with_rollbacks_have_no_gap() -> None:
    make.shop()
    orders = [make.order(on="2026-03-10") for _ in range(25)]
    work = []
    for order in orders:
        work += [partial(_number, order, fails) for fails in (False, *[True] * 2, *[False] * 5)]
    random.Random(7).shuffle(work)
    ends = []
    for start in range(0, len(work), 20):
        ends += at_once(work[start : start + 20])
    assert {type(end.failed) for end in ends} <= {type(None), _Rollback}
    numbers = sorted(Invoice.objects.values_list("sequence", flat=True))
    assert numbers == list(range(1, 26))
    assert InvoiceCounter.objects.get().last == 25
