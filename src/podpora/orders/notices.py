"""Who is told what about an order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from podpora.base.clock import format_instant
from podpora.base.money import Money
from podpora.notifications.actions import tell
from podpora.notifications.values import Recipient
from podpora.orders import queries
from podpora.orders.models import Order
from podpora.orders.values import (
    CHARGED_BACK,
    DISPUTE_SEEN,
    DISPUTED,
    PAID,
    PLACED,
    REFUNDED,
    RESTORED,
    UNDERPAID,
    Delivered,
    History,
    OrderState,
)
from podpora.people import queries as people


def _customer(order: Order, permission: str = "invoices") -> list[Recipient]:
    """A private customer, or the members who deal with invoices. The order's language where a member has none."""
    return [
        Recipient(one.address, one.name, one.language or order.language, one.person_id)
        for one in people.recipients(order.customer, permission)
    ]


def _page(order: Order) -> str:
    return f"/shop/orders/{order.token}/"


def _facts(order: Order) -> dict[str, Any]:
    return {"order": order.code, "total": order.total_money, "customer": order.customer.name}


def placed(order: Order, amount: Money, *, at: datetime) -> None:
    seller = queries.seller()
    facts = _facts(order) | {
        "amount": amount, "symbol": order.variable_symbol, "iban": seller.iban, "due_on": order.expires_on,
    }  # fmt: skip
    tell(_customer(order), PLACED, facts, at=at, once=f"order:{order.code}:placed", url=_page(order))


def underpaid(order: Order, missing: Money, *, at: datetime) -> None:
    facts = _facts(order) | {"missing": missing, "symbol": order.variable_symbol, "iban": queries.seller().iban}
    tell(_customer(order), UNDERPAID, facts, at=at, once=f"order:{order.code}:missing:{missing.wire()}", url=_page(order))


def paid(order: Order, delivered: Sequence[Delivered], *, at: datetime) -> None:
    facts = _facts(order) | {"lines": [_line(one, order.language) for one in delivered], "for_email": order.for_email}
    tell(_customer(order), PAID, facts, at=at, once=f"order:{order.code}:paid", url=_page(order))


def _line(one: Delivered, language: str) -> dict[str, Any]:
    run = one.run
    return {
        "name": one.name_cs if language == "cs" else one.name_en, "licence": one.licence, "key": one.key,
        "support_through": one.support_through, "covers_all": bool(run and run.covers_all and not run.until),
        "through_major": run.through_major if run else None, "until": run.until if run else None,
        "updates_until": run.updates_until if run else None,
    }  # fmt: skip


_CHANGES = {
    OrderState.REFUNDED: REFUNDED,
    OrderState.PART_REFUNDED: REFUNDED,
    OrderState.DISPUTED: DISPUTED,
    OrderState.CHARGED_BACK: CHARGED_BACK,
    OrderState.PAID: RESTORED,
}


def changed(order: Order, history: History, *, at: datetime) -> None:
    """The customer, and for a dispute also the vendor's people."""
    kind = _CHANGES.get(OrderState(order.state))
    if kind is None:
        return
    moment = format_instant(history.last_at or at)
    once = f"order:{order.code}:{order.state}:{moment}"
    tell(_customer(order), kind, _facts(order), at=at, once=once, url=_page(order))
    if kind == DISPUTED:
        staff = [Recipient(p.email, p.name, p.language, p.pk) for p in people.staff_with("orders")]
        tell(staff, DISPUTE_SEEN, _facts(order), at=at, once=f"{once}:staff", url=f"/office/orders/{order.code}/")
