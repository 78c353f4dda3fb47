"""Variable symbols and payment QR codes: what a bank reads (C43, C44).

Both QR formats are lists of fields. A name that contains the separator would smuggle in another amount or account, so every value is
cleaned before it is written: SPAYD separates by `*`, EPC by line breaks.
"""

import unicodedata
from decimal import Decimal

from podpora.base.money import Money

SYMBOL_LENGTH = 10
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)
_SPAYD_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-/:+()$")


def variable_symbol(number: int) -> str:
    """Nine digits and a check digit, so that one mistyped digit never meets another order."""
    digits = f"{number % 900_000_000 + 100_000_000}"
    check = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 10
    return f"{digits}{check}"


def _plain(text: str) -> str:
    """One line of ASCII: diacritics dropped, other letters and control characters gone."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c if c.isascii() and c.isprintable() else " " if c.isspace() else "" for c in decomposed).split())


def spayd(*, iban: str, amount: Money, symbol: str, message: str, bic: str = "", due: str = "") -> str:
    """The text of a Czech payment QR code (SPAYD 1.0)."""
    account = _account(iban) + (f"+{_account(bic)}" if bic else "")
    fields = [("ACC", account), ("AM", f"{amount.amount:.2f}"), ("CC", amount.currency)]
    if due:
        fields.append(("DT", "".join(c for c in due if c in "0123456789")))
    fields += [("X-VS", symbol), ("MSG", _escaped(_plain(message)[:60]))]
    return "*".join(["SPD", "1.0", *(f"{name}:{value}" for name, value in fields)])


def _escaped(text: str) -> str:
    return "".join(c if c in _SPAYD_PLAIN else f"%{ord(c):02X}" for c in text)


def _account(text: str) -> str:
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def epc(*, name: str, iban: str, amount: Money, message: str, bic: str = "") -> str:
    """The text of a European payment QR code (EPC069-12, version 002). Euro only."""
    if amount.currency != "EUR" or not Decimal("0.01") <= amount.amount <= Decimal("999999999.99"):
        raise ValueError(f"{amount} can't be paid by an EPC code")
    fields = ["BCD", "002", "1", "SCT", _account(bic), _plain(name)[:70], _account(iban), f"EUR{amount.amount:.2f}"]
    return "\n".join([*fields, "", "", _plain(message)[:140]])
