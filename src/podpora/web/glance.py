"""A customer's licences at a glance: what he owns, until when there is support, which versions may run.

Used by the home page, the overview and the list of licences. Seven queries, however many licences there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from podpora.base.decisions import Decision
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.catalog.values import Tier
from podpora.entitlements.values import Rights
from podpora.journeys import rights as journey
from podpora.licensing import queries as licensing
from podpora.licensing.models import Licence
from podpora.licensing.values import KIND_NAMES, LicenceKind, LicenceState
from podpora.people import queries as people
from podpora.web.components.timeline import run_text


@dataclass(frozen=True, slots=True)
class Glance:
    """One licence with everything that is said about it at once."""

    licence: Licence
    title: str
    rights: Rights
    tier: Tier
    support: Decision
    run: Decision

    @property
    def through(self) -> date | None:
        return self.rights.support_through

    @property
    def versions(self) -> str:
        text = run_text(self.rights)
        return text[:1].upper() + text[1:]

    @property
    def kind_name(self) -> str:
        if self.rights.run.covers_all and self.licence.kind == LicenceKind.ONE_TIME:
            return str(_("with lifetime updates"))
        return str(KIND_NAMES[LicenceKind(self.licence.kind)])

    @property
    def is_unpaid(self) -> bool:
        """FREE or a trial: nothing is sold for it; PRO is bought instead."""
        return self.licence.kind in (LicenceKind.FREE, LicenceKind.TRIAL)

    @property
    def is_revoked(self) -> bool:
        return self.licence.state == LicenceState.REVOKED

    @property
    def has_ended(self) -> bool:
        """Was there support, and is it over?"""
        return not self.support.allowed and self.through is not None and not self.is_revoked

    @property
    def seats_text(self) -> str:
        total = self.licence.seats
        text = ngettext("%(used)d of %(total)d device", "%(used)d of %(total)d devices", total)
        return text % {"used": self.licence.seats_used, "total": total}


def licences_of(person: Any, *, at: datetime) -> list[Glance]:
    """The licences of everything that this person belongs to, the one with the latest support first."""
    mine = people.customers_with(person, "see")
    found = glances(licensing.all_licences().filter(customer__in=mine), at=at)
    return sorted(found, key=lambda g: (g.is_revoked, -(g.through or date.min).toordinal(), g.licence.pk))


def glances(licences: Iterable[Licence], *, at: datetime) -> list[Glance]:
    found = list(licences)
    if not found:
        return []
    answers = journey.answers_for(found, at=at)
    names = _names({licence.product_id: licence.product for licence in found}.values())
    return [
        Glance(row, _title(row, names), answer.rights, answer.tier, answer.support, answer.run)
        for row in found
        for answer in [answers[row.code]]
    ]


def best_tier(found: Iterable[Glance]) -> Tier | None:
    """The column of the plan matrix that is the reader's own: the best of his licences."""
    order = (Tier.FREE, Tier.TRIAL, Tier.PRO)
    tiers = [glance.tier for glance in found if not glance.is_revoked]
    return max(tiers, key=order.index, default=None)


def _names(products: Iterable[Product]) -> dict[str, str]:
    czech = (get_language() or "").startswith("cs")
    offers = [offer for product in products for offer in catalog.offers(product)]
    return {offer.code: offer.name_cs if czech else offer.name_en for offer in offers}


def _title(licence: Licence, names: dict[str, str]) -> str:
    """What its owner calls it, else what he bought: `Poštolka PRO for 3 devices`."""
    if licence.name:
        return licence.name
    return f"{licence.product.name} {names.get(licence.offer) or licence.edition.name}"
