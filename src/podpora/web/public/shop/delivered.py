"""What an order brought, and how it can be paid: for its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import written_money
from podpora.licensing import queries as licensing
from podpora.orders import queries
from podpora.orders.models import Order
from podpora.orders.values import OrderState, provider
from podpora.web import glance
from podpora.web.glance import Glance

NAMES = {
    "account": _("Account"),
    "iban": _("IBAN"),
    "bic": _("BIC"),
    "holder": _("Account holder"),
    "amount": _("Amount"),
    "variable_symbol": _("Variable symbol"),
    "message": _("Message"),
    "due_on": _("Pay until"),
}
TRANSFER = "transfer"
SHOWN = (OrderState.PAID, OrderState.PART_REFUNDED)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A licence that this order made or extended; its key only if the order made it."""

    g: Glance
    key: str
    is_new: bool


def licences(order: Order, *, at: datetime) -> list[Delivered]:
    """The licences of a paid order, each once. The link of the order is the permission: it went to the buyer alone."""
    if order.state not in SHOWN:
        return []
    made = {line.licence_code: not line.target_licence for line in queries.lines_of(order)}
    rows = licensing.licences_of(order.customer).filter(code__in=made)
    return [
        Delivered(g, licensing.key_of(g.licence) if made[g.licence.code] and not g.is_revoked else "", made[g.licence.code])
        for g in glance.glances(rows, at=at)
    ]


@dataclass(frozen=True, slots=True)
class Instructions:
    """How to pay by oneself: facts to type, and the same as a picture to scan."""

    facts: Mapping[str, str]
    code: str
    picture: SafeString

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What to type, with names; codes for machines are left out."""
        return [(str(NAMES[name]), value) for name, value in self.facts.items() if name in NAMES and value]


def instructions(order: Order, *, at: datetime) -> Instructions | None:
    """What a bank transfer needs; None for ways to pay that lead elsewhere. Asking a transfer for its facts begins nothing."""
    chosen = provider(TRANSFER) if order.provider == TRANSFER and order.is_waiting else None
    if chosen is None:
        return None
    bill = queries.bill_of(order)
    facts = dict(chosen.start(bill, return_url="", key=f"order:{order.code}", at=at).instructions) | {
        "amount": written_money(bill.amount)
    }
    code = facts.get("spayd") or facts.get("epc") or ""
    if facts.get("due_on"):
        facts["due_on"] = date_format(date.fromisoformat(facts["due_on"]), "DATE_FORMAT")
    return Instructions(facts, code, _picture(code) if code else mark_safe(""))


def _picture(text: str) -> SafeString:
    """A QR code as SVG, without styles."""
    import segno  # seldom needed, so not in every process

    drawn = segno.make(text, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=4, border=2, svgclass=None, lineclass=None, omitsize=False))  # noqa: S308
