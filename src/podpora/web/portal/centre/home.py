"""The support centre: my tickets, what I am promised, and the way to ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from podpora.base.decisions import Decision
from podpora.desk import queries
from podpora.desk.models import Ticket
from podpora.desk.queries import CentreWish
from podpora.desk.values import STATE_NAMES, STATE_SENTENCES, Purpose, State
from podpora.web.access import signed_in
from podpora.web.conversation import state_badge
from podpora.web.portal.centre.owned import Owned, licence_name, owned_by, vip_gate
from podpora.web.request import Request

SHOWN_LICENCES = 6


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    code: str
    subject: str
    state: Any
    sentence: Any
    badge: str
    who: str  # of a colleague's ticket
    at: datetime
    my_turn: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """Until when a licence has support."""

    url: str
    name: str
    support: Decision
    through: Any
    company: str


VIEW_NAMES = {
    "all": pgettext_lazy("tickets", "All"), "turn": gettext_lazy("Your turn"), "open": pgettext_lazy("tickets", "Open"),
    "done": gettext_lazy("Solved and closed"),
}  # fmt: skip


def _wish(request: Request) -> CentreWish:
    """What the address says; what makes no sense is the default."""
    given = {name: " ".join(request.GET.get(name, "").replace("\x00", "").split()) for name in ("view", "whose", "q", "after")}
    view = given["view"] if given["view"] in VIEW_NAMES else "all"
    return CentreWish(view, "mine" if given["whose"] == "mine" else "", given["q"][:100], given["after"][:80])


@signed_in
@require_GET
def home(request: Request) -> HttpResponse:
    owned = owned_by(request.user, at=request.now, purpose=Purpose.VIP)
    wish = _wish(request)
    page = queries.tickets_of_customers(request.user, wish, zone=timezone.get_current_timezone())
    rows = rows_of(page.tickets, request.user.pk)
    return TemplateResponse(
        request,
        "centre/home.html",
        {
            "gate": vip_gate(request.user, owned, at=request.now),
            "promises": promises_of(owned),
            "more_licences": max(0, len(owned.licences) - SHOWN_LICENCES),
            "open_rows": [row for row, ticket in rows if not ticket.is_done],
            "done_rows": [row for row, ticket in rows if ticket.is_done],
            "wish": wish,
            "is_narrowed": bool(wish.words or wish.whose or wish.view != "all"),
            "views": [(view, name, view == wish.view) for view, name in VIEW_NAMES.items()],
            "has_colleagues": any(customer.is_company for customer in owned.customers),
            "next": page.next,
        },
    )


def rows_of(tickets: Any, person_id: int) -> list[tuple[Row, Ticket]]:
    base = reverse("centre:home")
    return [(_row(ticket, person_id, base), ticket) for ticket in tickets]


def _row(ticket: Ticket, person_id: int, base: str) -> Row:
    state = State(ticket.state)
    return Row(
        url=f"{base}{ticket.code}/",
        code=ticket.code,
        subject=ticket.subject,
        state=STATE_NAMES[state],
        sentence=STATE_SENTENCES[state],
        badge=state_badge(state),
        who="" if ticket.requester_id == person_id else str(ticket.requester),
        at=ticket.changed_at,
        my_turn=state is State.WAITING_CUSTOMER,
    )


def licence_url(code: str) -> str:
    return reverse("portal:licence", args=[code])


def promises_of(owned: Owned) -> list[Promise]:
    """The licences with support first, the latest end first."""
    found = sorted(
        owned.licences,
        key=lambda licence: (not owned.answers[licence.code].support.allowed, -_day_number(owned, licence.code), licence.code),
    )
    return [_promise(owned, licence) for licence in found[:SHOWN_LICENCES]]


def _day_number(owned: Owned, code: str) -> int:
    through = owned.answers[code].rights.support_through
    return through.toordinal() if through else 0


def _promise(owned: Owned, licence: Any) -> Promise:
    answers = owned.answers[licence.code]
    company = licence.customer.name if licence.customer.is_company else ""
    name = licence_name(licence)
    return Promise(licence_url(licence.code), name, answers.support, answers.rights.support_through, company)
