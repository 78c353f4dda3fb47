"""Tickets that look for a technician: taken back after a time without a deed, left by one who is gone or away, waiting for a turn."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.desk import queries, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import hand_on, keep, locked, release, take_turn
from podpora.desk.models import Ticket
from podpora.desk.rules import RANK_DONE, RANK_WAITING
from podpora.desk.values import Event, Happening, HappeningKind
from podpora.people.models import Person

BATCH = 200


def give_back_idle(*, by: Actor, at: datetime) -> int:
    """AS-3: tickets whose time is over go back to the queue, and to somebody else by its way of assignment. How many."""
    found = list(Ticket.objects.filter(give_back_at__lte=at).order_by("give_back_at", "pk")[:BATCH])
    return sum(_given_back(ticket, by=by, at=at) for ticket in found)


@transaction.atomic
def _given_back(row: Ticket, *, by: Actor, at: datetime) -> bool:
    ticket = locked(row)
    if ticket.give_back_at is None or ticket.give_back_at > at or ticket.assignee is None:
        return False  # he was faster
    before = ticket.assignee
    release(ticket, Event.GIVEN_BACK, by=by, at=at, without=before.pk)
    _keep_new_owner(ticket, before, by=by, at=at)
    return True


def hand_on_orphans(*, by: Actor, at: datetime) -> int:
    """SC-10: unfinished tickets whose technician left, was deactivated, lost his role or his queue; and those of the absent for whom
    nobody stands in. They go to the others by turn. How many; safe to run twice."""
    busy = Ticket.objects.filter(rank__lt=RANK_DONE).exclude(assignee=None).order_by().values_list("assignee", "queue").distinct()
    people = {person.pk: person for person in Person.objects.filter(pk__in={assignee for assignee, _ in busy})}
    queues = {queue.pk: queue for queue in queries.queues()}
    away = queries.away_on(vendor_date(at, settings.VENDOR_ZONE))
    count = 0
    for assignee, queue in busy:
        gone = not people[assignee].is_active or not queries.serves(people[assignee], queues[queue])
        alone = assignee in away and rules.stand_in_for(assignee, away) is None
        if gone or alone:
            mine = Ticket.objects.filter(assignee=assignee, queue=queue, rank__lt=RANK_DONE if gone else RANK_WAITING)
            count += sum(
                _handed_on(ticket, people[assignee], by=by, at=at) for ticket in mine.order_by("rank", "since", "pk")[:BATCH]
            )
    return count


@transaction.atomic
def _handed_on(row: Ticket, former: Person, *, by: Actor, at: datetime) -> bool:
    """An absent one keeps what nobody else can take: he is better than no one."""
    ticket = locked(row)
    if ticket.assignee_id != former.pk:
        return False
    if former.is_active and queries.serves(former, ticket.queue):
        present = [each for each in queries.candidates(ticket.queue, ticket, at=at) if each.id != former.pk]
        if not rules.eligible(present, queries.need_of(ticket)):
            return False
        release(ticket, Event.UNASSIGNED, by=by, at=at, without=former.pk)
    elif not hand_on(ticket, by=by, at=at):
        release(ticket, Event.UNASSIGNED, by=by, at=at, without=former.pk)
    _keep_new_owner(ticket, former, by=by, at=at)
    return True


def assign_waiting(*, by: Actor, at: datetime) -> int:
    """Tickets that nobody could take go to the first who can, the most urgent first. How many found somebody."""
    found = list(
        Ticket.objects.filter(waits_for_turn=True, assignee=None, rank__lt=RANK_DONE).order_by("rank", "since", "pk")[:BATCH]
    )
    return sum(_turn_taken(ticket, by=by, at=at) for ticket in found)


@transaction.atomic
def _turn_taken(row: Ticket, *, by: Actor, at: datetime) -> bool:
    ticket = locked(row)
    if not ticket.waits_for_turn or ticket.assignee is not None or not take_turn(ticket, by=by, at=at, quietly=True):
        return False
    _keep_new_owner(ticket, None, by=by, at=at)
    return True


def _keep_new_owner(ticket: Ticket, former: Person | None, *, by: Actor, at: datetime) -> None:
    keep(ticket, at=at, changed=False)
    before, after = former.code if former else None, ticket.assignee.code if ticket.assignee else None
    happened(ticket, Happening(HappeningKind.ASSIGNED, before=before, after=after), by=by, at=at)
