"""Warnings and breaches, each told once (SLA-15)."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.clock import format_instant
from podpora.desk import notices, queries, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import locked
from podpora.desk.models import Ticket
from podpora.desk.values import Clock, ClockState, Happening, HappeningKind

BATCH = 200
KEPT = 50  # how many old runs of a ticket's clocks are remembered


def tell_of_clocks(*, by: Actor, at: datetime) -> int:
    """Tell of every clock whose warning or deadline has come. How many tickets were looked at; when it ran twice, the second time
    none. What a stopped worker left is told when it runs again, each ticket in a transaction of its own."""
    due = Ticket.objects.filter(look_at__lte=at).order_by("look_at", "pk")
    count = 0
    while found := list(due[:BATCH]):
        for ticket in found:
            _tell(ticket, by=by, at=at)
        count += len(found)
    return count


@transaction.atomic
def _tell(row: Ticket, *, by: Actor, at: datetime) -> None:
    ticket = locked(row)
    if ticket.look_at is None or ticket.look_at > at:
        return  # another worker, or an answer, was faster
    told: list[Happening] = []
    running = queries.clocks_of_ticket(ticket, queries.promise_book(), queue=ticket.queue.code).running
    for clock in running:
        match rules.state_of(clock, at=at):
            case ClockState.WARNED if clock.key not in ticket.warned_for:
                ticket.warned_for = [*ticket.warned_for, clock.key][-KEPT:]
                _say("ticket.sla_warning", ticket, clock, by=by, at=at)
                told.append(Happening(HappeningKind.SLA_WARNING, after=clock.metric.value))
            case ClockState.BREACHED if clock.key not in ticket.breached_for:
                ticket.breached_for = [*ticket.breached_for, clock.key][-KEPT:]
                _say("ticket.sla_breached", ticket, clock, by=by, at=at)
                told.append(Happening(HappeningKind.SLA_BREACHED, after=clock.metric.value))
    ticket.look_at = rules.look_at(running, ticket.warned_for, ticket.breached_for)
    ticket.save(update_fields=["warned_for", "breached_for", "look_at"])
    if told:
        happened(ticket, *told, by=by, at=at)


def _say(what: str, ticket: Ticket, clock: Clock, *, by: Actor, at: datetime) -> None:
    facts = {
        "metric": clock.metric.value,
        "due_at": format_instant(clock.due_at) if clock.due_at else "",
        "queue": ticket.queue.code,
        "sla": ticket.sla.code if ticket.sla else "",
    }
    record(what, ticket, by=by, at=at, facts=facts)
    notices.of_clock(what, ticket, clock, at=at)
