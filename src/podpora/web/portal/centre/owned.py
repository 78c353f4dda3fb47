"""What a person may ask about: his customers, their licences and devices. Everything chosen is looked up in here (C4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podpora.base.decisions import Decision, refuse
from podpora.desk.values import Purpose
from podpora.journeys import rights
from podpora.licensing import queries
from podpora.licensing.models import Device, Licence
from podpora.people import queries as people
from podpora.people.models import Customer

SHOWN_DEVICES = 200


@dataclass(frozen=True, slots=True)
class Owned:
    """The customers in whose name a person may ask, with their licences and what those give now."""

    customers: Sequence[Customer]
    licences: Sequence[Licence]
    answers: dict[str, rights.Answers]

    def of(self, customer: Customer) -> list[Licence]:
        return [licence for licence in self.licences if licence.customer_id == customer.pk]

    def licence(self, code: str) -> Licence | None:
        return next((licence for licence in self.licences if licence.code == code), None)

    def customer(self, code: str) -> Customer | None:
        return next((customer for customer in self.customers if customer.code == code), None)


def owned_by(person: Any, *, at: datetime, purpose: Purpose | None = None) -> Owned:
    """For VIP and technical questions only customers in which the person's role has tickets."""
    technical = purpose in (Purpose.VIP, Purpose.TECHNICAL)
    found = people.customers_with(person, "tickets") if technical else people.customers_of(person)
    customers = list(found)
    licences = list(queries.licences_of_all(customers))
    return Owned(customers, licences, rights.answers_for(licences, at=at) if licences else {})


def licence_name(licence: Licence) -> str:
    """What its owner calls it, else what it is."""
    return licence.name or f"{licence.product.name} {licence.edition.name}"


def devices_of(owned: Owned) -> list[Device]:
    """The devices that a form offers, the last seen first."""
    if not owned.licences:
        return []
    return queries.newest_devices(owned.licences, size=SHOWN_DEVICES)


def vip_gate(person: Any, owned: Owned, *, at: datetime) -> Decision:
    """May the person open a VIP ticket for any of his customers? If not, the refusal that comes closest: of the customer that has
    licences (the rules name the line with the latest end of support)."""
    if not owned.customers and not people.customers_of(person).exists():
        return refuse("support.not_included")
    if not owned.customers:
        return refuse("ticket.role", customer=", ".join(c.name for c in people.customers_of(person)))
    open_line = next((answer.support for answer in owned.answers.values() if answer.support.allowed), None)
    if open_line is not None:
        return open_line
    best = max(owned.customers, key=lambda customer: len(owned.of(customer)))
    return rights.may_open_ticket(best, None, at=at)
