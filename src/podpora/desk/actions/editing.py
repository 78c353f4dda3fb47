"""Small corrections of a ticket: its subject, its kind, why it is closed, its own state."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.base.folding import folded
from podpora.desk.actions.happening import happened
from podpora.desk.actions.states import change_state
from podpora.desk.actions.writing import keep, locked, note_event
from podpora.desk.models import OwnState, Ticket
from podpora.desk.values import SUBJECT_LENGTH, ClosedAs, Event, Happening, HappeningKind, State, TicketKind


@transaction.atomic
def set_subject(ticket: Ticket, subject: str, *, by: Actor, at: datetime) -> Ticket:
    """Say better what it is about. The customer's mails carry the new subject from now on."""
    subject = " ".join(subject.split())
    if not subject or len(subject) > SUBJECT_LENGTH or "\x00" in subject:
        raise InvalidInput({"subject": ["required" if not subject else "too_long" if "\x00" not in subject else "ticket.not_text"]})
    ticket = locked(ticket)
    if ticket.subject == subject:
        return ticket
    before, ticket.subject = ticket.subject, subject
    ticket.subject_folded = folded(subject)
    note_event(ticket, Event.SUBJECT, by=by, at=at, to=before)
    keep(ticket, at=at, changed=False)
    record("ticket.subject", ticket, by=by, at=at, before={"subject": before}, after={"subject": subject})
    happened(ticket, Happening(HappeningKind.SUBJECT, before=before, after=subject), by=by, at=at)
    return ticket


@transaction.atomic
def set_kind(ticket: Ticket, kind: TicketKind, *, by: Actor, at: datetime) -> Ticket:
    """A question, a problem or a task."""
    ticket = locked(ticket)
    if ticket.kind == kind:
        return ticket
    before, ticket.kind = ticket.kind, kind
    note_event(ticket, Event.KIND, by=by, at=at, to=kind.value)
    keep(ticket, at=at, changed=False)
    record("ticket.kind", ticket, by=by, at=at, before={"kind": before}, after={"kind": kind.value})
    happened(ticket, Happening(HappeningKind.KIND, before=before, after=kind.value), by=by, at=at)
    return ticket


@transaction.atomic
def close_as(ticket: Ticket, why: ClosedAs, *, by: Actor, at: datetime) -> Ticket:
    """Close it as spam, as a duplicate or as nothing: nobody is told and nobody is asked whether he is satisfied."""
    ticket = locked(ticket)
    if ticket.closed_as == why and ticket.state == State.CLOSED:
        return ticket
    ticket.closed_as = why
    keep(ticket, at=at, changed=False)
    note_event(ticket, Event.CLOSED_AS, by=by, at=at, to=why.value)
    record("ticket.closed_as", ticket, by=by, at=at, after={"why": why.value})
    return change_state(ticket, State.CLOSED, by=by, at=at)


@transaction.atomic
def set_own_state(ticket: Ticket, own: OwnState, *, by: Actor, at: datetime) -> Ticket:
    """A state under the vendor's own name: the ticket moves to the state that it stands for. Customers read that one's name."""
    ticket = locked(ticket)
    if ticket.own_state_id == own.pk and ticket.state == own.state:
        return ticket
    if ticket.state != own.state:
        ticket = change_state(ticket, State(own.state), by=by, at=at)
        ticket = locked(ticket)
    ticket.own_state = own
    keep(ticket, at=at, changed=False)
    record("ticket.own_state", ticket, by=by, at=at, after={"name": own.code})
    return ticket


@transaction.atomic
def save_own_state(
    code: str, state: State, *, name_cs: str, name_en: str, is_active: bool = True, by: Actor, at: datetime
) -> OwnState:
    """A name of the vendor's own for a state; which state it stands for never changes once tickets have it."""
    names = {"name_cs": " ".join(name_cs.split()), "name_en": " ".join(name_en.split())}
    missing = {name: ["required"] for name, value in {"code": code, **names}.items() if not value}
    if missing:
        raise InvalidInput(missing)
    if state in (State.NEW, State.MERGED):
        raise InvalidInput({"state": ["unknown"]})
    own = OwnState.objects.select_for_update().filter(code=code).first() or OwnState(code=code, position=OwnState.objects.count())
    if own.pk and own.state != state and Ticket.objects.filter(own_state=own).exists():
        raise InvalidInput({"state": ["field.in_use"]})
    own.state, own.name_cs, own.name_en, own.is_active = state, names["name_cs"], names["name_en"], is_active
    own.save()
    record("desk.own_state", f"state:{code}", by=by, at=at, after={"state": state.value, "active": is_active})
    return own
