"""Money: an exact amount in one currency. Rounding happens only in catalog/rules/prices.py and orders/rules.py."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering

# ISO 4217 minor units of the currencies that price lists may use.
EXPONENTS = {"CZK": 2, "EUR": 2, "USD": 2, "GBP": 2, "PLN": 2, "JPY": 0, "KWD": 3}


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount (Decimal, exact) and its ISO 4217 currency. Amounts of two currencies never meet (ValueError)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency!r}")
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise ValueError(f"{self.amount!r} is not a finite Decimal")

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> "Money":
        return cls(Decimal(amount), currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(Decimal(0), currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> "Money":
        """Whole minor units (haléře, cents) -> Money."""
        return cls(Decimal(minor).scaleb(-EXPONENTS[currency]), currency)

    def minor(self) -> int:
        """Whole minor units. ValueError if the amount was never rounded."""
        scaled = self.amount.scaleb(EXPONENTS[self.currency])
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self} is finer than the smallest coin: round it first")
        return int(scaled)

    def rounded(self) -> "Money":
        """Half up to the smallest coin. Called by the rules of catalog and orders only."""
        return Money(self.amount.quantize(Decimal(1).scaleb(-EXPONENTS[self.currency]), ROUND_HALF_UP), self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: int | Decimal) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return f"{self.amount:.{EXPONENTS[self.currency]}f} {self.currency}"

    def wire(self) -> str:
        """The form of money in the API: a string with the currency's decimals."""
        return f"{self.amount:.{EXPONENTS[self.currency]}f}"
