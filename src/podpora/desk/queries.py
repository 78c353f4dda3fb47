"""Reading the desk: who sees which tickets, the technician's list, the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from podpora.base.actors import Actor
from podpora.base.codes import normalised
from podpora.base.errors import NotYours
from podpora.desk.models import VIP_CODES, Attachment, Message, Participant, Queue, QueueMember, Ticket
from podpora.desk.rules import customer_sees, once_key
from podpora.desk.values import EVENTS_FOR_CUSTOMERS, MessageKind, Purpose
from podpora.people.models import Customer, Membership, Person
from podpora.people.permissions import staff_may
from podpora.people.values import ROLE_PERMISSIONS, STAFF_PERMISSIONS

TICKET_ROLES = [role.value for role, allowed in ROLE_PERMISSIONS.items() if "tickets" in allowed]
ANSWERING_ROLES = [role.value for role, allowed in STAFF_PERMISSIONS.items() if "tickets" in allowed]
PAGE = 50
COUNT_LIMIT = 1000  # a badge says "999+": counting a hundred thousand rows helps nobody


# --- who sees what (VI-1, VI-3, VI-4) ----------------------------------------------------------------------------


def seen_by_customer(person: Person) -> QuerySet[Ticket]:
    """VI-1: the tickets that this person sees as a customer: his own and those he takes part in, while he is a member of
    their customer; all others of a customer in which his role includes tickets, unless they are private."""
    memberships = Membership.objects.filter(person=person)
    mine = Q(requester=person) | Exists(Participant.objects.filter(ticket=OuterRef("pk"), person=person))
    as_member = Q(customer__in=memberships.values("customer"))
    as_colleague = Q(customer__in=memberships.filter(role__in=TICKET_ROLES).values("customer"), is_private=False)
    return Ticket.objects.filter((as_member & mine) | as_colleague)


def seen_by_staff(person: Person, *, for_list: bool = False) -> QuerySet[Ticket]:
    """Every ticket for the vendor's technicians, but those of a customer that they belong to: there they are customers
    and must not read notes (VI-4). Everything on the desk starts here: lists, counts, search, pages, files.
    `for_list` asks for those customers at once: nearly always there are none, and a list then reads its index alone."""
    if not staff_may(person, "tickets"):
        return Ticket.objects.none()
    mine = Membership.objects.filter(person=person).order_by().values_list("customer_id", flat=True)
    if not for_list:
        return Ticket.objects.exclude(customer__in=mine)
    own = list(mine)
    return Ticket.objects.exclude(customer__in=own) if own else Ticket.objects.all()


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
    related = tickets.select_related("customer", "requester", "queue", "assignee", "product")
    ticket = related.filter(code=code).first()
    if ticket is None:
        raise NotYours
    return ticket


def is_customer_in(person: Person, ticket: Ticket) -> bool:
    """Is this person on the customer's side of the ticket, staff or not (VI-4)?"""
    return ticket.requester_id == person.pk or Membership.objects.filter(customer=ticket.customer_id, person=person).exists()


# --- queues and technicians --------------------------------------------------------------------------------------


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


def in_turn(queue: Queue, ticket: Ticket) -> list[int]:
    """The ids of those who may get this ticket by turn now: present technicians of the queue, without the ticket's own side.

    A queue without members is served by all technicians (not by managers, who take tickets by hand).
    """
    present = Person.objects.filter(is_active=True, is_present=True).exclude(memberships__customer=ticket.customer_id)
    if queue.members.exists():
        present = present.filter(queues=queue, staff_role__in=ANSWERING_ROLES)
    else:
        present = present.filter(staff_role="technician")
    return list(present.values_list("pk", flat=True))


# --- the technician's list ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListWish:
    """What a technician wants to see; the address holds it."""

    view: str = "mine"  # mine, unassigned, waiting, open, solved
    queue: str = ""
    words: str = ""
    after: str = ""  # cursor


