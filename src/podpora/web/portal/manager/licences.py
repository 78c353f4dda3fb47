"""The list of licences: cards for a private customer, a table with filters for a company (ORG-7)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision
from podpora.catalog import queries as catalog
from podpora.journeys import manager as journey
from podpora.journeys.manager import LicenceWish, ListedLicence
from podpora.licensing.values import KIND_NAMES
from podpora.people import queries as people
from podpora.people.models import Customer
from podpora.web import glance
from podpora.web.access import signed_in
from podpora.web.components.badges import badge
from podpora.web.components.times import day
from podpora.web.portal.manager import frame
from podpora.web.request import Request
from podpora.web.spreadsheets import download

STATE_NAMES = {
    "": _("Licences"),
    "active": _("With support"),
    "soon": _("Support ends soon"),
    "ended": _("Support ended"),
    "full": _("All seats taken"),
    "suspended": _("Suspended"),
    "revoked": _("Taken back"),
}
COLUMNS = ("name", "support", "devices", "issued")
HEADER = (
    _("Licence"), _("Name"), _("What"), _("Owner"), _("Kind"), _("State"), _("Devices used"), _("Devices"), _("Support until"),
    _("Issued"), _("Key ends with"),
)  # fmt: skip


@signed_in
@require_GET
def licences(request: Request) -> HttpResponse:
    customers = list(people.customers_with(request.user, "see"))
    needed = _needed(customers, at=request.now)
    return _cards(request, needed) if needed is None or not needed.allowed else _table(request, customers)


def _needed(customers: list[Customer], *, at: datetime) -> Decision | None:
    """Allowed when one of these customers has the whole License Manager; companies are asked first."""
    decision = None
    for customer in sorted(customers, key=lambda each: not each.is_company):
        decision = journey.may_use(customer, at=at)
        if decision.allowed:
            break
    return decision


def _cards(request: Request, needed: Decision | None) -> HttpResponse:
    """My licences: the simple face, and the sentence about what companies have besides."""
    context = {"glances": glance.licences_of(request.user, at=request.now), "needed": needed}
    return TemplateResponse(request, "portal/licences.html", context)


def _table(request: Request, customers: list[Customer]) -> HttpResponse:
    wish = frame.wish_of(request, LicenceWish)
    rows = journey.mine(people.customers_with(request.user, "see"))
    page = journey.licence_page(journey.narrowed(rows, wish, at=request.now), wish)
    counts = journey.licence_counts(rows, at=request.now)
    context = {
        "wish": wish,
        "rows": _drawn(request, page.licences, several=len(customers) > 1),
        "tabs": _tabs(wish, counts),
        "count": counts["kept"],
        "is_narrowed": bool(wish.filters()),
        "sorts": frame.sorts(wish, COLUMNS),
        "next": frame.address(wish, after=page.next) if page.next else "",
        "first": frame.address(wish) if wish.after else "",
        "query": frame.address(wish),
        "customers": customers if len(customers) > 1 else [],
        "may_buy": True,
    }
    name = "portal/manager/licences.html#list" if request.htmx and not request.htmx.boosted else "portal/manager/licences.html"
    return TemplateResponse(request, name, context)


def _drawn(request: Request, licences: Any, *, several: bool) -> list[dict[str, Any]]:
    names, today = offer_names(), vendor_date(request.now, settings.VENDOR_ZONE)
    here = reverse("portal:licences")  # once: `reverse` for each row costs more than the row
    return [
        {
            "code": row.code,
            "url": f"{here}{row.code}/",
            "title": title_of(row, names),
            "owner": row.customer_name if several else "",
            "support": support_badge(row, today),
            "through": day(row.through),
            "used": row.seats_used,
            "seats": row.seats,
            "seats_text": ngettext("%(used)d of %(total)d device", "%(used)d of %(total)d devices", row.seats)
            % {"used": row.seats_used, "total": row.seats},
            "issued": day(vendor_date(row.issued_at, settings.VENDOR_ZONE)),
            "key": row.key_hint,
        }
        for row in licences
    ]


def offer_names() -> dict[str, str]:
    czech = (get_language() or "").startswith("cs")
    rows = catalog.all_offers().values_list("code", "name_cs" if czech else "name_en")
    return dict(rows)


def title_of(row: ListedLicence, names: dict[str, str]) -> str:
    return row.name or f"{row.product} {names.get(row.offer) or row.edition}"


def support_badge(row: ListedLicence, today: Any) -> Any:
    if row.state == "revoked":
        return badge(str(_("taken back")), "bad")
    if row.state == "suspended":
        return badge(str(_("suspended")), "bad")
    if row.through is None:
        return badge(str(_("without VIP support")))
    return badge(str(_("VIP support")), "good") if row.through >= today else badge(str(_("VIP support ended")), "warn")


def _tabs(wish: LicenceWish, counts: dict[str, int]) -> list[tuple[Any, str, int, bool]]:
    shown = [state for state in STATE_NAMES if state in ("", wish.state) or counts[state]]
    return [
        (STATE_NAMES[state], frame.address(wish, state=state), counts["kept" if state == "" else state], state == wish.state)
        for state in shown
    ]


@signed_in
@require_GET
def licences_csv(request: Request) -> HttpResponseBase:
    """What the list shows, all pages of it. Keys are not in it, only their ends."""
    wish = frame.wish_of(request, LicenceWish)
    rows = journey.narrowed(journey.mine(people.customers_with(request.user, "see")), wish, at=request.now).order_by("pk")
    lines = (ListedLicence(*line) for line in rows.values_list(*journey.FIELDS).iterator(chunk_size=500))
    kinds = {kind.value: str(name) for kind, name in KIND_NAMES.items()}
    return download("licences", HEADER, _cells(lines, offer_names(), kinds))


def _cells(licences: Iterator[ListedLicence], names: dict[str, str], kinds: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for row in licences:
        yield (
            row.code, row.name, f"{row.product} {names.get(row.offer) or row.edition}", row.customer_name, kinds[row.kind], row.state,
            row.seats_used, row.seats, row.through, vendor_date(row.issued_at, settings.VENDOR_ZONE), row.key_hint,
        )  # fmt: skip
