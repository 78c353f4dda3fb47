"""Tickets for tests, opened as a customer would open them but without asking the gate."""

from datetime import UTC, datetime
from typing import Any

from podpora.base.decisions import Decision, allow
from podpora.desk import actions
from podpora.desk.models import Message, Queue, Ticket
from podpora.desk.values import Draft, Purpose, Side, State, SupportSnapshot, Words
from podpora.people.models import Customer, Person
from tests.make import people

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
VIP = allow("support.active", through=AT.date())


def queue(purpose: Purpose = Purpose.VIP) -> Queue:
    return actions.standard_queue(purpose)


def ticket(
    requester: Person | None = None,
    customer: Customer | None = None,
    *,
    purpose: Purpose = Purpose.VIP,
    support: Decision = VIP,
    at: datetime = AT,
    **draft: Any,
) -> Ticket:
    """A new ticket of a private person, unless said otherwise."""
    who = requester or people.person(at=at)
    whose = customer or people.customer_of(who)
    words = {"subject": "The calendar stops", "text": "Since yesterday it shows nothing."} | draft
    return actions.open_ticket(
        Draft(**words),
        customer=whose,
        requester=who,
        queue=queue(purpose),
        support=SupportSnapshot(support, "pro", AT.date()),
        by=people.actor(who),
        at=at,
    )


def answer(
    of: Ticket, by: Person, text: str = "Try to restart it.", *, then: State | None = None, at: datetime = AT, **more: Any
) -> Message:
    return actions.reply(of, Words(text, **more), side=Side.STAFF, then=then, by=people.actor(by), at=at)


def ask_again(of: Ticket, text: str = "It did not help.", *, at: datetime = AT, **more: Any) -> Message:
    return actions.reply(of, Words(text, **more), side=Side.CUSTOMER, by=people.actor(of.requester), at=at)


def note(of: Ticket, by: Person, text: str = "Ask for the log.", *, at: datetime = AT, **more: Any) -> Message:
    return actions.add_note(of, Words(text, **more), by=people.actor(by), at=at)
