"""What it would cost to go on with a licence: each price with the date that comes of it (UI rule 2)."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from podpora.base.decisions import Refused
from podpora.base.errors import NotYours
from podpora.catalog.values import OfferKind
from podpora.journeys.renewal import offer_of
from podpora.licensing.models import Licence
from podpora.orders.values import CartLine
from podpora.people.permissions import may
from podpora.web.components.outcome import Outcome
from podpora.web.public.shop import quotes
from podpora.web.request import Request

OFFERED = (
    (OfferKind.RENEWAL, "shop:renew", _("Renew support for a year")),
    (OfferKind.UPGRADE, "shop:upgrade", _("Upgrade to the current version")),
    (OfferKind.LIFETIME, "shop:lifetime", _("Lifetime updates")),
)


@dataclass(frozen=True, slots=True)
class NextStep:
    label: Any
    url: str
    outcome: Outcome


def going_on(request: Request, licence: Licence) -> list[NextStep]:
    """What may be bought for this licence now, with prices and dates. What may not is left to its own page, which says why."""
    if not may(request.user, "buy", licence.customer):
        return []
    steps = []
    for kind, name, label in OFFERED:
        try:
            shown = quotes.quoted(request, [CartLine(offer_of(licence, kind).code, 1, licence.code)])
        except (Refused, NotYours):
            continue
        if shown.outcomes and shown.decision.allowed:
            steps.append(NextStep(label, reverse(name, args=[licence.code]), shown.outcomes[0]))
    return steps
