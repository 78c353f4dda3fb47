"""What stands behind a way to pay (implemented in `integrations`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from podpora.base.money import Money


class PaymentState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Bill:
    """What a provider is told about an order."""

    code: str
    token: str
    amount: Money
    variable_symbol: str
    language: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """What the payer does next: goes to `redirect`, or follows the `instructions` (facts that the order page shows)."""

    reference: str
    redirect: str = ""
    instructions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the provider says about a payment when it is asked; nothing else changes money."""

    state: PaymentState
    amount: Money | None = None
    paid_at: datetime | None = None
    live: bool = True


class PaymentProvider(Protocol):
    """A way to pay. `key`s are idempotency keys: the same key does the same thing once. OSError: it cannot be asked just now."""

    code: str

    def label(self) -> str: ...
    def start(self, bill: Bill, *, return_url: str, key: str, at: datetime) -> Started: ...
    def fetch(self, reference: str, *, at: datetime) -> Fetched: ...
    def refund(self, reference: str, amount: Money, *, key: str, at: datetime) -> bool: ...
    def verify(self, body: bytes, headers: Mapping[str, str]) -> list[str]: ...
    def cancel(self, reference: str) -> None: ...


_providers: dict[str, PaymentProvider] = {}


def register_provider(provider: PaymentProvider) -> None:
    """Called once at the start, for those that PODPORA_PAYMENT_PROVIDERS names, in that order."""
    _providers[provider.code] = provider


def providers() -> list[PaymentProvider]:
    return list(_providers.values())


def provider_name(code: str) -> str:
    """The way to pay in the reader's language; one that is no longer plugged in shows its code."""
    known = _providers.get(code)
    return known.label() if known else code


def provider(code: str) -> PaymentProvider | None:
    return _providers.get(code)
