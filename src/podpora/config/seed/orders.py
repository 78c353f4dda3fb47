"""Synthetic orders that are paid. Their licences are those of their owners; no documents are written."""

import hashlib
from decimal import Decimal

from django.conf import settings

from podpora.base.clock import vendor_date
from podpora.catalog.values import OfferKind
from podpora.config.seed.chance import Chance, code
from podpora.config.seed.owners import BATCH, Owner
from podpora.orders import rules
from podpora.orders.models import MoneyEvent, Order, OrderLine
from podpora.orders.values import MoneyKind, OrderState

NET, VAT, TOTAL = Decimal("1231.40"), Decimal("258.60"), Decimal("1490.00")


def make_orders(owners: list[Owner], count: int, chance: Chance) -> None:
    """So many orders for one licence each."""
    first = (Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    for begin in range(0, count, BATCH):
        numbers = list(range(first + begin, first + min(begin + BATCH, count)))
        bought = [chance.random.choice(owners) for _ in numbers]
        orders = Order.objects.bulk_create(_order(n, owner, chance) for n, owner in zip(numbers, bought, strict=True))
        OrderLine.objects.bulk_create(_line(order, owner) for order, owner in zip(orders, bought, strict=True))
        MoneyEvent.objects.bulk_create(_payment(order) for order in orders)


def _order(number: int, owner: Owner, chance: Chance) -> Order:
    at = chance.ago(1200)
    on = vendor_date(at, settings.VENDOR_ZONE)
    return Order(
        code=code("A", number), customer_id=owner.customer, currency="CZK", language=owner.language, placed_at=at, placed_on=on, expires_on=on,
        variable_symbol=rules.variable_symbol(900_000_000 + number), net=NET, vat=VAT, total=TOTAL, vat_rate=Decimal(21),
        provider="transfer", writes_invoice=False, state=OrderState.PAID, paid_at=at, created_at=at,
    )  # fmt: skip


def _line(order: Order, owner: Owner) -> OrderLine:
    return OrderLine(
        order=order, position=1, offer_code="pro-private-3", kind=OfferKind.LICENCE, name_cs="PRO pro 3 počítače",
        name_en="PRO for 3 devices", quantity=1, devices=3, support_years=1, licence_code=owner.licence, unit_price=TOTAL,
        net=NET, vat=VAT, total=TOTAL, delivered_at=order.placed_at,
    )  # fmt: skip


def _payment(order: Order) -> MoneyEvent:
    external = f"seed:{order.code}"
    return MoneyEvent(
        order=order, kind=MoneyKind.PAYMENT, external_id=external, at=order.placed_at, on=order.placed_on, amount=TOTAL, provider="transfer",
        content_hash=hashlib.sha256(external.encode()).hexdigest(), recorded_by="seed", recorded_at=order.placed_at,
    )  # fmt: skip
