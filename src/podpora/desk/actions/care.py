"""Who looks after a ticket, how urgently, in which queue, and who else reads along."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.desk import notices, queries
from podpora.desk.actions.happening import happened
from podpora.desk.actions.states import change_state
from podpora.desk.actions.tokens import hand_out_tokens
from podpora.desk.actions.writing import hand_on, keep, locked, note_event
from podpora.desk.models import Participant, Queue, Ticket
from podpora.desk.values import Event, Happening, HappeningKind, Priority, Side, State
from podpora.people.models import Person
from podpora.people.permissions import staff_may


@transaction.atomic
def assign(ticket: Ticket, technician: Person | None, *, by: Actor, at: datetime) -> Ticket:
    """Give the ticket to a technician, or back to the queue (None). Nobody is technician in his own ticket (VI-4)."""
    ticket = locked(ticket)
    if ticket.assignee == technician:
        return ticket
    if technician is not None:
        if not staff_may(technician, "tickets"):
            refuse("ticket.not_a_technician", technician=str(technician)).or_refuse()
        if queries.is_customer_in(technician, ticket):
            refuse("ticket.own", technician=str(technician)).or_refuse()
        if not queries.serves(technician, ticket.queue):
            refuse("ticket.not_in_queue", technician=str(technician)).or_refuse()
    before = ticket.assignee.code if ticket.assignee else None
    ticket.assignee, ticket.waits_for_turn = technician, False
    ticket.assigned_at = at if technician else None
    if technician is None:
        note_event(ticket, Event.UNASSIGNED, by=by, at=at)
    else:
        note_event(ticket, Event.ASSIGNED, by=by, at=at, to=str(technician))
    keep(ticket, at=at, changed=False)
    hand_out_tokens(ticket, at=at)
    record("ticket.assigned", ticket, by=by, at=at, before={"to": before}, after={"to": technician.code if technician else None})
    notices.assigned(ticket, by=by, at=at)
    after = technician.code if technician else None
    happened(ticket, Happening(HappeningKind.ASSIGNED, before=before, after=after), by=by, at=at)
    return ticket


@transaction.atomic
def set_priority(ticket: Ticket, priority: Priority, *, by: Actor, at: datetime) -> Ticket:
    """How urgent it is; moves it in the technicians' list."""
    ticket = locked(ticket)
    if ticket.priority == priority:
        return ticket
    before = ticket.priority
    ticket.priority = priority
    note_event(ticket, Event.PRIORITY, by=by, at=at, to=priority.value)
    keep(ticket, at=at, changed=False)
    record("ticket.priority", ticket, by=by, at=at, before={"priority": before}, after={"priority": priority.value})
    happened(ticket, Happening(HappeningKind.PRIORITY, before=before, after=priority.value), by=by, at=at)
    return ticket


@transaction.atomic
def move_queue(ticket: Ticket, queue: Queue, *, by: Actor, at: datetime) -> Ticket:
    """Into another queue. Its clocks and what it was opened under stay (SLA-9); its technician too, if he serves that queue."""
    ticket = locked(ticket)
    if ticket.queue == queue:
        return ticket
    before = ticket.queue.code
    ticket.queue = queue
    note_event(ticket, Event.QUEUE, by=by, at=at, to=queue.code)
    hand_on(ticket, by=by, at=at)
    keep(ticket, at=at, changed=False)
    record("ticket.queue", ticket, by=by, at=at, before={"queue": before}, after={"queue": queue.code})
    happened(ticket, Happening(HappeningKind.QUEUE, before=before, after=queue.code), by=by, at=at)
    return ticket


@dataclass(frozen=True, slots=True)
class Changes:
    """What a technician changes at once. None: not touched; `assigns` says that `technician` (or nobody) is meant."""

    state: State | None = None
    assigns: bool = False
    technician: Person | None = None
    priority: Priority | None = None
    queue: Queue | None = None


@transaction.atomic
def change(ticket: Ticket, changes: Changes, *, by: Actor, at: datetime) -> None:
    """All of it or, when a part is refused, nothing. The technician that it has already is not meant anew: with the queue
    he may change by turn."""
    stays = changes.technician == ticket.assignee
    if changes.queue is not None:
        move_queue(ticket, changes.queue, by=by, at=at)
    if changes.priority is not None:
        set_priority(ticket, changes.priority, by=by, at=at)
    if changes.assigns and not stays:
        assign(ticket, changes.technician, by=by, at=at)
    if changes.state is not None:
        change_state(ticket, changes.state, by=by, at=at)


@transaction.atomic
def set_private(ticket: Ticket, is_private: bool, *, by: Actor, at: datetime) -> Ticket:
    """Whether the requester's company sees the ticket (VI-1)."""
    ticket = locked(ticket)
    if ticket.is_private != is_private:
        ticket.is_private = is_private
        note_event(ticket, Event.PRIVACY, by=by, at=at)
        keep(ticket, at=at, changed=False)
        record("ticket.private", ticket, by=by, at=at, after={"private": is_private})
        happened(ticket, Happening(HappeningKind.PRIVACY, before=not is_private, after=is_private), by=by, at=at)
    return ticket


@transaction.atomic
def add_participant(ticket: Ticket, email: str, *, side: Side, by: Actor, at: datetime) -> Participant:
    """Somebody else gets the public messages from now on. A customer may add members of his company; a technician anybody."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput({"email": ["not_an_email"]}) from None
    ticket = locked(ticket)
    known = Person.objects.filter(email=email, is_active=True).first()
    member = known is not None and ticket.customer.memberships.filter(person=known).exists()
    if side is Side.CUSTOMER and not member:
        raise InvalidInput({"email": ["ticket.not_a_member"]})
    participant, is_new = Participant.objects.get_or_create(
        ticket=ticket,
        email=email,
        defaults={"person": known if member else None, "name": str(known or ""), "added_at": at, "added_by": by.name[:200]},
    )
    if is_new:
        note_event(ticket, Event.PARTICIPANT, by=by, at=at, to=email)
        record("ticket.participant", ticket, by=by, at=at, facts={"added": participant.pk})
        happened(ticket, Happening(HappeningKind.PARTICIPANT, after=email), by=by, at=at)
    return participant
