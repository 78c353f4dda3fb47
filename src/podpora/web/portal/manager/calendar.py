"""What ends, and when: by month, and as a calendar to subscribe to."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.reasons import message
from podpora.journeys import expiries
from podpora.people import actions, queries
from podpora.web.access import public, signed_in
from podpora.web.calendars import Event, feed
from podpora.web.request import Request

KINDS = {
    "support": (gettext_lazy("support"), "good"),
    "subscription": (gettext_lazy("subscription"), "accent"),
    "version": (gettext_lazy("version"), "warn"),
    "order": (gettext_lazy("payment"), "bad"),
}


def url_of(one: expiries.Date) -> str:
    """Where the reader does something about it."""
    match one.kind:
        case "order":
            return reverse("portal:order", args=[one.code])
        case "version":
            return reverse("public:versions")
    return reverse("portal:licence", args=[one.code])


@signed_in
@require_GET
@never_cache
def calendar(request: Request) -> HttpResponse:
    today = vendor_date(request.now, settings.VENDOR_ZONE)
    dates = expiries.dates_of(request.user, at=request.now, customer=request.GET.get("company", "")[:20])
    rows = [_row(one, one.on < today) for one in dates]
    months = [
        (formats.date_format(month[0]["on"], "YEAR_MONTH_FORMAT"), month)
        for month in (list(group) for _key, group in groupby(rows, key=lambda row: (row["on"].year, row["on"].month)))
    ]
    secret = queries.calendar_feed_of(request.user)
    context = {"months": months, "today": today, "feed": _address(secret) if secret else "", "mark": queries.mark_of_feed(secret)}
    return TemplateResponse(request, "portal/manager/calendar.html", context)


def _row(one: expiries.Date, is_past: bool) -> dict[str, Any]:
    label, kind = KINDS[one.kind]
    return {
        "on": one.on, "title": one.title, "text": one.text, "customer": one.customer, "url": url_of(one), "label": label, "kind": kind,
        "is_past": is_past,
    }  # fmt: skip


def _address(secret: str) -> str:
    return f"{settings.SITE_URL}{reverse('portal:calendar_feed', args=[secret])}"


@require_POST
@signed_in
def new_address(request: Request) -> HttpResponse:
    """An address for a calendar program; the one before stops working."""
    try:
        actions.new_calendar_feed(request.user, instead_of=request.POST.get("seen"), by=request.actor, at=request.now)
        messages.success(request, _("The address is ready. Whoever has it sees these dates."))
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    return redirect("portal:calendar")


@require_POST
@signed_in
def end_address(request: Request) -> HttpResponse:
    actions.revoke_calendar_feed(request.user, by=request.actor, at=request.now)
    messages.success(request, _("The address stopped working."))
    return redirect("portal:calendar")


@public
@require_GET
def calendar_feed(request: Request, secret: str) -> HttpResponse:
    """The dates of the person to whom this address belongs, in his language, with what he may see today."""
    person = queries.person_of_feed(secret)
    if person is None:
        raise Http404
    with translation.override(person.language or settings.LANGUAGE_CODE):
        dates = expiries.dates_of(person, at=request.now)
        events = [Event(one.uid, one.on, one.title, one.text, f"{settings.SITE_URL}{url_of(one)}") for one in dates]
        response = feed(_("License Manager"), events, at=request.now)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
