"""What can be bought for a licence that one has: before and after side by side, or why not and what else."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from podpora.base.errors import NotYours
from podpora.catalog.values import OfferKind
from podpora.journeys.renewal import offer_of
from podpora.licensing import queries as licensing
from podpora.licensing.models import Licence
from podpora.orders.values import CartLine
from podpora.people.permissions import may
from podpora.web import glance
from podpora.web.access import signed_in
from podpora.web.public.shop import basket, quotes
from podpora.web.request import Request

HEADINGS = {
    OfferKind.RENEWAL: gettext_lazy("Renew VIP support"),
    OfferKind.UPGRADE: gettext_lazy("Upgrade to the current version"),
    OfferKind.LIFETIME: gettext_lazy("Lifetime updates"),
    OfferKind.EXTRA_DEVICE: gettext_lazy("Add devices"),
}
LEADS = {
    OfferKind.RENEWAL: gettext_lazy(
        "Renewed early, the years are added to the present end. Renewed later, they run from today, with no back-fee."
    ),
    OfferKind.UPGRADE: gettext_lazy(
        "The licence covers the current version and all older ones, for ever. A year of VIP support is included."
    ),
    OfferKind.LIFETIME: gettext_lazy(
        "The licence covers every future version. A year of VIP support is included; after it, support is paid by the year."
    ),
    OfferKind.EXTRA_DEVICE: gettext_lazy("More devices on the same key. The dates of the licence do not change."),
}
MOST_SHOWN = {OfferKind.RENEWAL: 3, OfferKind.EXTRA_DEVICE: 10_000}


@signed_in
@require_safe
def renew(request: Request, licence: str) -> HttpResponse:
    return _page(request, licence, OfferKind.RENEWAL)


@signed_in
@require_safe
def upgrade(request: Request, licence: str) -> HttpResponse:
    return _page(request, licence, OfferKind.UPGRADE)


@signed_in
@require_safe
def lifetime(request: Request, licence: str) -> HttpResponse:
    return _page(request, licence, OfferKind.LIFETIME)


@signed_in
@require_safe
def add_device(request: Request, licence: str) -> HttpResponse:
    return _page(request, licence, OfferKind.EXTRA_DEVICE)


def _page(request: Request, code: str, kind: OfferKind) -> HttpResponse:
    """The price with the dates that come of it; a refusal with its ways out comes before any payment."""
    found = licensing.licence_visible_to(request.user, code)
    if not may(request.user, "buy", found.customer):
        raise NotYours
    quantity = basket.quantity_of(request.GET.get("quantity", "1"), most=MOST_SHOWN.get(kind, 1)) or 1
    shown = quotes.quoted(request, [CartLine(offer_of(found, kind).code, quantity, found.code)])
    g = glance.glances([found], at=request.now)[0]
    facts: dict[str, Any] = {
        "g": g,
        "basket": shown,
        "outcome": shown.outcomes[0] if shown.outcomes else None,
        "heading": HEADINGS[kind],
        "lead": LEADS[kind],
        "kind": kind.value,
        "quantity": quantity,
        "years": [1, 2, 3],
        "crumbs": _crumbs(g, found),
    }
    return TemplateResponse(request, "shop/owned.html", facts)


def _crumbs(g: glance.Glance, found: Licence) -> list[tuple[str, str]]:
    return [(_("Licences"), reverse("portal:licences")), (g.title, reverse("portal:licence", args=[found.code]))]
