"""Rules of the catalogue: prices, and where in its life a version is.

Money is rounded here and in orders/rules.py only. Steps of a line's price: the price of one unit (for the licence's own offer if the
list has one), times the devices that the licence has if that price is per device, times the quantity; then rounded, once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput
from podpora.base.money import EXPONENTS, Money
from podpora.catalog.values import Grace, OfferKind, Policy, PriceTable, Scope, UpgradeRule, VersionFacts, VersionState


def price_of(prices: PriceTable, offer: str, basis: str = "") -> Money:
    """The price of one unit of `offer`; `basis`: the offer under which the licence that it is for was bought.

    Raises Refused (`offer.no_price`) where the list has none: nothing is ever sold for a guessed price.
    """
    price = prices.prices.get((offer, basis), prices.prices.get((offer, "")))
    if price is None:
        raise Refused(refuse("offer.no_price", offer=offer, currency=prices.currency))
    return price


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


def current_version(versions: Iterable[VersionFacts], on: date) -> VersionFacts | None:
    """The newest major that is officially released on that vendor date; announced ones and betas do not count (EOL-1)."""
    released = [v for v in versions if v.released_on and v.released_on <= on]
    return max(released, key=lambda v: v.major, default=None)


def version_state(version: VersionFacts, versions: Sequence[VersionFacts], on: date) -> VersionState:
    """Announced, current, supported, ended; the last day of support still counts as supported (EOL-2)."""
    if version.released_on is None or on < version.released_on:
        return VersionState.ANNOUNCED
    if version.support_ends_on and on > version.support_ends_on:
        return VersionState.ENDED
    current = current_version(versions, on)
    return VersionState.CURRENT if current and current.major == version.major else VersionState.SUPPORTED


# What may be written. Each raises InvalidInput with every field that is wrong.


def check_version(major: int, released_on: date | None, support_ends_on: date | None) -> None:
    errors: dict[str, list[str]] = {}
    if not 1 <= major <= 10_000:
        errors["major"] = ["version.major_positive"]
    if support_ends_on and released_on is None:
        errors["released_on"] = ["version.end_without_release"]
    elif support_ends_on and released_on and support_ends_on < released_on:
        errors["support_ends_on"] = ["version.ends_before_release"]
    if errors:
        raise InvalidInput(errors)


def check_release(version: VersionFacts, number: str, released_on: date) -> None:
    errors: dict[str, list[str]] = {}
    parts = number.split(".")
    if not (2 <= len(parts) <= 4 and all(part.isascii() and part.isdigit() for part in parts) and int(parts[0]) == version.major):
        errors["number"] = ["release.not_of_this_version"]
    if version.released_on is None or released_on < version.released_on:
        errors["released_on"] = ["release.before_version"]
    if errors:
        raise InvalidInput(errors)


def check_hours(hours: int | None) -> None:
    if hours is not None and not 1 <= hours <= 10_000:
        raise InvalidInput({"first_answer_hours": ["plan.hours_positive"]})


# Lowest and highest of every number in the policy. `lease_days` is at least 14.
POLICY_RANGES: Mapping[str, tuple[int, int]] = {
    "max_ahead_years": (1, 50),
    "pending_days": (0, 90),
    "free_upgrade_days": (0, 730),
    "end_of_life_notice_months": (0, 60),
    "suspension_run_days": (0, 365),
    "suspension_forgiven_days": (0, 90),
    "seat_notice_days": (0, 365),
    "trial_days": (1, 365),
    "lease_days": (14, 730),
}
POLICY_CHOICES: Mapping[str, type[UpgradeRule] | type[Grace] | type[Scope]] = {
    "upgrade_rule": UpgradeRule, "grace": Grace, "scope": Scope,
}  # fmt: skip


def check_policy(changes: Mapping[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    for name, value in changes.items():
        if name in POLICY_CHOICES:
            if value not in list(POLICY_CHOICES[name]):
                errors[name] = ["unknown"]
        elif name not in POLICY_RANGES:
            errors[name] = ["unknown"]
        elif not isinstance(value, int) or not POLICY_RANGES[name][0] <= value <= POLICY_RANGES[name][1]:
            errors[name] = ["policy.out_of_range"]
    if errors:
        raise InvalidInput(errors)


def policy_from(stored: Mapping[str, Any], zone: ZoneInfo) -> Policy:
    """The policy from its stored words and numbers."""
    values: dict[str, Any] = {name: POLICY_CHOICES[name](v) if name in POLICY_CHOICES else v for name, v in stored.items()}
    return Policy(zone=zone, **values)


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