class Listed(NamedTuple):
    """A ticket as a line of a list: what is shown of it and nothing more, read without making models of four tables."""

    pk: int
    code: str
    subject: str
    state: str
    priority: int
    rank: int
    since: datetime
    waiting_since: datetime | None
    solved_at: datetime | None
    changed_at: datetime
    support_code: str
    app_version: str
    queue_id: int
    requester_name: str
    requester_email: str
    customer_name: str
    customer_kind: str
    assignee_name: str | None
    assignee_email: str | None

    @property
    def is_vip(self) -> bool:
        return self.support_code in VIP_CODES


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list and the cursor of the next."""

    tickets: Sequence[Listed]
    next: str


VIEWS = ("mine", "unassigned", "waiting", "open", "solved")


def of_view(tickets: QuerySet[Ticket], view: str, person: Person) -> QuerySet[Ticket]:
    """The tickets of one tab."""
    match view:
        case "mine":
            return tickets.filter(assignee=person, rank__lt=200)
        case "unassigned":
            return tickets.filter(assignee=None, rank__lt=200)
        case "waiting":
            return tickets.filter(rank__gte=100, rank__lt=200)
        case "solved":
            return tickets.filter(rank__gte=200)
    return tickets.filter(rank__lt=200)


def work_list(person: Person, wish: ListWish, *, size: int = PAGE) -> ListPage:
    """A page of the technician's list: by urgency; what is solved by the day of solving, newest first."""
    tickets = seen_by_staff(person, for_list=True)
    if not wish.words or wish.view != "all":
        tickets = of_view(tickets, wish.view, person)
    if wish.queue:
        tickets = tickets.filter(queue__code=wish.queue)
    if wish.words:
        tickets = found(tickets, wish.words)
    solved = wish.view == "solved"
    order = ("-solved_at", "-id") if solved else ("rank", "since", "id")
    lines = _after(tickets, wish.after, solved=solved).order_by(*order).values_list(*LIST_FIELDS)
    rows = [Listed(*line) for line in lines[: size + 1]]
    more = len(rows) > size
    return ListPage(rows[:size], cursor(rows[size - 1], solved=solved) if more else "")


# In the order of Listed.
LIST_FIELDS = (
    *("pk", "code", "subject", "state", "priority", "rank", "since", "waiting_since", "solved_at", "changed_at", "support_code"),
    *("app_version", "queue_id", "requester__name", "requester__email", "customer__name", "customer__kind"),
    *("assignee__name", "assignee__email"),
)


def cursor(ticket: Listed, *, solved: bool) -> str:
    """The place of a ticket in its list, for `?after=`: what changes elsewhere does not shift the next page."""
    instant = ticket.solved_at if solved else ticket.since
    return f"{ticket.rank}~{instant.isoformat() if instant else ''}~{ticket.pk}"


def _after(tickets: QuerySet[Ticket], after: str, *, solved: bool) -> QuerySet[Ticket]:
    """The rows behind the cursor; one that makes no sense is the beginning."""
    try:
        rank_text, instant_text, pk_text = after.split("~")
        rank, instant, pk = int(rank_text), datetime.fromisoformat(instant_text), int(pk_text)
    except ValueError:
        return tickets
    if instant.tzinfo is None or not 0 <= rank < 1000 or not 0 <= pk < 2**63:
        return tickets
    if solved:
        return tickets.filter(Q(solved_at__lt=instant) | Q(solved_at=instant, pk__lt=pk))
    later = Q(rank__gt=rank) | Q(rank=rank, since__gt=instant) | Q(rank=rank, since=instant, pk__gt=pk)
    return tickets.filter(later, rank__gte=rank)


def found(tickets: QuerySet[Ticket], words: str) -> QuerySet[Ticket]:
    """Search by code or number, by the requester's address or name, in the subject or in what was written publicly.

    Until there is a full-text index, words are looked for in the newest SUBJECTS tickets and TEXTS messages only: a range of the
    primary key on both engines, so that a word which is nowhere costs the same among a hundred thousand tickets.
    """
    words = " ".join(words.replace("\x00", "").split())[:100]
    number = normalised(words).removeprefix("T-")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return tickets.filter(number=int(number))
    if "@" in words:
        return tickets.filter(requester__in=Person.objects.filter(email__istartswith=words.lower()).values("pk"))
    return tickets.filter(pk__in=_hits(tickets.order_by(), words))


def _hits(tickets: QuerySet[Ticket], words: str) -> set[int]:
    """The ids of at most HITS tickets from each place where the words may stand. Five statements."""
    newest, last = _newest(Ticket), _newest(Message)
    people = list(Person.objects.filter(name__icontains=words).values_list("pk", flat=True)[:HITS])
    firms = list(Customer.objects.filter(name__icontains=words).values_list("pk", flat=True)[:HITS])
    texts = Message.objects.filter(pk__gt=last - TEXTS, kind=MessageKind.PUBLIC, text__icontains=words).order_by("-pk")
    hits = set(texts.values_list("ticket", flat=True)[:HITS])
    hits.update(_ids(tickets.filter(pk__gt=newest - SUBJECTS, subject__icontains=words)))
    if people or firms:
        hits.update(_ids(tickets.filter(Q(requester__in=people) | Q(customer__in=firms))))
    return hits


def _ids(tickets: QuerySet[Ticket]) -> QuerySet[Ticket, int]:
    return tickets.order_by("-pk").values_list("pk", flat=True)[:HITS]


def _newest(model: type[Ticket] | type[Message]) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


HITS = 200
SUBJECTS = 10_000
TEXTS = 4_000


