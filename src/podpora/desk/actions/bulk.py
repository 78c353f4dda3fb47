"""One deed for many tickets: asked first what would be refused, then done one by one, and undone where that is possible."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.clock import format_instant, parse_instant
from podpora.base.decisions import Decision, Refused, refuse
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.fields import field_sentence
from podpora.base.reasons import message
from podpora.desk import queries
from podpora.desk.actions.care import assign, move_queue, set_priority
from podpora.desk.actions.merging import merge, unmerge
from podpora.desk.actions.snoozing import snooze, wake
from podpora.desk.actions.states import change_state
from podpora.desk.actions.tags import change_tags
from podpora.desk.models import Ticket, TicketWork
from podpora.desk.values import Priority, State
from podpora.jobs.actions import enqueue
from podpora.people.models import Person

AT_ONCE = 50  # more than these are done in the background
MOST = 1000
UNDO_WITHIN = timedelta(minutes=30)
JOB = "podpora.desk.jobs.do_ticket_work"


@dataclass(frozen=True, slots=True)
class Do:
    """A deed: how it is done to a ticket, what the ticket had before, how that is put back."""

    act: Callable[[Ticket, str, Actor, datetime], Any]
    before: Callable[[Ticket], str]
    undo: Callable[["TicketWork", Ticket, str, Actor, datetime], Any] | None = None  # None: the deed itself, with what was before


def _assign(ticket: Ticket, value: str, by: Actor, at: datetime) -> None:
    technician = None
    if value not in ("", "nobody"):
        technician = queries.technicians().filter(code=value).first()
        if technician is None:
            raise NotYours
    assign(ticket, technician, by=by, at=at)


def _queue(ticket: Ticket, value: str, by: Actor, at: datetime) -> None:
    move_queue(ticket, queries.queue(value), by=by, at=at)


def _tags(ticket: Ticket) -> str:
    return ",".join(tag.name for tag in queries.tags_of(ticket))


def _without_tag(work: TicketWork, ticket: Ticket, before: str, by: Actor, at: datetime) -> None:
    if work.value not in before.split(","):
        change_tags(ticket, remove=[work.value], by=by, at=at)


def _snooze(ticket: Ticket, value: str, by: Actor, at: datetime) -> None:
    snooze(ticket, parse_instant(value), by=by, at=at)


def _wake(work: TicketWork, ticket: Ticket, before: str, by: Actor, at: datetime) -> None:
    if before:
        _snooze(ticket, before, by, at)
    else:
        wake(ticket, by=by, at=at)


def _merge(ticket: Ticket, value: str, by: Actor, at: datetime) -> None:
    target = queries.seen_by_staff(Person.objects.get(pk=by.person_id or 0)).filter(code=value).first()
    if target is None:
        raise NotYours
    if target.pk != ticket.pk:  # it is among the chosen ones: the others go on in it
        merge(ticket, target, by=by, at=at)


def _unmerge(work: TicketWork, ticket: Ticket, before: str, by: Actor, at: datetime) -> None:
    unmerge(ticket, by=by, at=at)


def _stands(work: TicketWork, deed: Do, ticket: Ticket) -> bool:
    """Has the ticket still what the work gave it? What somebody changed since stays."""
    match work.kind:
        case "tag":
            return work.value in _tags(ticket).split(",")
        case "merge":
            return ticket.merged_into_id is not None
    return deed.before(ticket) == work.value


DEEDS: dict[str, Do] = {
    "assign": Do(_assign, lambda ticket: ticket.assignee.code if ticket.assignee else "nobody"),
    "state": Do(
        lambda ticket, value, by, at: change_state(ticket, State(value), by=by, at=at),
        lambda ticket: ticket.state if ticket.state != State.NEW else State.OPEN.value,
    ),
    "priority": Do(
        lambda ticket, value, by, at: set_priority(ticket, Priority(int(value)), by=by, at=at), lambda ticket: str(ticket.priority)
    ),
    "queue": Do(_queue, lambda ticket: ticket.queue.code),
    "tag": Do(
        lambda ticket, value, by, at: change_tags(ticket, add=[value], by=by, at=at),
        _tags,
        undo=_without_tag,
    ),
    "snooze": Do(_snooze, lambda ticket: format_instant(ticket.snoozed_until) if ticket.snoozed_until else "", undo=_wake),
    "merge": Do(_merge, lambda ticket: "", undo=_unmerge),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of one ticket: why it is refused ("": it is not), and whether it is so already."""

    ticket: Ticket
    why: str = ""
    is_same: bool = False


