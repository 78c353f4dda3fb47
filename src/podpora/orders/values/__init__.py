"""The words of this room: states of an order, kinds of money event, what a rule reads and answers, refusals, providers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from podpora.base.codes import public_code
from podpora.base.decisions import Decision, Reason
from podpora.base.money import Money
from podpora.base.reasons import declare
from podpora.catalog.values import OfferKind
from podpora.entitlements.values import EntryKind, Rights, RunRight
from podpora.notifications.values import declare_kind
from podpora.orders.values import reasons as reasons
from podpora.orders.values.providers import (
    Bill as Bill,
)
from podpora.orders.values.providers import (
    Fetched as Fetched,
)
from podpora.orders.values.providers import (
    PaymentProvider as PaymentProvider,
)
from podpora.orders.values.providers import (
    PaymentState as PaymentState,
)
from podpora.orders.values.providers import (
    Started as Started,
)
from podpora.orders.values.providers import (
    provider as provider,
)
from podpora.orders.values.providers import (
    provider_name as provider_name,
)
from podpora.orders.values.providers import (
    providers as providers,
)
from podpora.orders.values.providers import (
    register_provider as register_provider,
)

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 12, 31)  # of an order or payment: beyond it is a slip of the pen
MAX_LINES = 50
MANY_LINES = 500  # where many licences of one customer are extended at once
MAX_QUANTITY = 10_000
MAX_YEARS = 100  # of support in one line; the policy's `max_ahead_years` is tighter, this keeps dates in the calendar


class OrderState(StrEnum):
    """Derived from the money history; the column is kept for lists only."""

    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"  # a chargeback is open
    CHARGED_BACK = "charged_back"  # a chargeback was lost
    CANCELLED = "cancelled"


STATE_NAMES = {
    OrderState.AWAITING_PAYMENT: _("Waiting for payment"),
    OrderState.PAID: _("Paid"),
    OrderState.PART_REFUNDED: _("Partly refunded"),
    OrderState.REFUNDED: _("Refunded"),
    OrderState.DISPUTED: _("Payment disputed"),
    OrderState.CHARGED_BACK: _("Charged back"),
    OrderState.CANCELLED: _("Cancelled"),
}


class MoneyKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    CHARGEBACK_OPENED = "chargeback_opened"
    CHARGEBACK_WON = "chargeback_won"
    CHARGEBACK_LOST = "chargeback_lost"

    @property
    def is_chargeback(self) -> bool:
        return self in (MoneyKind.CHARGEBACK_OPENED, MoneyKind.CHARGEBACK_WON, MoneyKind.CHARGEBACK_LOST)


MONEY_NAMES = {
    MoneyKind.PAYMENT: _("Payment"),
    MoneyKind.REFUND: _("Refund"),
    MoneyKind.CHARGEBACK_OPENED: _("Chargeback opened"),
    MoneyKind.CHARGEBACK_WON: _("Chargeback won"),
    MoneyKind.CHARGEBACK_LOST: _("Chargeback lost"),
}


class InvoiceKind(StrEnum):
    PROFORMA = "proforma"
    TAX = "tax"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class CartLine:
    """What somebody wants to buy: an offer, how much of it, and for which licence (if the offer needs one).

    `align_to`: a renewal not by years but to this day (ORG-3), for its share of a year's price. `seats`: a renewal for no more than
    this many devices (ORG-5).
    """

    offer: str
    quantity: int
    licence: str = ""
    align_to: date | None = None
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a renewal does besides adding years: days instead of years (ORG-3), fewer devices from a day on (ORG-5)."""

    align_to: date | None = None
    days: int = 0
    seats_less: int = 0
    less_from: date | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of an order as the rules read it. `licence`: the licence that it creates or extends."""

    position: int
    kind: OfferKind
    quantity: int
    devices: int
    support_years: int
    licence: str
    extends: bool  # the licence was there before (a target), the line does not create it
    stacks: bool  # VIP-6 as it was set when this was ordered
    update_years: int = 0  # years of updates in one unit, where coverage is by date
    change: Change = Change()


@dataclass(frozen=True, slots=True)
class OrderFacts:
    code: str
    placed_at: datetime
    placed_on: date
    total: Decimal
    lines: tuple[LineFacts, ...]
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """One thing that happened with an order's money. `lines`: (position, units or None for all); none at all: the whole order."""

    kind: MoneyKind
    external_id: str
    at: datetime
    on: date
    amount: Decimal | None = None
    lines: tuple[tuple[int, int | None], ...] = ()
    keeps_rights: bool = False  # money given back without taking anything (goodwill, an overpayment)


@dataclass(frozen=True, slots=True)
class Notice:
    """What comes with money: the other side's name for it, when it happened, through whom, and staff's words."""

    external_id: str
    happened_at: datetime
    provider: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Strike:
    """What a money event does to one line. `at` None: parked until the order is paid (C05)."""

    position: int
    kind: EntryKind
    cause: str
    at: datetime | None
    on: date | None
    units: int | None = None  # None: all that are left


