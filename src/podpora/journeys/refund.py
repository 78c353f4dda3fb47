"""Money goes back to the customer, and what it paid for goes back to the vendor (X-1..3, X-8)."""

from datetime import datetime

from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.base.money import Money
from podpora.base.transactions import one_transaction
from podpora.journeys.settlement import settle
from podpora.orders import actions, queries
from podpora.orders.models import Order
from podpora.orders.values import Notice, provider

Lines = tuple[tuple[int, int | None], ...]


@one_transaction
def refund(order: Order, lines: Lines, notice: Notice, *, by: Actor, at: datetime) -> Order:
    """Refund lines (position, units or None for all of them), or with no lines the whole order. Safe to call twice."""
    actions.record_refund(order, lines, notice, by=by, at=at)
    return settle(order, by=by, at=at)


@one_transaction
def give_back(order: Order, amount: Money, notice: Notice, *, by: Actor, at: datetime) -> Order:
    """Give money back without taking rights: goodwill, or what was paid too much (C15)."""
    actions.record_refund(order, (), notice, goodwill=amount, by=by, at=at)
    return settle(order, by=by, at=at)


def send_back(order: Order, amount: Money, *, key: str, at: datetime) -> bool:
    """Ask the provider to send the money; False where a person has to (a transfer). The same key sends it once (C19).

    Refused with `payment.provider_away` while it cannot be asked: the refund stands, and asking again with the same key sends it.
    """
    chosen = provider(order.provider)
    fresh = queries.order_by_code(order.code)
    if chosen is None or not fresh.reference:
        return False
    try:
        return chosen.refund(fresh.reference, amount, key=key, at=at)
    except OSError as problem:
        raise Refused(refuse("payment.provider_away")) from problem
