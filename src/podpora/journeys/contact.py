"""Somebody writes to us: a general, licence or billing question, which is answered for everybody and never meets the gate (SC-6).

Two rooms: people (whose address is it?), and the desk by the one door that opens tickets.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.desk.models import Ticket
from podpora.desk.values import Purpose
from podpora.journeys.ticket import Question, open_ticket
from podpora.people import actions as people
from podpora.people import queries
from podpora.people.models import Customer, Person

OPEN_TO_ALL = (Purpose.GENERAL, Purpose.LICENCE_BILLING)


@dataclass(frozen=True, slots=True)
class Letter:
    """What was written. `unproven`: the words for the technician when nobody signed in, so anybody may have typed the address."""

    email: str
    name: str
    purpose: Purpose
    subject: str
    text: str
    language: str = ""
    unproven: str = ""
    once: str = ""
    person: Person | None = None


@transaction.atomic
def write_to_us(letter: Letter, *, by: Actor, at: datetime) -> Ticket:
    """A ticket of the writer's own customer. A visitor learns nothing from it: answers go to the address alone."""
    assert letter.purpose in OPEN_TO_ALL
    customer, requester = _writer(letter, by=by, at=at)
    text = letter.text if letter.person is not None else f"{letter.text}\n\n({letter.unproven})"
    question = Question(customer, requester, letter.purpose, letter.subject, text, is_private=True, once=letter.once)
    return open_ticket(question, by=by, at=at)


def _writer(letter: Letter, *, by: Actor, at: datetime) -> tuple[Customer, Person]:
    if letter.person is not None:
        customer = queries.customers_of(letter.person).first() or people.ensure_customer(
            email=letter.person.email, name=str(letter.person), language=letter.language, by=by, at=at
        )
        return customer, letter.person
    customer = people.ensure_customer(email=letter.email, name=letter.name, language=letter.language, by=by, at=at)
    assert customer.person is not None
    return customer, customer.person
