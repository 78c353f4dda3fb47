"""Queues: made by the vendor; the standard ones appear when they are first needed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.desk import queries
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import hand_on, keep, locked
from podpora.desk.models import Queue, QueueMember, RoundRobin, Ticket
from podpora.desk.rules import RANK_DONE
from podpora.desk.values import MOST_MINUTES, Assignment, FollowUp, Happening, HappeningKind, Purpose
from podpora.desk.values.followups import MOST_FOLLOW_UP_DAYS
from podpora.people.models import Person

# code, names, behind the gate. In both languages at once: they are data, a vendor may rename them.
STANDARD: dict[Purpose, tuple[str, str, str, bool]] = {
    Purpose.VIP: ("vip", "VIP podpora", "VIP support", True),
    Purpose.TECHNICAL: ("technical", "Technické dotazy", "Technical questions", False),
    Purpose.LICENCE_BILLING: ("licences", "Licence a platby", "Licences and billing", False),
    Purpose.GENERAL: ("general", "Obecné dotazy", "General questions", False),
}


@transaction.atomic
def create_queue(*, code: str, purpose: Purpose, name_cs: str, name_en: str, by: Actor, at: datetime) -> Queue:
    """A new queue, last in order. Behind the VIP gate if that is its purpose."""
    missing = {name: ["required"] for name, value in {"code": code, "name_cs": name_cs, "name_en": name_en}.items() if not value}
    if missing:
        raise InvalidInput(missing)
    if Queue.objects.filter(code=code).exists():
        raise InvalidInput({"code": ["taken"]})
    queue = Queue.objects.create(
        code=code,
        purpose=purpose,
        name_cs=name_cs,
        name_en=name_en,
        needs_support=purpose is Purpose.VIP,
        position=Queue.objects.count(),
    )
    RoundRobin.objects.create(queue=queue)
    record("queue.created", f"queue:{code}", by=by, at=at, facts={"purpose": purpose.value})
    return queue


@transaction.atomic
def update_queue(queue: Queue, *, name_cs: str, name_en: str, is_paused: bool, by: Actor, at: datetime) -> None:
    """Rename or pause a queue; its code and purpose stay, tickets and addresses know them."""
    names = {"name_cs": " ".join(name_cs.split()), "name_en": " ".join(name_en.split())}
    missing = {name: ["required"] for name, value in names.items() if not value}
    if missing:
        raise InvalidInput(missing)
    queue = Queue.objects.select_for_update().get(pk=queue.pk)
    before = {"name_cs": queue.name_cs, "name_en": queue.name_en, "is_paused": queue.is_paused}
    after = {**names, "is_paused": is_paused}
    if before == after:
        return
    queue.name_cs, queue.name_en, queue.is_paused = names["name_cs"], names["name_en"], is_paused
    queue.save()
    record("queue.changed", f"queue:{queue.code}", by=by, at=at, before=before, after=after)


@transaction.atomic
def set_assignment(queue: Queue, how: Assignment, timeout: int | None, *, by: Actor, at: datetime) -> None:
    """How the queue gives its tickets away (AS-1), and after how many minutes of service without a deed one comes back (AS-3)."""
    if timeout is not None and not 1 <= timeout <= MOST_MINUTES:
        raise InvalidInput({"assignment_timeout": ["out_of_range"]})
    queue = Queue.objects.select_for_update().get(pk=queue.pk)
    before, after = (
        {"assignment": queue.assignment, "timeout": queue.assignment_timeout},
        {"assignment": how.value, "timeout": timeout},
    )
    if before == after:
        return
    queue.assignment, queue.assignment_timeout = how.value, timeout
    queue.save(update_fields=["assignment", "assignment_timeout"])
    record("queue.changed", f"queue:{queue.code}", by=by, at=at, before=before, after=after)


@transaction.atomic
def set_follow_up(queue: Queue, how: FollowUp, days: int, *, by: Actor, at: datetime) -> None:
    """What a word about a ticket that is done does here: it reopens it, begins a new one, or reopens it for so many days (TH-10)."""
    if not 1 <= days <= MOST_FOLLOW_UP_DAYS:
        raise InvalidInput({"follow_up_days": ["out_of_range"]})
    queue = Queue.objects.select_for_update().get(pk=queue.pk)
    before = {"follow_up": queue.follow_up, "follow_up_days": queue.follow_up_days}
    after = {"follow_up": how.value, "follow_up_days": days}
    if before == after:
        return
    queue.follow_up, queue.follow_up_days = how.value, days
    queue.save(update_fields=["follow_up", "follow_up_days"])
    record("queue.changed", f"queue:{queue.code}", by=by, at=at, before=before, after=after)


@transaction.atomic
def standard_queue(purpose: Purpose) -> Queue:
    """The queue for this purpose; made at first need, so that a new installation takes questions without set-up."""
    found = queries.queue_for(purpose)
    if found is not None:
        return found
    code, name_cs, name_en, needs_support = STANDARD[purpose]
    queue, _ = Queue.objects.get_or_create(
        code=code,
        defaults={
            "purpose": purpose,
            "name_cs": name_cs,
            "name_en": name_en,
            "needs_support": needs_support,
            "position": list(Purpose).index(purpose),
        },
    )
    RoundRobin.objects.get_or_create(queue=queue)
    return queue


@transaction.atomic
def set_members(queue: Queue, people: Iterable[Person], *, by: Actor, at: datetime) -> None:
    """Who serves the queue and reads it (VI-3); nobody named means every technician. Unfinished tickets of those who serve it
    no more go to the others by turn."""
    wanted = {person.pk: person for person in people}
    Queue.objects.select_for_update().get(pk=queue.pk)  # two managers at once: the later one's word
    present = set(queue.members.values_list("person_id", flat=True))
    if present == set(wanted):
        return
    queue.members.exclude(person__in=wanted).delete()
    QueueMember.objects.bulk_create(QueueMember(queue=queue, person=wanted[pk]) for pk in wanted if pk not in present)
    record("queue.members", f"queue:{queue.code}", by=by, at=at, facts={"people": sorted(p.code for p in wanted.values())})
    readers = queries.technicians_of(queue)
    left = Ticket.objects.filter(queue=queue, rank__lt=RANK_DONE).exclude(assignee=None).exclude(assignee__in=readers)
    for row in left.order_by("rank", "since", "pk"):
        ticket = locked(row)
        before = ticket.assignee.code if ticket.assignee else None
        if hand_on(ticket, by=by, at=at):
            keep(ticket, at=at, changed=False)
            after = ticket.assignee.code if ticket.assignee else None
            happened(ticket, Happening(HappeningKind.ASSIGNED, before=before, after=after), by=by, at=at)