def preview_work(kind: str, value: str, tickets: Sequence[Ticket], *, by: Actor, at: datetime) -> list[Outcome]:
    """What doing it would come to, ticket by ticket. It is done and taken back, so that nothing else decides than the deed itself."""
    deed = _deed(kind)
    with transaction.atomic():
        found = [_tried(kind, deed, value, ticket, by=by, at=at) for ticket in tickets]
        transaction.set_rollback(True)
    return found


def _tried(kind: str, deed: Do, value: str, ticket: Ticket, *, by: Actor, at: datetime) -> Outcome:
    before = deed.before(ticket)
    why = _done(deed, value, ticket, by=by, at=at)
    return Outcome(ticket, why, is_same=not why and (_was_so(kind, before, value) or ticket.code == value))


def _was_so(kind: str, before: str, value: str) -> bool:
    return value in before.split(",") if kind == "tag" else before == value


def _done(deed: Do, value: str, ticket: Ticket, *, by: Actor, at: datetime) -> str:
    """Do it; the sentence of the refusal, or "". A savepoint of its own: what is refused undoes nothing else."""
    try:
        with transaction.atomic():
            deed.act(ticket, value, by, at)
    except Refused as refusal:
        return message(refusal.decision)
    except InvalidInput as problem:
        return str(field_sentence(next(iter(problem.fields.values()))[0], next(iter(problem.facts.values()), None)))
    except (NotYours, ValueError, Ticket.DoesNotExist):
        return message(_not_there())
    return ""


def _not_there() -> Decision:
    return refuse("ticket.not_there")


def _deed(kind: str) -> Do:
    if kind not in DEEDS:
        raise NotYours
    return DEEDS[kind]


@transaction.atomic
def start_work(kind: str, value: str, codes: Sequence[str], *, by: Actor, at: datetime) -> TicketWork:
    """Begin it: few tickets at once, many in the background (desk.jobs). Those that the person does not see are not among them."""
    _deed(kind)
    person = Person.objects.get(pk=by.person_id or 0)
    seen = set(queries.seen_by_staff(person).filter(code__in=codes[:MOST]).values_list("code", flat=True))
    tickets = [code for code in dict.fromkeys(codes[:MOST]) if code in seen]
    work = TicketWork.objects.create(person=person, kind=kind, value=value[:60], tickets=tickets, begun_at=at)
    record("ticket.many", f"work:{work.code}", by=by, at=at, facts={"kind": kind, "value": value[:60], "tickets": len(tickets)})
    if len(tickets) <= AT_ONCE:
        go_on(work, by=by, at=at)
    else:
        enqueue(JOB, {"work": work.code}, at=at, unique_key=f"ticket-work:{work.code}")
    return work


def go_on(work: TicketWork, *, by: Actor, at: datetime, most: int = MOST) -> bool:
    """Do the next ones; True when all is done. What was done is kept after each, so a killed worker goes on where it stood."""
    deed = _deed(work.kind)
    for code in work.tickets[work.done : work.done + most]:
        with transaction.atomic():
            ticket = queries.seen_by_staff(work.person).select_related("assignee", "queue").filter(code=code).first()
            if ticket is None:
                work.refused[code] = message(_not_there())
            else:
                before = deed.before(ticket)
                if why := _done(deed, work.value, ticket, by=by, at=at):
                    work.refused[code] = why
                elif not _was_so(work.kind, before, work.value) and code != work.value:
                    work.before[code] = before
            work.done += 1
            work.finished_at = at if work.done == len(work.tickets) else None
            work.save()
    if not work.tickets:
        work.finished_at = at
        work.save()
    return work.finished_at is not None


def back_of(work: TicketWork, deed: Do) -> Do:
    """The deed that puts back what was before."""
    undo = deed.undo
    if undo is None:
        return deed
    return Do(lambda ticket, before, by, at: undo(work, ticket, before, by, at), deed.before)


def may_undo(work: TicketWork, *, at: datetime) -> bool:
    """Within half an hour, once, when something changed."""
    fresh = work.finished_at is not None and at < work.finished_at + UNDO_WITHIN
    return bool(fresh and work.undone_at is None and work.before)


def undo_work(work: TicketWork, *, by: Actor, at: datetime) -> int:
    """Put back what the tickets had, but those that somebody changed since. How many were put back. Mails stay sent."""
    deed = _deed(work.kind)
    if not may_undo(work, at=at):
        refuse("ticket.undo_too_late").or_refuse()
    count = 0
    for code, before in work.before.items():
        ticket = queries.seen_by_staff(work.person).select_related("assignee", "queue").filter(code=code).first()
        if ticket is not None and _stands(work, deed, ticket) and not _done(back_of(work, deed), before, ticket, by=by, at=at):
            count += 1
    work.undone_at = at
    work.save(update_fields=["undone_at"])
    record("ticket.many_undone", f"work:{work.code}", by=by, at=at, facts={"tickets": count})
    return count
