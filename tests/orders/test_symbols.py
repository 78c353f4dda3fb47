"""Variable symbols and payment QR codes: what a bank reads is exactly what was meant (C43, C44)."""

import pytest

from podpora.base.money import Money
from podpora.orders.rules import epc, spayd, variable_symbol

IBAN = "CZ6508000000192000145399"
NASTY = [
    "Firma*AM:1.00*ACC:CZ58",
    "Firma\nEUR1.00\nCZ58",
    "Firma 😀 s.r.o.",
    "\u202efdp.exe",
    "Žluťoučký kůň & syn",
    "a%2Ab",
    "\r\n\x00",
]


def test_C43_ten_digits_and_one_mistyped_digit_is_noticed():
    symbols = {variable_symbol(n) for n in range(0, 900_000_000, 9_000_007)}
    assert all(len(s) == 10 and s.isdigit() and s[0] != "0" for s in symbols)
    for symbol in list(symbols)[:20]:
        for place in range(10):
            typo = symbol[:place] + str((int(symbol[place]) + 1) % 10) + symbol[place + 1 :]
            assert typo not in symbols


@pytest.mark.parametrize("name", NASTY)
def test_C44_spayd_keeps_amount_and_account(name):
    text = spayd(iban=IBAN, amount=Money.of("1990.00", "CZK"), symbol="1234567890", message=name, due="2026-12-06")
    fields = text.split("*")
    assert fields[:2] == ["SPD", "1.0"]
    found = dict(field.split(":", 1) for field in fields[2:])
    assert (found["ACC"], found["AM"], found["CC"], found["X-VS"]) == (IBAN, "1990.00", "CZK", "1234567890")
    assert found["DT"] == "20261206"
    assert len(fields) == 8
    assert text.isascii()


@pytest.mark.parametrize("name", NASTY)
def test_C44_epc_keeps_amount_and_account(name):
    text = epc(name=name, iban=IBAN, amount=Money.of("79.60", "EUR"), message=name)
    lines = text.split("\n")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert (lines[6], lines[7], len(lines)) == (IBAN, "EUR79.60", 11)
    assert len(text.encode()) <= 331


def test_epc_is_for_euros_only():
    with pytest.raises(ValueError):
        epc(name="x", iban=IBAN, amount=Money.of(1, "CZK"), message="")
