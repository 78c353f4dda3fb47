"""The room and what its verbs say in the audit."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "order.placed": _("Placed the order."),
    "order.payment_started": _("Started to pay by {provider}."),
    "order.payment": _("A payment arrived."),
    "order.refund": _("A refund was recorded."),
    "order.chargeback_opened": _("The bank disputed the payment."),
    "order.chargeback_won": _("The dispute was won."),
    "order.chargeback_lost": _("The dispute was lost."),
    "order.cancelled": _("Cancelled the order."),
    "order.state_changed": _("Changed the state from {before[state]} to {after[state]}."),
    "order.delivered": _("Delivered what was ordered."),
    "invoice.issued": _("Issued the document."),
    "seller.changed": _("Changed the seller's details."),
}


EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "order.paid", "text": _("An order is paid; also again, after a dispute that was won."), "verbs": ("order.state_changed",),
        "states": frozenset({"paid"}), "data": {"order": "A-SKVCJJ59", "before": {"state": "awaiting_payment"}, "after": {"state": "paid"}},
    },
    {
        "name": "order.refunded", "text": _("An order was refunded, as a whole or in part."), "verbs": ("order.state_changed",),
        "states": frozenset({"refunded", "part_refunded"}),
        "data": {"order": "A-SKVCJJ59", "before": {"state": "paid"}, "after": {"state": "refunded"}},
    },
    {
        "name": "order.disputed", "text": _("The payment of an order is disputed, or the dispute was lost."), "verbs": ("order.state_changed",),
        "states": frozenset({"disputed", "charged_back"}),
        "data": {"order": "A-SKVCJJ59", "before": {"state": "paid"}, "after": {"state": "disputed"}},
    },
)  # fmt: skip


class OrdersConfig(AppConfig):
    name = "podpora.orders"
    label = "orders"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence, declare_words
        from podpora.base import vendor
        from podpora.orders import queries
        from podpora.orders.values import STATE_NAMES, provider_name

        vendor.ask_with(queries.vendor_name)

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        declare_words("order.state_changed", "state", lambda state: str(STATE_NAMES.get(state, state)))
        declare_words("order.payment_started", "provider", provider_name)
        for event in EVENTS:
            declare_event(EventType(**event))
