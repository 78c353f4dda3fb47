"""The customer's truth beside a ticket: what he owns, until when is support, what runs where, what he asked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from podpora.base.decisions import Decision
from podpora.desk import queries
from podpora.desk.models import Ticket
from podpora.entitlements.values import RunRight
from podpora.journeys import rights
from podpora.licensing import queries as licensing
from podpora.licensing.models import Device, Licence
from podpora.orders import queries as orders
from podpora.web.conversation import state_badge

SHOWN = 5


@dataclass(frozen=True, slots=True)
class LicenceTruth:
    """One licence with its two rights (T3)."""

    code: str
    edition: str
    kind: str
    seats: int
    seats_used: int
    run: RunRight
    support: Decision
    through: Any
    is_named: bool  # the ticket is about this one


@dataclass(frozen=True, slots=True)
class Truth:
    licences: Sequence[LicenceTruth]
    more_licences: int
    devices: Sequence[Device]
    orders: Sequence[Any]
    earlier: Sequence[tuple[str, str, str, Any, str]]  # url, code, subject, state, badge
    customer_url: str


def truth_of(ticket: Ticket, *, at: datetime) -> Truth:
    """The ticket's licence first. Decisions are replayed now, not remembered."""
    owned = list(licensing.licences_of(ticket.customer))
    owned.sort(key=lambda licence: licence.code != ticket.licence)
    shown = owned[:SHOWN]
    answers = rights.answers_for(shown, at=at) if shown else {}
    base = reverse("desk:home")
    return Truth(
        licences=[_licence(licence, answers[licence.code], ticket) for licence in shown],
        more_licences=max(0, len(owned) - SHOWN),
        devices=_devices(shown[0], ticket) if shown else [],
        orders=list(orders.orders_of(ticket.customer)[:SHOWN]),
        earlier=[
            (f"{base}{t.code}/", t.code, t.subject, t.state_name, state_badge(t.state)) for t in queries.earlier_tickets(ticket)
        ],
        customer_url="",
    )


def _licence(licence: Licence, answers: rights.Answers, ticket: Ticket) -> LicenceTruth:
    return LicenceTruth(
        licence.code,
        licence.name or f"{licence.product.name} {licence.edition.name}",
        licence.kind,
        licence.seats,
        licence.seats_used,
        answers.rights.run,
        answers.support,
        answers.rights.support_through,
        licence.code == ticket.licence,
    )


def _devices(licence: Licence, ticket: Ticket) -> list[Device]:
    """The newest devices of the ticket's licence; the ticket's own first."""
    known = Device.objects.filter(licence=licence).order_by("-last_seen_at")[:SHOWN]
    return sorted(known, key=lambda device: device.code != ticket.device)
