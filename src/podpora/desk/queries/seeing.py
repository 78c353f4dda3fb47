"""Who sees which tickets: everything of the desk and of the support centre starts here (VI-1, VI-3, VI-4)."""

from dataclasses import dataclass

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from podpora.base.actors import Actor
from podpora.base.errors import NotYours
from podpora.desk.models import Participant, Queue, QueueMember, Ticket
from podpora.desk.rules import once_key
from podpora.people.models import Customer, Membership, Person
from podpora.people.permissions import is_manager, staff_may
from podpora.people.values import ROLE_PERMISSIONS

TICKET_ROLES = [role.value for role, allowed in ROLE_PERMISSIONS.items() if "tickets" in allowed]


def seen_by_customer(person: Person) -> QuerySet[Ticket]:
    """VI-1: the tickets that this person sees as a customer: his own and those he takes part in, while he is a member of
    their customer; all others of a customer in which his role includes tickets, unless they are private."""
    memberships = Membership.objects.filter(person=person)
    mine = Q(requester=person) | Exists(Participant.objects.filter(ticket=OuterRef("pk"), person=person))
    as_member = Q(customer__in=memberships.values("customer"))
    as_colleague = Q(customer__in=memberships.filter(role__in=TICKET_ROLES).values("customer"), is_private=False)
    return Ticket.objects.filter((as_member & mine) | as_colleague)


def open_queues(person: Person) -> QuerySet[Queue]:
    """VI-3: the queues whose tickets a technician reads: those that he serves, and those that everybody serves. Managers: all."""
    if is_manager(person):
        return Queue.objects.all()
    members = QueueMember.objects.filter(queue=OuterRef("pk"))
    return Queue.objects.filter(~Exists(members) | Exists(members.filter(person=person)))


def serves(person: Person, queue: Queue) -> bool:
    """May this person read and answer what waits in the queue?"""
    return staff_may(person, "tickets") and open_queues(person).filter(pk=queue.pk).exists()


def seen_by_staff(person: Person) -> QuerySet[Ticket]:
    """The tickets that a technician sees: of his queues (VI-3), but those of a customer that he belongs to: there he is a
    customer and must not read notes (VI-4). Lists, counts, search, pages, files and the API start here or at `seen`."""
    if not staff_may(person, "tickets"):
        return Ticket.objects.none()
    if is_manager(person):
        return Ticket.objects.filter(RawSQL(NOT_OWN, (person.pk,), BooleanField()))  # noqa: S611  # constants below
    return Ticket.objects.filter(RawSQL(f"{NOT_OWN} AND {OPEN_QUEUE}", (person.pk, person.pk), BooleanField()))  # noqa: S611


# As text: the ORM took longer to write these few words, on every page of the desk, than the database to answer them.
NOT_OWN = "desk_ticket.customer_id NOT IN (SELECT customer_id FROM people_membership WHERE person_id = %s)"
OPEN_QUEUE = """desk_ticket.queue_id NOT IN (SELECT queue_id FROM desk_queuemember
    WHERE queue_id NOT IN (SELECT queue_id FROM desk_queuemember WHERE person_id = %s))"""


@dataclass(frozen=True, slots=True)
class Sight:
    """What `seen_by_staff` asks within each statement, asked once beforehand: nearly always nothing is hidden from a
    technician, and a list then reads its index alone."""

    person: Person
    own: tuple[int, ...]  # customers that he belongs to
    queues: tuple[int, ...]  # those of others

    @property
    def tickets(self) -> QuerySet[Ticket]:
        """The same tickets as those of `seen_by_staff`."""
        if not staff_may(self.person, "tickets"):
            return Ticket.objects.none()
        tickets = Ticket.objects.all()
        if self.own:
            tickets = tickets.exclude(customer__in=self.own)
        return tickets.exclude(queue__in=self.queues) if self.queues else tickets


def sight_of(person: Person) -> Sight:
    """Two statements, one for a manager."""
    own = Membership.objects.filter(person=person).order_by().values_list("customer_id", flat=True)
    if is_manager(person):
        return Sight(person, tuple(own), ())
    others = QueueMember.objects.exclude(queue__in=QueueMember.objects.filter(person=person).values("queue"))
    return Sight(person, tuple(own), tuple(others.order_by().values_list("queue_id", flat=True).distinct()))


def hidden_queues(person: Person) -> list[str]:
    """VI-3: the codes of the queues that this technician may not read (one query); nothing is hidden from a manager."""
    if is_manager(person):
        return []
    others = QueueMember.objects.exclude(queue__in=QueueMember.objects.filter(person=person).values("queue"))
    return list(others.order_by().values_list("queue__code", flat=True).distinct())


def ticket_for_customer(person: Person, code: str) -> Ticket:
    """The ticket with this code if the person sees it as a customer; raises NotYours."""
    return _one(seen_by_customer(person), code)


def ticket_for_staff(person: Person, code: str) -> Ticket:
    """The ticket with this code if the person sees it as a technician; raises NotYours."""
    return _one(seen_by_staff(person), code)


def any_ticket(code: str) -> Ticket:
    """The ticket with this code, for the vendor's own systems; raises NotYours."""
    return _one(Ticket.objects.all(), code)


def opened_once(once: str, by: Actor) -> Ticket | None:
    """The ticket that this actor opened with this word for a double submit."""
    return Ticket.objects.select_related("customer", "requester", "queue", "assignee").filter(once=once_key(once, by)).first()


def _one(tickets: QuerySet[Ticket], code: str) -> Ticket:
    if "\x00" in code:
        raise NotYours
    ticket = tickets.select_related("customer", "requester", "queue", "assignee").filter(code=code).first()
    if ticket is None:
        raise NotYours
    return ticket


def is_customer_in(person: Person, ticket: Ticket) -> bool:
    """Is this person on the customer's side of the ticket, staff or not (VI-4)?"""
    return ticket.requester_id == person.pk or Membership.objects.filter(customer=ticket.customer_id, person=person).exists()


def earlier_tickets(ticket: Ticket, reader: Person | None, *, size: int = 5) -> list[Ticket]:
    """The customer's other tickets that the reader sees, newest first; None: one of the vendor's systems, which sees all."""
    seen = Ticket.objects.all() if reader is None else seen_by_staff(reader)
    others = seen.filter(customer=ticket.customer_id).exclude(pk=ticket.pk)
    return list(others.only("code", "subject", "state", "changed_at").order_by("-changed_at")[:size])


def newest_of(customer: Customer, reader: Person, *, size: int = 20) -> list[Ticket]:
    """The customer's newest tickets that the reader sees as staff."""
    found = seen_by_staff(reader).filter(customer=customer).only("code", "subject", "state", "opened_at")
    return list(found.order_by("-pk")[:size])
