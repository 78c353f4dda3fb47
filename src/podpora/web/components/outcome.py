"""What comes of a purchase: the dates that stand beside every price (UI rule 2, VIP-13)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from podpora.base.decisions import Decision, Reason
from podpora.base.money import Money
from podpora.catalog.values import OfferKind
from podpora.entitlements.values import Rights
from podpora.orders.values import QuoteLine
from podpora.web.components.timeline import run_text

COUNTED = (OfferKind.RENEWAL, OfferKind.EXTRA_DEVICE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of a quote as a page shows it: name, price, and the rights before and after."""

    offer: Any  # catalog.models.Offer
    quantity: int
    licence: str
    unit: Money
    total: Money
    before: Rights | None
    after: Rights
    decision: Decision

    @property
    def name(self) -> str:
        return offer_name(self.offer)

    @property
    def summary(self) -> str:
        return str(self.offer.summary_cs if _czech() else self.offer.summary_en)

    @property
    def is_counted(self) -> bool:
        """May more than one be bought at once?"""
        return self.offer.per_device or self.offer.kind in COUNTED

    @property
    def support(self) -> date | None:
        return self.after.support_through

    @property
    def support_before(self) -> date | None:
        """The end of support until now, if the purchase moves it."""
        through = self.before.support_through if self.before else None
        return through if through != self.support else None

    @property
    def versions(self) -> str:
        text = run_text(self.after)
        return text[:1].upper() + text[1:]

    @property
    def versions_before(self) -> str:
        text = run_text(self.before) if self.before else ""
        return text if text and text != run_text(self.after) else ""

    @property
    def seats(self) -> int:
        return self.after.seats

    @property
    def seats_before(self) -> int | None:
        return self.before.seats if self.before and self.before.seats != self.after.seats else None

    @property
    def warnings(self) -> tuple[Reason, ...]:
        return self.decision.warnings


def outcome_of(line: QuoteLine) -> Outcome:
    return Outcome(line.offer, line.quantity, line.licence, line.unit_price, line.total, line.before, line.after, line.decision)


def offer_name(offer: Any) -> str:
    return str(offer.name_cs if _czech() else offer.name_en)


def _czech() -> bool:
    return (get_language() or "").startswith("cs")
