"""Totals, VAT and rounding: whatever is bought and however it is given back, it adds up to the coin (C21)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from podpora.base.money import EXPONENTS, Money
from podpora.orders.rules import is_reverse_charge, refund_amounts, totals_of

CURRENCIES = st.sampled_from(["CZK", "EUR", "JPY", "KWD"])
RATES = st.sampled_from([Decimal(21), Decimal(12), Decimal(0), Decimal("19.5"), Decimal(25)])


@st.composite
def carts(draw):
    currency = draw(CURRENCIES)
    minor = st.integers(0, 10_000_000)
    lines = draw(st.lists(st.tuples(minor, st.integers(1, 300)), min_size=1, max_size=8))
    return currency, [(Money.from_minor(price, currency), quantity) for price, quantity in lines]


@given(carts(), RATES, st.booleans(), st.booleans())
def test_C21_lines_add_up_to_the_document(cart, rate, includes_vat, reverse):
    currency, lines = cart
    totals = totals_of(
        [price * quantity for price, quantity in lines],
        currency=currency, vat_rate=rate, includes_vat=includes_vat, reverse_charge=reverse,
    )  # fmt: skip
    assert totals.net + totals.vat == totals.gross
    for part in ("net", "vat", "gross"):
        added = sum((getattr(line, part).amount for line in totals.lines), Decimal(0))
        assert added == getattr(totals, part).amount
        assert all(getattr(line, part).minor() >= 0 for line in totals.lines)
    if includes_vat and not reverse:
        assert totals.gross == sum((price * quantity for price, quantity in lines), Money.zero(currency))
        coin = Decimal(1).scaleb(-EXPONENTS[currency])
        assert abs(totals.net.amount * (1 + rate / 100) - totals.gross.amount) <= coin * 2


@given(carts(), RATES, st.data())
def test_C21_credit_notes_of_everything_take_the_whole_invoice_back(cart, rate, data):
    currency, lines = cart
    totals = totals_of([price * quantity for price, quantity in lines], currency=currency, vat_rate=rate)
    for amounts, (_price, quantity) in zip(totals.lines, lines, strict=True):
        left, back = quantity, [Money.zero(currency)] * 3
        while left:
            units = data.draw(st.integers(1, left))
            part = refund_amounts(amounts, quantity, left=left, units=units)
            assert part.net + part.vat == part.gross
            back = [back[0] + part.net, back[1] + part.vat, back[2] + part.gross]
            left -= units
        assert back == [amounts.net, amounts.vat, amounts.gross]


def test_reverse_charge_needs_a_company_with_a_number_of_another_member():
    def ask(vat_id, *, is_company=True, seller="CZ"):
        return is_reverse_charge(is_company=is_company, vat_id=vat_id, seller_country=seller)

    assert ask("DE136695976")
    assert ask(" de 136 695 976 ")
    assert not ask("DE136695977")  # wrong check digit
    assert not ask("CZ25123891")
    assert not ask("DE136695976", is_company=False)
    assert not ask("GB999999973")
    assert not ask("")
    assert not ask("DE136695976", seller="CH")
    assert not ask("EL094259216", seller="GR")
