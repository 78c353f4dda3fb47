"""The payer's bank takes a payment back, or tries to (X-4..6)."""

from datetime import datetime

from podpora.base.actors import Actor
from podpora.base.transactions import one_transaction
from podpora.journeys.settlement import settle
from podpora.orders import actions
from podpora.orders.models import Order
from podpora.orders.values import MoneyKind, Notice

STATES = {
    "opened": MoneyKind.CHARGEBACK_OPENED,
    "won": MoneyKind.CHARGEBACK_WON,
    "lost": MoneyKind.CHARGEBACK_LOST,
}


@one_transaction
def chargeback(order: Order, state: str, notice: Notice, *, by: Actor, at: datetime) -> Order:
    """The dispute `notice.external_id` was opened, won or lost (by the vendor). Safe to call twice, in any order."""
    actions.record_chargeback(order, STATES[state], notice, by=by, at=at)
    return settle(order, by=by, at=at)
