"""A licence's support is renewed: the offer with its price and the date that comes of it, before payment (VIP-2..7, VIP-13)."""

from datetime import datetime

from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.models import Offer
from podpora.catalog.values import OfferKind
from podpora.journeys.quoting import preview
from podpora.licensing.models import Licence
from podpora.orders.values import CartLine, Quote


def offer_of(licence: Licence, kind: OfferKind) -> Offer:
    """What the vendor sells for this licence's product to this end; NotYours where nothing is."""
    found = catalog.offers_on_sale(licence.product).filter(kind=kind).first()
    if found is None:
        raise NotYours
    return found


def offer(licence: Licence, *, years: int = 1, currency: str, at: datetime) -> Quote:
    """What renewing for so many years would cost now, and until when support would run."""
    line = CartLine(offer_of(licence, OfferKind.RENEWAL).code, years, licence.code)
    return preview([line], customer=licence.customer, currency=currency, at=at)
