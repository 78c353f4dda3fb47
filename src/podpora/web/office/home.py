"""What needs the manager's attention: numbers that lead to their lists, what is about to end, what happened last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from podpora.audit import queries as audit
from podpora.base.clock import vendor_date
from podpora.base.reasons import message
from podpora.catalog import queries as catalog
from podpora.catalog.models import Version
from podpora.desk import queries as desk
from podpora.jobs import queries as jobs
from podpora.mail import queries as mail
from podpora.mail.values.troubles import OUTGOING
from podpora.orders import queries as orders
from podpora.orders.values import OrderState
from podpora.web.access import manager
from podpora.web.request import Request

SOON = timedelta(days=90)
LATEST = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A count that leads to its list; `kind` colours what wants a hand."""

    label: str
    count: int
    url: str
    kind: str = ""


@manager
@require_safe
def home(request: Request) -> HttpResponse:
    """One look in the morning."""
    facts = {
        "alarms": list(_alarms(request)),
        "numbers": list(_numbers(request)),
        "endings": list(_endings(vendor_date(request.now, settings.VENDOR_ZONE))),
        "latest": [(audit.sentence(entry), entry) for entry in audit.entries(audit.Filter(), settings.VENDOR_ZONE)[:LATEST]],
    }
    return TemplateResponse(request, "office/home.html", facts)


def _alarms(request: Request) -> Iterator[tuple[str, str]]:
    """What stands still: a sentence and where to look."""
    if not jobs.workers(at=request.now).exists():
        yield _("No worker is running: mail and other background work waits."), _address("office:jobs")
    for trouble in mail.troubles(at=request.now):
        yield message(trouble), _address("office:mails" if trouble.code == OUTGOING else "office:mailboxes")


def _numbers(request: Request) -> Iterator[Number]:
    by_state = orders.counts_by_state()
    dead = jobs.counts_by_state().get("dead", 0)
    tickets = desk.counts(desk.sight_of(request.user), at=request.now)
    listed = _address("office:orders")
    yield Number(_("Orders waiting for payment"), by_state.get(OrderState.AWAITING_PAYMENT, 0), f"{listed}?state=awaiting_payment")
    disputed = by_state.get(OrderState.DISPUTED, 0)
    yield Number(_("Disputed payments"), disputed, f"{listed}?state=disputed", "bad" if disputed else "")
    unassigned = tickets.get("unassigned", 0)
    yield Number(
        _("Tickets without a technician"), unassigned, f"{_address('desk:home')}?view=unassigned", "warn" if unassigned else ""
    )
    yield Number(_("Jobs that were given up"), dead, f"{_address('office:jobs')}?state=dead", "bad" if dead else "")


def _endings(today: date) -> Iterator[Version]:
    """Versions whose support ends soon: renewals for them stop on that day (EOL-3)."""
    for product in catalog.products():
        for version in catalog.versions(product):
            if version.support_ends_on and today <= version.support_ends_on <= today + SOON:
                yield version


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
