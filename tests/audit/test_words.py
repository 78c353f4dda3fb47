"""Words of the machine in an entry read in the reader's language."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from podpora.audit import queries
from podpora.audit.models import Entry


def said(verb: str, **parts: Any) -> str:
    return queries.sentence(Entry(verb=verb, subject="order:A-1", actor_name="Jana", at=datetime(2026, 3, 16, tzinfo=UTC), **parts))


@pytest.mark.parametrize(
    ("verb", "parts", "czech", "english"),
    [
        ("order.state_changed", {"before": {"state": "awaiting_payment"}, "after": {"state": "paid"}},
         "Stav změněn z „Čeká na platbu“ na „Zaplaceno“.", "Changed the state from Waiting for payment to Paid."),
        ("order.payment_started", {"facts": {"provider": "transfer"}}, "Platba zahájena: Bankovní převod.", "Started to pay by Bank transfer."),
        ("order.payment_started", {"facts": {"provider": "gone"}}, "Platba zahájena: gone.", "Started to pay by gone."),
        ("ticket.state", {"before": {"state": "open"}, "after": {"state": "waiting_customer"}},
         "Stav změněn z „Otevřený“ na „Čeká na zákazníka“.", "Changed the state from Open to Waiting for customer."),
        ("member.joined", {"facts": {"person": "Jan", "role": "admin"}}, "Jan se připojuje, role Správce.", "Jan joined as Administrator."),
    ],
)  # fmt: skip
def test_an_entry_reads_in_the_readers_language(verb: str, parts: dict[str, Any], czech: str, english: str) -> None:
    with translation.override("cs"):
        assert said(verb, **parts) == czech
    with translation.override("en"):
        assert said(verb, **parts) == english
