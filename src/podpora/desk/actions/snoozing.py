"""Tickets that are put off and come back by themselves."""

from datetime import datetime, timedelta

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.clock import format_instant
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.desk import notices
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import keep, locked, note_event
from podpora.desk.models import Ticket
from podpora.desk.values import Event, Happening, HappeningKind, State

LONGEST = timedelta(days=366)
BATCH = 500


@transaction.atomic
def snooze(ticket: Ticket, until: datetime, *, until_reply: bool = True, by: Actor, at: datetime) -> Ticket:
    """Out of the way until a moment, and earlier when the customer writes (unless `until_reply` is off)."""
    ticket = locked(ticket)
    if State(ticket.state).is_done:
        refuse("ticket.snooze_done", ticket=ticket.code).or_refuse()
    if not at < until <= at + LONGEST:
        raise InvalidInput({"until": ["ticket.snooze_past"]})
    if ticket.snoozed_until == until and ticket.snoozed_until_reply == until_reply:
        return ticket
    before = format_instant(ticket.snoozed_until) if ticket.snoozed_until else None
    ticket.snoozed_until, ticket.snoozed_until_reply = until, until_reply
    keep(ticket, at=at, changed=False)
    note_event(ticket, Event.SNOOZED, by=by, at=at, to=format_instant(until))
    record("ticket.snoozed", ticket, by=by, at=at, before={"until": before}, after={"until": format_instant(until)})
    happened(ticket, Happening(HappeningKind.SNOOZED, before=before, after=format_instant(until)), by=by, at=at)
    return ticket


@transaction.atomic
def wake(ticket: Ticket, *, by: Actor, at: datetime) -> bool:
    """Bring it back now. False if it is not put off (any more)."""
    ticket = locked(ticket)
    if ticket.snoozed_until is None:
        return False
    awaken(ticket, by=by, at=at)
    happened(ticket, Happening(HappeningKind.WOKEN), by=by, at=at)
    return True


def awaken(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """The part of waking that another action can do within itself; `ticket` is locked."""
    before = ticket.snoozed_until
    ticket.snoozed_until, ticket.snoozed_until_reply = None, False
    keep(ticket, at=at, changed=False)
    note_event(ticket, Event.WOKEN, by=by, at=at)
    record("ticket.woken", ticket, by=by, at=at, before={"until": format_instant(before) if before else None})


def wake_due(*, by: Actor, at: datetime) -> int:
    """All whose moment has come; each in a transaction of its own, so that one that fails holds up none. How many."""
    due = Ticket.objects.filter(snoozed_until__lte=at).order_by("snoozed_until", "pk").values_list("pk", flat=True)[:BATCH]
    return sum(_wake_one(pk, by=by, at=at) for pk in list(due))


@transaction.atomic
def _wake_one(pk: int, *, by: Actor, at: datetime) -> bool:
    ticket = locked(Ticket(pk=pk))
    if ticket.snoozed_until is None or ticket.snoozed_until > at:
        return False
    notices.woken(ticket, at=at)
    return wake(ticket, by=by, at=at)
