"""A licence gets the current version, every future version, or more devices: offers with price and result, before payment."""

from datetime import datetime

from podpora.catalog.values import OfferKind
from podpora.journeys.quoting import preview
from podpora.journeys.renewal import offer_of
from podpora.licensing.models import Licence
from podpora.orders.values import CartLine, Quote


def offer(licence: Licence, *, currency: str, at: datetime) -> Quote:
    """The upgrade to the current version, which brings a year of support (VIP-6)."""
    return _quote(licence, OfferKind.UPGRADE, 1, currency=currency, at=at)


def lifetime_offer(licence: Licence, *, currency: str, at: datetime) -> Quote:
    """All future versions, and a year of support (VIP-8)."""
    return _quote(licence, OfferKind.LIFETIME, 1, currency=currency, at=at)


def devices_offer(licence: Licence, *, devices: int = 1, currency: str, at: datetime) -> Quote:
    """More devices."""
    return _quote(licence, OfferKind.EXTRA_DEVICE, devices, currency=currency, at=at)


def _quote(licence: Licence, kind: OfferKind, quantity: int, *, currency: str, at: datetime) -> Quote:
    line = CartLine(offer_of(licence, kind).code, quantity, licence.code)
    return preview([line], customer=licence.customer, currency=currency, at=at)
