"""A ticket's way through its states, without words."""

from datetime import datetime, timedelta

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.desk import notices, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import enter_state, keep, locked, note_event
from podpora.desk.models import Ticket
from podpora.desk.values import REOPEN_DAYS, Event, Happening, HappeningKind, State


@transaction.atomic
def change_state(ticket: Ticket, state: State, *, by: Actor, at: datetime) -> Ticket:
    """A technician moves the ticket. The state it is in already: nothing happens (a double click)."""
    ticket = locked(ticket)
    if ticket.state == state:
        return ticket
    rules.may_change_state(ticket.facts(), state).or_refuse()
    return _move(ticket, state, by=by, at=at)


@transaction.atomic
def close(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """The customer says that it is done."""
    ticket = locked(ticket)
    rules.may_close(ticket.facts()).or_refuse()
    return _move(ticket, State.CLOSED, by=by, at=at)


@transaction.atomic
def reopen(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """The customer says that it is not solved: within 14 days, whatever became of his support (SC-3)."""
    ticket = locked(ticket)
    rules.may_reopen(ticket.facts(), at=at).or_refuse()
    ticket.waiting_since = at
    return _move(ticket, State.OPEN, by=by, at=at)


@transaction.atomic
def close_forgotten(*, by: Actor, at: datetime) -> int:
    """Solved tickets that nobody may reopen any more become closed. Returns how many; running it twice changes nothing."""
    old = Ticket.objects.filter(state=State.SOLVED, solved_at__lte=at - timedelta(days=REOPEN_DAYS))
    count = 0
    for row in list(old.order_by("pk")[:500]):
        ticket = locked(row)
        if ticket.state == State.SOLVED:
            enter_state(ticket, State.CLOSED, by=by, at=at)
            keep(ticket, at=at, changed=False)
            happened(ticket, Happening(HappeningKind.STATE, before=State.SOLVED.value, after=State.CLOSED.value), by=by, at=at)
            count += 1
    return count


def _move(ticket: Ticket, state: State, *, by: Actor, at: datetime) -> Ticket:
    before = State(ticket.state)
    enter_state(ticket, state, by=by, at=at)
    if before.is_done and not state.is_done:
        note_event(ticket, Event.REOPENED, by=by, at=at)
    else:
        note_event(ticket, Event.STATE, by=by, at=at, to=state.value)
    keep(ticket, at=at)
    record("ticket.state", ticket, by=by, at=at, before={"state": before.value}, after={"state": state.value})
    if state.is_done and not before.is_done:
        notices.solved(ticket, by=by, at=at)
    happened(ticket, Happening(HappeningKind.STATE, before=before.value, after=state.value), by=by, at=at)
    return ticket
