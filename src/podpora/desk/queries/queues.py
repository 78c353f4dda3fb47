"""Queues, who serves them, who may get a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.desk.models import Queue, QueueMember, Ticket
from podpora.desk.queries.seeing import serves
from podpora.desk.values import Purpose
from podpora.people.models import Person
from podpora.people.values import STAFF_PERMISSIONS, StaffRole

ANSWERING_ROLES = [role.value for role, allowed in STAFF_PERMISSIONS.items() if "tickets" in allowed]


def queues() -> QuerySet[Queue]:
    return Queue.objects.all()


def queue(code: str) -> Queue:
    """The queue with this code; raises NotYours."""
    found = Queue.objects.filter(code=code[:40]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue for the page that lists them: who serves it (nobody named: everybody), how many unfinished tickets."""

    queue: Queue
    members: Sequence[str]
    unfinished: int


def queue_rows() -> list[QueueRow]:
    """All queues with their members and load, in order. Three statements."""
    members: dict[int, list[str]] = {}
    for member in QueueMember.objects.select_related("person").order_by("person__name", "person__email"):
        members.setdefault(member.queue_id, []).append(str(member.person))
    load = dict(Ticket.objects.filter(rank__lt=200).order_by().values_list("queue").annotate(n=Count("pk")))
    return [QueueRow(queue, members.get(queue.pk, ()), load.get(queue.pk, 0)) for queue in queues()]


def queue_for(purpose: Purpose) -> Queue | None:
    """The first queue for this purpose."""
    return Queue.objects.filter(purpose=purpose).first()


def technicians() -> QuerySet[Person]:
    """Everybody who answers tickets, in the order of the choice list."""
    return Person.objects.filter(is_active=True, staff_role__in=ANSWERING_ROLES).order_by("name", "email")


def technicians_of(queue: Queue) -> QuerySet[Person]:
    """Those of them who read this queue (VI-3): its members and the managers, or everybody."""
    found = technicians()
    if not queue.members.exists():
        return found
    return found.filter(Q(staff_role=StaffRole.MANAGER) | Exists(queue.members.filter(person=OuterRef("pk"))))


def technicians_to_tell(ticket: Ticket) -> list[Person]:
    """Whom a matter of this ticket concerns: its technician; nobody has it: those who serve its queue and are present."""
    if ticket.assignee is not None and serves(ticket.assignee, ticket.queue):
        return [ticket.assignee]
    present = technicians_of(ticket.queue).filter(is_present=True).exclude(memberships__customer=ticket.customer_id)
    members = ticket.queue.members.exists()
    return list(present if members else present.filter(staff_role="technician"))
