"""Totals, VAT and rounding. The only place besides catalog/rules/prices.py where money is rounded.

The steps, in this order:

1. A unit's price is exact: it comes from the price list as it is written there. A line is unit price times quantity, exact.
2. The lines are summed, exactly. The document has one VAT rate (the domestic one, or none under reverse charge).
3. Once per rate and document, the sum is split: where the list includes VAT, net = sum / (1 + rate), rounded half up to the smallest coin,
   and VAT is the rest; where it does not, VAT = sum x rate, rounded, and the total is their sum. Under reverse charge the net is all.
4. Lines show their share of these rounded sums: the difference of the rounded running totals. So lines always add up to the document,
   and no line is off by more than one coin.
5. A refund of some units takes the difference of the line's rounded running amounts in the same way, so that the credit notes of
   everything add up to the invoice, to the coin (C21).
"""

from collections.abc import Sequence
from decimal import Decimal

from stdnum import iban as stdnum_iban
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from podpora.base.errors import InvalidInput
from podpora.base.money import Money
from podpora.orders.values import LineAmounts, Totals

_MEMBERS = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL",
    "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip


def totals_of(
    lines: Sequence[Money], *, currency: str, vat_rate: Decimal, includes_vat: bool = True, reverse_charge: bool = False
) -> Totals:
    """The document of these exact line amounts (as the price list has them)."""
    share = vat_rate / 100
    split: list[LineAmounts] = []
    before = _split(Money.zero(currency), share, includes_vat, reverse_charge)
    running = Money.zero(currency)
    for line in lines:
        running += line
        after = _split(running, share, includes_vat, reverse_charge)
        split.append(LineAmounts(after.net - before.net, after.vat - before.vat, after.gross - before.gross))
        before = after
    rate = Decimal(0) if reverse_charge else vat_rate
    return Totals(before.net, before.vat, before.gross, rate, reverse_charge, tuple(split))


def _split(amount: Money, share: Decimal, includes_vat: bool, reverse_charge: bool) -> LineAmounts:
    nothing = Money.zero(amount.currency)
    if includes_vat:
        gross = amount.rounded()
        net = Money(amount.amount / (1 + share), amount.currency).rounded()
        return LineAmounts(net, nothing, net) if reverse_charge else LineAmounts(net, gross - net, gross)
    net = amount.rounded()
    vat = nothing if reverse_charge else (amount * share).rounded()
    return LineAmounts(net, vat, net + vat)


def refund_amounts(line: LineAmounts, quantity: int, *, left: int, units: int) -> LineAmounts:
    """What `units` of a line are worth, when `left` of its `quantity` units were not refunded before."""
    done = quantity - left
    net = _part(line.net, done + units, quantity) - _part(line.net, done, quantity)
    vat = _part(line.vat, done + units, quantity) - _part(line.vat, done, quantity)
    return LineAmounts(net, vat, net + vat)


def _part(whole: Money, units: int, quantity: int) -> Money:
    return Money(whole.amount * units / quantity, whole.currency).rounded()


def is_reverse_charge(*, is_company: bool, vat_id: str, seller_country: str) -> bool:
    """A company with a well-formed VAT number of another member state pays the VAT at home. (Asking VIES is another story.)"""
    number = "".join(vat_id.split()).upper()
    country = number[:2]
    seller = "EL" if seller_country == "GR" else seller_country
    if not is_company or country not in _MEMBERS or country == seller or seller not in _MEMBERS:
        return False
    try:
        eu_vat.validate(number)
    except ValidationError:
        return False
    return True


def check_seller(iban: str, vat_rate: Decimal) -> None:
    """An account number that can be paid to, and a rate that is one."""
    errors: dict[str, list[str]] = {}
    if iban and not stdnum_iban.is_valid(iban):
        errors["iban"] = ["not_an_iban"]
    if not 0 <= vat_rate <= 100:
        errors["vat_rate"] = ["out_of_range"]
    if errors:
        raise InvalidInput(errors)
