"""A shop with everything on sale, and orders, made through the actions and journeys that the product uses."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from podpora.base.actors import system
from podpora.base.money import Money
from podpora.catalog import actions as catalog
from podpora.catalog.actions import OfferFacts, OfferTexts
from podpora.catalog.models import Product
from podpora.catalog.values import Channel, Level, OfferKind, Tier
from podpora.journeys import purchase
from podpora.orders.models import Order
from podpora.orders.values import CartLine, Notice
from podpora.people.models import Customer
from tests.make import people

BY = system("tests")
OPENED = datetime(2019, 1, 1, 8, 0, tzinfo=UTC)
_number = count(1)

# major: (released, last day of support)
VERSIONS: Mapping[int, tuple[date | None, date | None]] = {
    8: (date(2020, 3, 1), date(2026, 6, 30)),
    9: (date(2023, 5, 1), date(2027, 12, 31)),
    10: (date(2025, 10, 1), None),
    11: (date(2027, 10, 1), None),
    12: (None, None),
}
KINDS = {
    "pro-private-1": (OfferKind.LICENCE, "pro", 1, False, 1, None),
    "pro-private-3": (OfferKind.LICENCE, "pro", 3, False, 1, None),
    "pro-company": (OfferKind.LICENCE, "pro", 1, True, 1, True),
    "pro-subscription": (OfferKind.SUBSCRIPTION, "pro", 1, False, 1, None),
    "upgrade": (OfferKind.UPGRADE, "", 0, False, 1, None),
    "lifetime-updates": (OfferKind.LIFETIME, "", 0, False, 1, None),
    "vip-renewal": (OfferKind.RENEWAL, "", 0, False, 1, None),
    "extra-device": (OfferKind.EXTRA_DEVICE, "", 1, False, 0, None),
}
PRICES = {
    ("pro-private-1", ""): 1290, ("pro-private-3", ""): 1990, ("pro-company", ""): 1490, ("pro-subscription", ""): 590,
    ("upgrade", ""): 690, ("upgrade", "pro-company"): 790, ("lifetime-updates", ""): 2490, ("vip-renewal", ""): 590,
    ("vip-renewal", "pro-company"): 390, ("extra-device", ""): 490,
}  # fmt: skip


def shop(versions: Mapping[int, tuple[date | None, date | None]] = VERSIONS, **policy: object) -> Product:
    """The sample vendor: four generations of a program, all eight offers, prices in CZK and EUR, PRO with support in the centre."""
    product = catalog.create_product("postak", "Pošťák", by=BY, at=OPENED)
    catalog.create_edition(product, "pro", "PRO", features={}, by=BY, at=OPENED)
    for major, (released, ends) in versions.items():
        catalog.set_version(product, major, released_on=released, support_ends_on=ends, by=BY, at=OPENED)
    for position, (code, (kind, edition, devices, per_device, years, for_company)) in enumerate(KINDS.items()):
        texts = OfferTexts(f"{code} česky", f"{code} in English")
        facts = OfferFacts(
            kind, texts, edition, for_company=for_company, devices=devices, per_device=per_device, support_years=years
        )
        catalog.create_offer(product, code, facts, position=position, by=BY, at=OPENED)
    catalog.set_price_list("CZK", date(2019, 1, 1), {k: Decimal(v) for k, v in PRICES.items()}, by=BY, at=OPENED)
    catalog.set_price_list("EUR", date(2019, 1, 1), {k: Decimal(v) / 25 for k, v in PRICES.items()}, by=BY, at=OPENED)
    catalog.set_plan(product, Tier.PRO, Channel.CENTRE, catalog.PlanPromise(Level.WITH_SUPPORT), by=BY, at=OPENED)
    if policy:
        catalog.set_policy(product, policy, by=BY, at=OPENED)
    return product


def at(text: str) -> datetime:
    """`2026-03-10` -> noon of that day in UTC; or an ISO instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if "T" in text else datetime.fromisoformat(f"{text}T12:00+00:00")


def order(offer: str = "pro-private-3", quantity: int = 1, licence: str = "", *, of: Customer | None = None, on: str) -> Order:
    """An order that waits for its money."""
    customer = of or people.customer()
    return purchase.place([CartLine(offer, quantity, licence)], customer=customer, currency="CZK", by=BY, at=at(on))


def pay(placed: Order, on: str, amount: Money | None = None) -> Order:
    notice = Notice(f"payment-{next(_number)}", at(on))
    return purchase.record_payment(placed, amount or placed.total_money, notice, by=BY, at=at(on))


def bought(offer: str = "pro-private-3", quantity: int = 1, licence: str = "", *, of: Customer | None = None, on: str) -> Order:
    """Ordered and paid on one day."""
    return pay(order(offer, quantity, licence, of=of, on=on), on)


def licence_of(placed: Order, position: int = 1) -> str:
    return str(placed.lines.get(position=position).licence_code)
