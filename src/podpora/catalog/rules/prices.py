"""Prices. Money is rounded here and in orders/rules only.

Steps of a line's price: the price of one unit (for the licence's own offer if the list has one), times the devices that the licence
has if that price is per device, times the quantity; then rounded, once.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput
from podpora.base.money import EXPONENTS, Money
from podpora.catalog.values import OfferKind, PriceTable


def price_of(prices: PriceTable, offer: str, basis: str = "") -> Money:
    """The price of one unit of `offer`; `basis`: the offer under which the licence that it is for was bought.

    Raises Refused (`offer.no_price`) where the list has none: nothing is ever sold for a guessed price.
    """
    price = prices.prices.get((offer, basis), prices.prices.get((offer, "")))
    if price is None:
        raise Refused(refuse("offer.no_price", offer=offer, currency=prices.currency))
    return price


def part_of_year(yearly: Money, days: int) -> Money:
    """ORG-3: so many 365ths of a year's price, rounded once: 112 days of 590.00 are 181.04."""
    return Money(yearly.amount * days / 365, yearly.currency).rounded()


def price_of_line(
    prices: PriceTable,
    offer: str,
    *,
    kind: OfferKind,
    basis: str = "",
    basis_per_device: bool = False,
    devices: int = 1,
    quantity: int = 1,
) -> Money:
    """The price of one line of a cart, before any discount.

    Upgrade, lifetime updates and renewal of a licence that was bought per device cost so much per device: `devices` is how many it
    has. An extra device is priced by its quantity alone.
    """
    unit = price_of(prices, offer, basis)
    counted = basis_per_device and kind in (OfferKind.UPGRADE, OfferKind.LIFETIME, OfferKind.RENEWAL)
    return (unit * (max(devices, 1) if counted else 1) * quantity).rounded()


def check_price_list(
    currency: str, valid_from: date, prices: Mapping[tuple[str, str], Decimal], *, today: date, is_first: bool
) -> None:
    """Prices are set for tomorrow or later, so that nobody's checkout changes under his hands and old orders stay explained."""
    errors: dict[str, list[str]] = {}
    if currency not in EXPONENTS:
        raise InvalidInput({"currency": ["unknown"]})
    if valid_from <= today and not is_first:
        errors["valid_from"] = ["price_list.in_the_past"]
    if not prices:
        errors["prices"] = ["price_list.needs_price"]
    for (offer, basis), amount in prices.items():
        field = f"{offer}/{basis}" if basis else offer
        if amount < 0:
            errors[field] = ["price.negative"]
        elif amount != Money(amount, currency).rounded().amount:
            errors[field] = ["price.too_fine"]
        elif amount >= 1_000_000_000:
            errors[field] = ["price.too_high"]
    if errors:
        raise InvalidInput(errors)


def check_may_withdraw(valid_from: date, *, today: date) -> None:
    if valid_from <= today:
        raise InvalidInput({"valid_from": ["price_list.already_valid"]})
