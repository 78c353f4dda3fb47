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
from podpora.people.models import Person
from podpora.web.components.clocks import ClockLine, clock_lines
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
    orders: Sequence[tuple[str, datetime]]  # code, placed at
    earlier: Sequence[tuple[str, str, str, Any, str]]  # url, code, subject, state, badge
    clocks: Sequence[ClockLine] = ()


def truth_of(ticket: Ticket, reader: Person, *, at: datetime) -> Truth:
    """What the reader may know; the ticket's licence first. Decisions are replayed now, not remembered."""
    shown, owned = licensing.licences_at_hand(ticket.customer, ticket.licence, size=SHOWN)
    answers = rights.answers_for(shown, at=at) if shown else {}
    base = reverse("desk:home")
    return Truth(
        licences=[_licence(licence, answers[licence.code], ticket) for licence in shown],
        more_licences=max(0, owned - SHOWN),
        devices=licensing.devices_at_hand(shown[0], ticket.device, size=SHOWN) if shown else [],
        orders=orders.order_heads(ticket.customer, size=SHOWN),
        earlier=[
            (f"{base}{t.code}/", t.code, t.subject, t.state_name, state_badge(t.state))
            for t in queries.earlier_tickets(ticket, reader)
        ],
        clocks=clock_lines(ticket, at=at),
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
