"""What can happen to orders. None of it touches rights: `journeys.settlement.settle` makes them follow, and every journey calls it."""

from podpora.orders.actions.invoices import issue_credit_note, issue_invoice, issue_proforma, set_seller
from podpora.orders.actions.money import record_chargeback, record_payment, record_refund
from podpora.orders.actions.orders import cancel_order, choose_provider, forget_address, mark_delivered, mirror_money, place_order
from podpora.orders.actions.telling import tell_changed, tell_paid, tell_placed, tell_underpaid

__all__ = [
    "cancel_order", "choose_provider", "forget_address", "issue_credit_note", "issue_invoice", "issue_proforma", "mark_delivered", "mirror_money",
    "place_order", "record_chargeback", "record_payment", "record_refund", "set_seller", "tell_changed", "tell_paid",
    "tell_placed", "tell_underpaid",
]  # fmt: skip
