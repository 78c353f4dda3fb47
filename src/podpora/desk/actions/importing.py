"""Tickets of an older desk: written as they were. Nobody is told, no clock runs, no trigger acts."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.desk import rules
from podpora.desk.actions.writing import Pen, next_number, write
from podpora.desk.models import Queue, StateChange, Ticket
from podpora.desk.values import MessageKind, OldMessage, OldTicket, Side, Via, Words
from podpora.people import queries as people
from podpora.people.models import Customer, Person


@transaction.atomic
def import_ticket(old: OldTicket, *, customer: Customer, requester: Person, queue: Queue, by: Actor, at: datetime) -> Ticket:
    """One ticket with its conversation."""
    number = next_number("ticket")
    ticket = Ticket(
        number=number, code=f"T-{number}", customer=customer, requester=requester, queue=queue, subject=old.subject, state=old.state,
        via=Via.WEB, licence=old.licence, opened_at=old.opened_at, solved_at=old.solved_at if old.state.is_done else None,
        changed_at=max(message.at for message in old.messages),
    )  # fmt: skip
    said = [message for message in old.messages if message.kind is MessageKind.PUBLIC]
    ticket.last_customer_message_at = max((m.at for m in said if m.side is Side.CUSTOMER), default=None)
    ticket.last_staff_message_at = max((m.at for m in said if m.side is Side.STAFF), default=None)
    ticket.first_answered_at = min((m.at for m in said if m.side is Side.STAFF), default=None)
    if old.state.is_active and (not said or said[-1].side is Side.CUSTOMER):
        ticket.waiting_since = ticket.last_customer_message_at
    place = rules.place_of(ticket.facts())
    ticket.rank, ticket.since = place.rank, place.since
    ticket.save()
    StateChange.objects.create(ticket=ticket, state=old.state, from_at=old.opened_at, by_name=by.name[:200])
    for message in old.messages:
        write(ticket, message.kind, Words(message.text, message.uploads), pen=_pen(message, requester), by=by, at=message.at)
    ticket.save(update_fields=["revision"])
    record("ticket.imported", ticket, by=by, at=at, facts={"messages": len(old.messages), "queue": queue.code})
    return ticket


def _pen(message: OldMessage, requester: Person) -> Pen:
    author = people.person_by_email(message.email) if message.email else None
    if author is None and message.side is Side.CUSTOMER and not message.email:
        author = requester
    return Pen(message.side, author, message.name or (str(author) if author else ""))