def counts(person: Person) -> dict[str, int]:
    """How many tickets each tab of unfinished work has, up to COUNT_LIMIT; by the same door as the list (VI-3)."""
    tickets = seen_by_staff(person, for_list=True).order_by()
    views = [view for view in VIEWS if view != "solved"]
    if not staff_may(person, "tickets"):
        return dict.fromkeys(views, 0)
    parts = [of_view(tickets, view, person).values("pk")[:COUNT_LIMIT].query.sql_with_params() for view in views]
    columns = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS part)" for sql, _params in parts)  # noqa: S608  # the ORM made it
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [param for _sql, params in parts for param in params])
        return dict(zip(views, cursor.fetchone(), strict=True))


# --- the conversation --------------------------------------------------------------------------------------------

CONVERSATION_PAGE = 50


@dataclass(frozen=True, slots=True)
class Conversation:
    """A page of messages, oldest first, with their attachments; `earlier`: the cursor of the page before, empty if none."""

    messages: Sequence[Message]
    earlier: str


def conversation(ticket: Ticket, *, for_customer: bool, before: str = "", size: int = CONVERSATION_PAGE) -> Conversation:
    """The newest messages (or those before a cursor). For a customer without notes and internal events (VI-2)."""
    messages = messages_for_customer(ticket) if for_customer else Message.objects.filter(ticket=ticket)
    if before.isascii() and before.isdigit() and len(before) < 19:
        messages = messages.filter(pk__lt=int(before))
    rows = list(messages.order_by("-pk")[: size + 1])
    page = rows[:size][::-1]
    earlier = str(page[0].pk) if len(rows) > size else ""
    with_attachments(page)
    return Conversation(page, earlier)


def messages_for_customer(ticket: Ticket) -> QuerySet[Message]:
    """VI-2: what may leave to a customer. Pages, mails and API read messages through here."""
    events = Q(kind=MessageKind.EVENT, event__in=[event.value for event in EVENTS_FOR_CUSTOMERS])
    return Message.objects.filter(ticket=ticket).filter(Q(kind=MessageKind.PUBLIC) | events)


def with_attachments(messages: Sequence[Message]) -> None:
    """Put `shown_files` on each message; asks the database only if some message has files."""
    for message in messages:
        message.shown_files = []  # type: ignore[attr-defined]
    having = {message.pk: message for message in messages if message.files}
    if having:
        for attachment in Attachment.objects.filter(message__in=having).order_by("pk"):
            having[attachment.message_id].shown_files.append(attachment)  # type: ignore[attr-defined]


def attachment_of(ticket: Ticket, code: str, *, for_customer: bool) -> Attachment:
    """The attachment with this code, in this ticket and in a message that the reader may see (B6); raises NotYours."""
    attachments = Attachment.objects.filter(message__ticket=ticket).select_related("message", "file")
    found = attachments.filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None or (for_customer and not customer_sees(MessageKind(found.message.kind), found.message.event)):
        raise NotYours
    return found


def newer_than(ticket: Ticket, seen: int, person_id: int | None) -> list[Message]:
    """The words that others wrote since the reader had revision `seen` before his eyes (CL-1), oldest first."""
    count = max(0, ticket.revision - seen)
    words = Message.objects.filter(ticket=ticket).exclude(kind=MessageKind.EVENT).order_by("-pk")[:count]
    return [message for message in reversed(words) if person_id is None or message.author_id != person_id]


def public_ids(ticket: Ticket) -> list[str]:
    """The Message-IDs of the public conversation, oldest first: the References of the next mail."""
    ids = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC).exclude(message_id="").order_by("pk")
    return list(ids.values_list("message_id", flat=True))


def earlier_tickets(ticket: Ticket, *, size: int = 5) -> list[Ticket]:
    """The customer's other tickets, newest first."""
    others = Ticket.objects.filter(customer=ticket.customer_id).exclude(pk=ticket.pk)
    return list(others.only("code", "subject", "state", "changed_at").order_by("-changed_at")[:size])


@dataclass(frozen=True, slots=True)
class CentrePage:
    """One page of the support centre's list and the cursor of the next."""

    tickets: Sequence[Ticket]
    next: str


def tickets_of_customers(person: Person, *, size: int = PAGE, after: str = "") -> CentrePage:
    """The support centre's list: what the person sees, unfinished first, then by the last change."""
    tickets = seen_by_customer(person).select_related("requester", "customer").order_by("-changed_at", "-pk")
    try:
        instant_text, pk_text = after.split("~")
        instant, pk = datetime.fromisoformat(instant_text), int(pk_text)
        if instant.tzinfo is not None and 0 <= pk < 2**63:
            tickets = tickets.filter(Q(changed_at__lt=instant) | Q(changed_at=instant, pk__lt=pk))
    except ValueError:
        pass
    rows = list(tickets[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return CentrePage(rows[:size], f"{last.changed_at.isoformat()}~{last.pk}" if last else "")
