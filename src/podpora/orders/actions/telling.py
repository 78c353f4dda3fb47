"""Telling people about orders. Each of it once, however often it is asked for."""

from collections.abc import Sequence
from datetime import datetime

from podpora.base.money import Money
from podpora.orders import notices
from podpora.orders.models import Order
from podpora.orders.values import Delivered, History


def tell_placed(order: Order, amount: Money, *, at: datetime) -> None:
    """How to pay an order that waits for a transfer."""
    notices.placed(order, amount, at=at)


def tell_underpaid(order: Order, missing: Money, *, at: datetime) -> None:
    """How much is still missing (C16)."""
    notices.underpaid(order, missing, at=at)


def tell_paid(order: Order, delivered: Sequence[Delivered], *, at: datetime) -> None:
    """Licences with their keys, the date of support, the invoice."""
    notices.paid(order, delivered, at=at)


def tell_changed(order: Order, history: History, *, at: datetime) -> None:
    """A refund or a dispute, to both sides (X-4)."""
    notices.changed(order, history, at=at)
