"""What stands beside a ticket: the customer's truth, from every room that knows something of him.

Licensing, entitlements, orders, fleet, the forum and the desk each tell their part; nothing is decided and nothing is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podpora.base.decisions import Decision
from podpora.desk import queries as desk
from podpora.desk.models import Ticket
from podpora.entitlements.values import Rights, RunRight
from podpora.fleet import queries as fleet
from podpora.fleet.values import ReportState
from podpora.forum import queries as forum
from podpora.forum.models import Topic
from podpora.journeys import rights
from podpora.licensing import queries as licensing
from podpora.licensing.models import Device, Licence
from podpora.orders import queries as orders
from podpora.people.models import Person

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
    """What a technician sees at once."""

    licences: Sequence[LicenceTruth]
    more_licences: int
    devices: Sequence[Device]
    orders: Sequence[tuple[str, datetime]]  # code, placed at
    earlier: Sequence[Ticket]


@dataclass(frozen=True, slots=True)
class SettingsTruth:
    """The company's central settings for one product: its newest revision, and the one on the ticket's device."""

    product: str
    revision: int
    published_at: datetime
    by: str
    comment: str
    on_device: int | None  # None: the ticket names no device, or it was given nothing yet
    state: ReportState | None = None  # what the device said about them


def truth_of(ticket: Ticket, reader: Person | None, *, at: datetime) -> Truth:
    """What the reader may know; the ticket's licence first. Decisions are replayed now, not remembered."""
    shown, owned = licensing.licences_at_hand(ticket.customer, ticket.licence, size=SHOWN)
    answers = rights.answers_for(shown, at=at) if shown else {}
    return Truth(
        licences=[_licence(licence, answers[licence.code], ticket) for licence in shown],
        more_licences=max(0, owned - SHOWN),
        devices=licensing.devices_at_hand(shown[0], ticket.device, size=SHOWN) if shown else [],
        orders=orders.order_heads(ticket.customer, size=SHOWN),
        earlier=list(desk.earlier_tickets(ticket, reader)),
    )


def first_licence(ticket: Ticket, *, at: datetime) -> tuple[Licence, Rights] | None:
    """The ticket's licence, else the customer's first, with its rights, for its timeline."""
    shown, _owned = licensing.licences_at_hand(ticket.customer, ticket.licence, size=1)
    return (shown[0], rights.rights_of(shown[0], at=at)) if shown else None


def settings_of(ticket: Ticket, licence: Licence | None) -> list[SettingsTruth]:
    """The central settings of the ticket's customer, of products for which something was published."""
    devices = licensing.devices_at_hand(licence, ticket.device, size=1) if licence and ticket.device else []
    given = fleet.given_to(devices[0]) if devices and devices[0].code == ticket.device else None
    found = []
    for profile in fleet.profiles_of(ticket.customer).filter(revision__gt=0):
        newest = fleet.revision(profile, profile.revision)
        is_here = given is not None and given.profile_id == profile.pk
        found.append(
            SettingsTruth(
                profile.product.name, newest.number, newest.published_at, newest.by_name, newest.comment,
                given.revision if given and is_here else None, ReportState(given.state) if given and is_here else None,
            )
        )  # fmt: skip
    return found


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


def topics_of(ticket: Ticket, reader: Person, *, at: datetime) -> list[Topic]:
    """What the asker began in the forum last, as far as the reader sees it there."""
    wish = forum.TopicWish(order="new", author=ticket.requester_id)
    return [row.topic for row in forum.topic_page(forum.reader_of(reader), wish, at=at, size=SHOWN).rows]
