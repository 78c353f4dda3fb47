"""A pretended card gate, for the demo and for tests. It keeps its payments in files of its own, as an outside service would.

Words: a payment is `new`, `paid`, `later` (will be paid in a moment) or `failed`.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from podpora.base.clock import format_instant, parse_instant
from podpora.base.money import Money
from podpora.orders.values import Bill, Fetched, PaymentState, Started

LATER = timedelta(seconds=30)


def _path(reference: str) -> Path | None:
    """Where a payment is kept; None for what cannot be a reference."""
    if not (len(reference) == 32 and reference.isascii() and reference.isalnum()):
        return None
    return Path(settings.DATA_DIR) / "test_provider" / f"{reference}.json"


def read(reference: str) -> dict[str, Any] | None:
    """The payment as the gate has it."""
    path = _path(reference)
    if path is None or not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def write(reference: str, facts: Mapping[str, Any]) -> None:
    path = _path(reference)
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(dict(facts)))
    temporary.replace(path)


def choose(reference: str, state: str, *, at: datetime) -> None:
    """The payer pressed a button on the gate's page. What is paid stays paid."""
    facts = read(reference)
    if facts is not None and facts["state"] not in ("paid", "later"):
        paid_at = at + LATER if state == "later" else at
        write(reference, facts | {"state": state, "paid_at": format_instant(paid_at)})


class TestProvider:
    """The plug."""

    __test__ = False  # pytest would take it for a test
    code = "test"

    def label(self) -> str:
        return _("Card (demo: no real money)")

    def start(self, bill: Bill, *, return_url: str, key: str, at: datetime) -> Started:
        reference = hashlib.sha256(f"{settings.SECRET_KEY}{key}".encode()).hexdigest()[:32]
        known = read(reference)
        if known is None or known["state"] == "failed":
            facts = {"order": bill.code, "amount": bill.amount.wire(), "currency": bill.amount.currency, "return_url": return_url}
            write(reference, facts | {"state": "new", "refunds": {}})
        return Started(reference=reference, redirect=reverse("test_provider", args=[reference]))

    def fetch(self, reference: str, *, at: datetime) -> Fetched:
        facts = read(reference)
        if facts is None or facts["state"] == "failed":
            return Fetched(PaymentState.FAILED, live=False)
        if facts["state"] == "new" or at < parse_instant(facts["paid_at"]):
            return Fetched(PaymentState.PENDING, live=False)
        amount = Money.of(facts["amount"], facts["currency"])
        return Fetched(PaymentState.PAID, amount, parse_instant(facts["paid_at"]), live=False)

    def refund(self, reference: str, amount: Money, *, key: str, at: datetime) -> bool:
        facts = read(reference)
        if facts is None:
            return False
        write(reference, facts | {"refunds": facts["refunds"] | {key: amount.wire()}})
        return True

    def verify(self, body: bytes, headers: Mapping[str, str]) -> list[str]:
        return []

    def cancel(self, reference: str) -> None:
        facts = read(reference)
        if facts is not None and facts["state"] == "new":
            write(reference, facts | {"state": "failed"})
