"""What ends, and when: support, subscriptions, versions that devices run, orders that wait for money. For a page, a calendar, the API.

One list of dates over four rooms; nothing is decided here, and nothing of a licence that was taken back is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from podpora.base.clock import vendor_date
from podpora.catalog import queries as catalog
from podpora.entitlements.models import Standing
from podpora.licensing.models import Device, Licence
from podpora.licensing.values import LicenceState
from podpora.orders.models import Order
from podpora.orders.values import OrderState
from podpora.people import queries as people
from podpora.people.models import Customer, Person

BACK, AHEAD = timedelta(days=62), timedelta(days=3 * 366)
MOST = 2000


@dataclass(frozen=True, slots=True)
class Date:
    """One day on which something ends. `kind`: support, subscription, version, order."""

    kind: str
    on: date
    title: str
    text: str
    code: str  # of the licence, the order, or the version
    customer: str

    @property
    def uid(self) -> str:
        return f"{self.kind}-{self.code}"


def dates_of(person: Person, *, at: datetime, customer: str = "") -> list[Date]:
    """The dates of everything that this person may see, soonest first. Orders only for those who may see them."""
    today = vendor_date(at, settings.VENDOR_ZONE)
    first, last = today - BACK, today + AHEAD
    seen, paying = people.customers_with(person, "see"), people.customers_with(person, "invoices")
    if customer:
        seen, paying = seen.filter(code=customer), paying.filter(code=customer)
    licences = list(
        Licence.objects.filter(customer__in=seen)
        .exclude(state=LicenceState.REVOKED)
        .select_related("customer", "product")
        .order_by("pk")[:MOST]
    )
    found = [*_licence_dates(licences), *_versions(licences, list(seen)), *_orders(paying, at)]
    return sorted((one for one in found if first <= one.on <= last), key=lambda one: (one.on, one.kind, one.code))


def _called(licence: Licence) -> str:
    return licence.name or f"{licence.product.name} {licence.code}"


def _licence_dates(licences: Iterable[Licence]) -> Iterator[Date]:
    by_code = {licence.code: licence for licence in licences}
    rows = Standing.objects.filter(licence__in=list(by_code)).values_list("licence", "support_through", "run_until")
    for code, through, until in rows:
        licence = by_code[code]
        name, owner = _called(licence), licence.customer.name if licence.customer else ""
        if until:
            text = _("The licence runs until this day. Renew it before.")
            yield Date("subscription", until, _("{licence} ends").format(licence=name), text, code, owner)
        if through and through != until:
            text = _("The last day of VIP support. The licence itself is not affected.")
            yield Date("support", through, _("Support of {licence} ends").format(licence=name), text, code, owner)


def _versions(licences: Iterable[Licence], customers: Iterable[Customer]) -> Iterator[Date]:
    """The end of life of versions that the customers' devices run."""
    products = {licence.product_id: licence.product for licence in licences}
    ending = {(pk, version.major): version for pk in products for version in catalog.version_facts(pk) if version.support_ends_on}
    if not ending:
        return
    rows = Device.objects.filter(licence__customer__in=[c.pk for c in customers], holds_seat=True, is_former=False)
    counted = rows.values_list("licence__product", "app_version").annotate(count=Count("pk")).order_by()
    running: dict[tuple[int, int], int] = {}
    for product, version, count in counted:
        major = version.split(".")[0]
        if major.isascii() and major.isdigit() and (key := (product, int(major[:4]))) in ending:
            running[key] = running.get(key, 0) + count
    for (product, major), count in running.items():
        on = ending[product, major].support_ends_on
        assert on is not None
        text = ngettext("%(count)d device runs it.", "%(count)d devices run it.", count) % {"count": count}
        title = _("Support for {product} {major} ends").format(product=products[product].name, major=major)
        yield Date("version", on, title, text, f"{products[product].code}-{major}", "")


def _orders(customers: Any, at: datetime) -> Iterator[Date]:
    waiting = Order.objects.filter(customer__in=customers, state=OrderState.AWAITING_PAYMENT, cancelled_at__isnull=True)
    for order in waiting.select_related("customer").order_by("pk")[:MOST]:
        if order.expires_on is not None:
            title = _("Order {order} waits for its payment").format(order=order.code)
            text = _("The last day on which the payment is waited for.")
            yield Date("order", order.expires_on, title, text, order.code, order.customer.name)