@dataclass(frozen=True, slots=True)
class History:
    """An order's money, read in date order."""

    captured_at: datetime | None
    captured_on: date | None
    paid: Decimal
    overpaid: Decimal
    missing: Decimal
    strikes: tuple[Strike, ...] = ()
    units_left: Mapping[int, int] = field(default_factory=dict)
    disputed_at: datetime | None = None
    lost_at: datetime | None = None
    last_at: datetime | None = None  # when the last known thing happened


@dataclass(frozen=True, slots=True)
class LineAmounts:
    net: Money
    vat: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document adds up to, and its lines, which add up to the same."""

    net: Money
    vat: Money
    gross: Money
    vat_rate: Decimal
    reverse_charge: bool
    lines: tuple[LineAmounts, ...]


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as it is placed: copies of what was offered, and what it costs."""

    offer_code: str
    kind: OfferKind
    names: tuple[str, str]  # cs, en
    quantity: int
    devices: int
    support_years: int
    stacks: bool
    target_licence: str
    licence_code: str
    unit_price: Money
    amounts: LineAmounts
    update_years: int = 0
    change: Change = Change()


@dataclass(frozen=True, slots=True)
class Reserved:
    """Codes that an order of an export had, for itself and for the licence of each line; empty ones are made anew."""

    code: str = ""
    licences: tuple[str, ...] = ()

    def licence(self, position: int) -> str:
        """Of the line at this position, counted from 0."""
        return self.licences[position] if position < len(self.licences) else ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an order comes from and what goes with it. Empty: our own shop, with nothing special."""

    external_id: str = ""
    content_hash: str = ""
    language: str = ""
    consent: Mapping[str, Any] = field(default_factory=dict)
    writes_invoice: bool | None = None  # None: when the money is recent
    reserved: Reserved = Reserved()


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order before it is written."""

    placed_at: datetime
    placed_on: date
    expires_on: date
    totals: Totals
    lines: tuple[NewLine, ...]
    origin: Origin = Origin()
    warnings: tuple[Reason, ...] = ()
    for_email: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What comes with a cart when it is ordered.

    `acknowledged`: the buyer confirmed the warnings (None: nobody was asked, as in the API). `expected`: the total that he saw;
    another one is refused (C25). `placed_at`: when it was ordered, if not now (import from another shop). `for_email`: the new licences
    are bought for whoever has this address (ORG-6).
    """

    most_lines: int = MAX_LINES
    acknowledged: bool | None = None
    expected: Money | None = None
    placed_at: datetime | None = None
    origin: Origin = Origin()
    for_email: str = ""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line before anything is written: its price, the rights before and after payment, and whether it may be sold."""

    position: int
    offer: Any  # catalog.models.Offer
    quantity: int
    licence: str  # the target; empty for a new licence
    unit_price: Money
    amounts: LineAmounts
    before: Rights | None
    after: Rights
    decision: Decision
    change: Change = Change()

    @property
    def total(self) -> Money:
        return self.amounts.gross


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer to "what would it cost and what would come of it?" (VIP-13)."""

    lines: tuple[QuoteLine, ...]
    totals: Totals
    decision: Decision
    currency: str

    @property
    def total(self) -> Money:
        return self.totals.gross

    @property
    def to_acknowledge(self) -> tuple[str, ...]:
        """EOL-2, EOL-6: the warnings that a buyer in the shop has to confirm."""
        return tuple(r.code for r in self.decision.warnings if r.code in MUST_BE_ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one line gave, as a mail or a page tells it."""

    name_cs: str
    name_en: str
    licence: str
    key: str = ""
    support_through: date | None = None
    run: RunRight | None = None


NEW_ONLY = declare(
    "order.new_licences_only",
    _("Only new licences can be bought for somebody else. Renew or upgrade a licence in an order of its own."),
)
FOR_ONESELF = declare("order.for_oneself", _("This is the buyer's own address. Leave it out to buy for yourself."))
MUST_BE_ACKNOWLEDGED = ("version.end_of_life_today", "version.end_of_life_soon")


def order_code() -> str:
    return public_code("A")


# --- What people are told ------------------------------------------------------------------------------------------------------

PLACED = declare_kind("order.placed", label=_("An order waits for your payment"), can_mute=False)
UNDERPAID = declare_kind("order.underpaid", label=_("A payment was too small"), can_mute=False)
PAID = declare_kind("order.paid", label=_("An order is paid: licences and invoice"), can_mute=False)
REFUNDED = declare_kind("order.refunded", label=_("A payment was refunded"), can_mute=False)
DISPUTED = declare_kind("order.disputed", label=_("A payment is disputed"), can_mute=False)
RESTORED = declare_kind("order.restored", label=_("A dispute is over"), can_mute=False)
CHARGED_BACK = declare_kind("order.charged_back", label=_("A payment was taken back"), can_mute=False)
DISPUTE_SEEN = declare_kind("order.dispute_seen", label=_("A customer's bank disputes a payment"), staff=True)
