"""Somebody writes to us: a general, licence or billing question, which is answered for everybody and never meets the gate (SC-6).

Two rooms: people (whose address is it?), and the desk by the one door that opens tickets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor, ActorKind, system
from podpora.desk import actions as desk
from podpora.desk import queries as queries_of_desk
from podpora.desk.models import Ticket
from podpora.desk.values import ClosedAs, Purpose
from podpora.journeys.ticket import Question, open_ticket
from podpora.people import actions as people
from podpora.people import queries
from podpora.people.models import Customer, Person

OPEN_TO_ALL = (Purpose.GENERAL, Purpose.LICENCE_BILLING)


@dataclass(frozen=True, slots=True)
class Letter:
    """What was written. Without `person` nobody signed in, so anybody may have typed the address."""

    email: str
    name: str
    purpose: Purpose
    subject: str
    text: str
    language: str = ""
    topic: str = ""  # a tag, for technicians and reports
    once: str = ""
    fields: Mapping[str, Any] | None = None
    person: Person | None = None


@transaction.atomic
def write_to_us(letter: Letter, *, by: Actor, at: datetime) -> Ticket:
    """A ticket of the writer's own customer. A visitor learns nothing from it: answers go to the address alone."""
    assert letter.purpose in OPEN_TO_ALL
    customer, requester = _writer(letter, by=by, at=at)
    question = Question(
        customer, requester, letter.purpose, letter.subject, letter.text,
        is_private=True, is_unproven=letter.person is None, once=letter.once, fields=letter.fields,
    )  # fmt: skip
    ticket = open_ticket(question, by=by, at=at)
    if letter.topic:
        desk.change_tags(ticket, add=[letter.topic], by=by, at=at)
    return ticket


@transaction.atomic
def confirm(ticket: Ticket, *, at: datetime) -> None:
    """Whoever reads the address says that he wrote it: the address is proven, the words are his (AU-5). Safe to call twice."""
    if not queries_of_desk.is_unconfirmed(ticket):
        return
    person = ticket.requester
    by = Actor(ActorKind.PERSON, str(person), person_id=person.pk)
    people.prove_address(person, by=by, at=at)
    desk.confirm_writer(ticket, by=by, at=at)


@transaction.atomic
def deny(ticket: Ticket, *, at: datetime) -> None:
    """Whoever reads the address did not write it: it is closed without a word to anybody. What is done or confirmed already stays."""
    if not ticket.is_done and queries_of_desk.is_unconfirmed(ticket):
        desk.close_as(ticket, ClosedAs.SPAM, by=system("visitor"), at=at)


def _writer(letter: Letter, *, by: Actor, at: datetime) -> tuple[Customer, Person]:
    if letter.person is not None:
        customer = queries.customers_of(letter.person).first() or people.ensure_customer(
            email=letter.person.email, name=str(letter.person), language=letter.language, by=by, at=at
        )
        return customer, letter.person
    customer = people.ensure_customer(email=letter.email, name=letter.name, language=letter.language, by=by, at=at)
    assert customer.person is not None
    return customer, customer.person
