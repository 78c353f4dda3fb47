"""Merging tickets and undoing it (RU-3, VI-7).

The words of the source move into the target and remember where they were written: customers read there what they could read before
and nothing more. Numbers, addresses and Message-IDs of the source lead to the target for as long as they exist.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.desk import queries, rules
from podpora.desk.actions import moving
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import enter_state, keep, next_number, note_event
from podpora.desk.models import Link, Merge, Ticket, TimeEntry
from podpora.desk.values import Event, Happening, HappeningKind, LinkKind, State


@transaction.atomic
def merge(source: Ticket, target: Ticket, *, across: bool = False, by: Actor, at: datetime) -> Ticket:
    """The source goes on in the target, which is returned. A target that was merged itself is followed to its end.

    `across`: the technician says expressly that tickets of different customers are one matter. Then nobody of the source is added
    to the target: each side goes on seeing its own words.
    """
    next_number("merge")  # one merge after another: whoever follows a chain locks what he finds at its end
    source, target = _locked_pair(source, target)
    same = source.customer_id == target.customer_id
    rules.may_merge(source.facts(), target.facts(), same_customer=same, across=across).or_refuse()
    moved = moving.move_all(source, target, same_customer=same, by=by, at=at)
    moved |= {"state": source.state, "waiting_since": source.waiting_since.isoformat() if source.waiting_since else None}
    Merge.objects.create(source=source, target=target, merged_at=at, by_name=by.name[:200], moved=moved)
    waits = source.waiting_since
    _end(source, target, by=by, at=at)
    _take_in(source, target, len(moved["messages"]), waits, by=by, at=at)
    facts = {"into": target.code, "messages": len(moved["messages"])}
    record("ticket.merged", source, by=by, at=at, facts=facts)
    record("ticket.took_in", target, by=by, at=at, facts={"from": source.code, "messages": len(moved["messages"])})
    happened(source, Happening(HappeningKind.STATE, before=moved["state"], after=State.MERGED.value), by=by, at=at)
    happened(target, Happening(HappeningKind.MERGED, after=source.code), by=by, at=at)
    return target


@transaction.atomic
def merge_many(sources: Iterable[Ticket], target: Ticket, *, across: bool = False, by: Actor, at: datetime) -> Ticket:
    """All of them into one, or, when one is refused, none."""
    for source in sorted(sources, key=lambda ticket: ticket.pk):
        target = merge(source, target, across=across, by=by, at=at)
    return target


@transaction.atomic
def unmerge(source: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Undo a merge within half an hour: what moved goes back, and what the source's people wrote since with it."""
    next_number("merge")
    done = Merge.objects.filter(source=source, undone_at=None).select_related("target").order_by("-pk").first()
    if done is None:
        refuse("ticket.not_merged", ticket=source.code).or_refuse()
        raise AssertionError
    rows = _locked({source.pk, done.target_id})
    source, target = rows[source.pk], rows[done.target_id]
    done.refresh_from_db()
    if done.undone_at is not None or source.merged_into_id != target.pk:
        refuse("ticket.not_merged", ticket=source.code).or_refuse()
    merged_on = target.merged_into_id is not None
    rules.may_unmerge(source.facts(), merged_at=done.merged_at, target_is_merged=merged_on, at=at).or_refuse()
    _begin_again(source, done.moved, by=by, at=at)
    moving.move_back(source, target, done.moved)
    target.took_in = max(0, target.took_in - 1)
    for ticket, other in ((source, target), (target, source)):
        ticket.spent_minutes = TimeEntry.objects.filter(ticket=ticket).aggregate(sum=Sum("minutes"))["sum"] or 0
        note_event(ticket, Event.UNMERGED, by=by, at=at, to=other.code)
        keep(ticket, at=at, changed=False)
        record("ticket.unmerged", ticket, by=by, at=at, facts={"other": other.code})
        happened(ticket, Happening(HappeningKind.UNMERGED, after=other.code), by=by, at=at)
    done.undone_at = at
    done.save(update_fields=["undone_at"])
    return source


def _locked(pks: set[int]) -> dict[int, Ticket]:
    """Locked in one order, so that two who merge the same tickets the other way round never wait for each other."""
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in rows.select_related("customer", "requester", "queue", "assignee")}


def _locked_pair(source: Ticket, target: Ticket) -> tuple[Ticket, Ticket]:
    """Both as they are now; the target is the end of its chain also after the lock was given."""
    wanted = queries.end_of(target)
    for _attempt in range(5):
        rows = _locked({source.pk, wanted.pk})
        if rows[wanted.pk].merged_into_id is None or wanted.pk == source.pk:
            return rows[source.pk], rows[wanted.pk]
        wanted = queries.end_of(rows[wanted.pk])
    return rows[source.pk], rows[wanted.pk]


def _end(source: Ticket, target: Ticket, *, by: Actor, at: datetime) -> None:
    """The source is over: a closed chapter that knows where the story goes on."""
    enter_state(source, State.MERGED, by=by, at=at)
    source.merged_into, source.snoozed_until, source.snoozed_until_reply = target, None, False
    source.spent_minutes, source.waiting_since = 0, None
    note_event(source, Event.MERGED_INTO, by=by, at=at, to=target.code)
    keep(source, at=at, changed=False)
    Link.objects.filter(ticket=source, other=target, kind=LinkKind.DUPLICATES).delete()


def _take_in(source: Ticket, target: Ticket, messages: int, waits: datetime | None, *, by: Actor, at: datetime) -> None:
    """The target has the words, the wait and the time of both."""
    target.took_in += 1
    target.revision += messages
    if waits is not None:
        target.waiting_since = min(waits, target.waiting_since or waits)
        if State(target.state).is_done:  # a question that nobody answered is not solved with the other one
            enter_state(target, State.OPEN, by=by, at=at)
    newest = max(filter(None, (source.last_customer_message_at, target.last_customer_message_at)), default=None)
    target.last_customer_message_at = newest
    target.spent_minutes = TimeEntry.objects.filter(ticket=target).aggregate(sum=Sum("minutes"))["sum"] or 0
    note_event(target, Event.MERGED, by=by, at=at, to=source.code)
    keep(target, at=at)


def _begin_again(source: Ticket, moved: dict[str, Any], *, by: Actor, at: datetime) -> None:
    before = State(moved["state"])
    solved_at, reopened = source.solved_at, source.reopened
    enter_state(source, before, by=by, at=at)
    source.merged_into = None
    source.reopened = reopened
    if before.is_done:
        source.solved_at = solved_at
    if moved.get("waiting_since"):
        source.waiting_since = datetime.fromisoformat(moved["waiting_since"])
