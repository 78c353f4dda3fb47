"""Many licences at once: renewed, brought to one date, upgraded, given more devices; dates and prices first (VIP-13, ORG-1, ORG-3..5).

Each licence keeps its own dates: a line that can't be sold is left out with its reason and the way out, and the rest goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from podpora.base.decisions import Decision, refuse
from podpora.catalog import queries as catalog
from podpora.catalog.models import Offer
from podpora.catalog.values import OfferKind
from podpora.journeys.quoting import look_up, quote_of
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceKind, LicenceState
from podpora.orders.values import MANY_LINES, MAX_YEARS, CartLine, Quote, QuoteLine
from podpora.people.models import Customer


class What(StrEnum):
    """What is bought for each of them."""

    RENEW = "renew"
    ALIGN = "align"
    UPGRADE = "upgrade"
    LIFETIME = "lifetime"
    DEVICES = "devices"


OFFERED = {
    What.RENEW: OfferKind.RENEWAL, What.ALIGN: OfferKind.RENEWAL, What.UPGRADE: OfferKind.UPGRADE,
    What.LIFETIME: OfferKind.LIFETIME, What.DEVICES: OfferKind.EXTRA_DEVICE,
}  # fmt: skip
EXTENDABLE = (LicenceKind.ONE_TIME, LicenceKind.SUBSCRIPTION)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for all; `upgrades`: licences that are upgraded instead, because their version has ended (EOL-3). `seats`: of
    licences that are renewed for fewer devices (ORG-5)."""

    what: What
    number: int = 1  # years, or devices
    align_to: date | None = None  # None: to the latest end among them
    upgrades: frozenset[str] = frozenset()
    seats: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One licence: its line as it was quoted, or why there is none."""

    licence: Licence
    what: What
    line: QuoteLine | None
    decision: Decision

    @property
    def is_sold(self) -> bool:
        return self.line is not None and self.decision.allowed

    @property
    def may_upgrade(self) -> bool:
        """Is the upgrade the way out? (EOL-3)"""
        return any(reason.code == "version.end_of_life" for reason in self.decision.reasons if reason.blocks)


@dataclass(frozen=True, slots=True)
class Batch:
    """All rows, the lines that can be ordered, and their quote (None: there are none)."""

    rows: tuple[Row, ...] = ()
    lines: tuple[CartLine, ...] = ()
    quote: Quote | None = None
    align_to: date | None = None
    left_out: int = field(default=0)


def extendable(licences: Sequence[Licence]) -> list[Licence]:
    """Those that something can be bought for, as many as fit into one order."""
    return [row for row in licences if row.kind in EXTENDABLE and row.state != LicenceState.REVOKED][:MANY_LINES]


def offered(licences: Sequence[Licence], wish: Wish, *, customer: Customer, currency: str, at: datetime) -> Batch:
    """The batch of these licences of one customer. Writes nothing; eleven statements, however many licences there are."""
    if not licences:
        return Batch()
    products = {row.product_id: row.product for row in licences}
    offers = {pk: {offer.kind: offer for offer in reversed(catalog.offers_on_sale(product))} for pk, product in products.items()}
    align_to = wish.align_to
    if wish.what is What.ALIGN and align_to is None:
        align_to = _latest(licences, offers, customer=customer, currency=currency, at=at)
    asked = {row.code: _line(row, wish, offers[row.product_id], align_to) for row in licences}
    rows = _judged(licences, wish, asked, customer=customer, currency=currency, at=at)
    lines = tuple(line for row in rows if row.is_sold and (line := asked[row.licence.code]))
    if not lines:
        return Batch(rows, align_to=align_to, left_out=len(rows))
    quote = quote_of(look_up(lines, currency, most=MANY_LINES, at=at), customer=customer, at=at)
    return Batch(rows, lines, quote, align_to, left_out=len(rows) - len(lines))


def _line(licence: Licence, wish: Wish, offers: Mapping[str, Offer], align_to: date | None) -> CartLine | None:
    what = What.UPGRADE if licence.code in wish.upgrades else wish.what
    offer = offers.get(OFFERED[what])
    if offer is None or (what is What.ALIGN and align_to is None):
        return None
    number = min(wish.number, MAX_YEARS) if what is What.RENEW else wish.number if what is What.DEVICES else 1
    fewer = wish.seats.get(licence.code, licence.seats) if what is What.RENEW else licence.seats
    seats = fewer if fewer < licence.seats else None
    return CartLine(offer.code, number, licence.code, align_to if what is What.ALIGN else None, seats)


def _judged(
    licences: Sequence[Licence],
    wish: Wish,
    asked: Mapping[str, CartLine | None],
    *,
    customer: Customer,
    currency: str,
    at: datetime,
) -> tuple[Row, ...]:
    lines = [line for line in asked.values() if line is not None]
    known: dict[str, QuoteLine] = {}
    if lines:
        quote = quote_of(look_up(lines, currency, most=MANY_LINES, at=at), customer=customer, at=at)
        known = {line.licence: line for line in quote.lines}
    none = refuse("offer.not_sold", offer=wish.what.value)
    return tuple(
        Row(row, What.UPGRADE if row.code in wish.upgrades else wish.what, line, line.decision if line else none)
        for row in licences
        for line in [known.get(row.code)]
    )


def _latest(
    licences: Sequence[Licence], offers: Mapping[int, Mapping[str, Offer]], *, customer: Customer, currency: str, at: datetime
) -> date | None:
    """The latest end of support among them: the date that all can have without anybody losing a day."""
    lines = [CartLine(offer.code, 1, row.code) for row in licences if (offer := offers[row.product_id].get(OfferKind.RENEWAL))]
    if not lines:
        return None
    quote = quote_of(look_up(lines, currency, most=MANY_LINES, at=at), customer=customer, at=at)
    ends = [line.before.support_through for line in quote.lines if line.before and line.before.support_through]
    return max(ends, default=None)
