"""Synthetic tickets with their conversations and states."""

from datetime import datetime, timedelta

from django.db.models import F

from podpora.config.seed.chance import Chance, code
from podpora.config.seed.owners import BATCH, Owner
from podpora.desk import actions as desk
from podpora.desk import rules
from podpora.desk.actions.writing import next_number
from podpora.desk.models import Counter, Message, Queue, StateChange, Ticket
from podpora.desk.values import MessageKind, Purpose, Side, State
from podpora.people.models import Person
from podpora.people.values import StaffRole

STATES = (
    *([State.CLOSED] * 14), *([State.SOLVED] * 2), State.OPEN, State.NEW, State.WAITING_CUSTOMER, State.WAITING_VENDOR,
)  # fmt: skip


def make_tickets(owners: list[Owner], count: int, chance: Chance) -> None:
    """So many tickets of these owners, four in five of them done, with two to four messages each."""
    queue = desk.standard_queue(Purpose.VIP)
    staff: list[Person | None] = [*Person.objects.filter(staff_role=StaffRole.TECHNICIAN).order_by("pk")] or [None]
    first = next_number("ticket")
    Counter.objects.filter(name="ticket").update(value=F("value") + count)
    for begin in range(0, count, BATCH):
        numbers = range(first + begin, first + min(begin + BATCH, count))
        tickets = Ticket.objects.bulk_create(_ticket(n, chance.random.choice(owners), queue, staff, chance) for n in numbers)
        StateChange.objects.bulk_create(change for ticket in tickets for change in _changes(ticket))
        Message.objects.bulk_create(message for ticket in tickets for message in _messages(ticket, chance))


def _ticket(number: int, owner: Owner, queue: Queue, staff: list[Person | None], chance: Chance) -> Ticket:
    state = chance.random.choice(STATES)
    done = state in (State.SOLVED, State.CLOSED)
    opened_at = chance.ago(900, 20) if done else chance.ago(12)
    changed_at = min(opened_at + timedelta(hours=chance.random.randint(1, 90)), chance.today)
    waits = state in (State.NEW, State.OPEN)
    ticket = Ticket(
        number=number, code=f"T-{number}", customer=owner.customer, requester=owner.person, product_id=owner.licence.product_id, queue=queue,
        subject=chance.sentence(), state=state, assignee=chance.random.choice(staff), licence=owner.licence.code,
        device=owner.device.code, device_name=owner.device.name, app_version=owner.device.app_version, tier="pro",
        support_code="support.active", opened_at=opened_at, last_customer_message_at=opened_at, changed_at=changed_at,
        last_staff_message_at=None if state is State.NEW else changed_at, waiting_since=opened_at if waits else None,
        first_answered_at=None if state is State.NEW else changed_at, solved_at=changed_at if done else None,
        revision=1 if state is State.NEW else chance.random.randint(2, 4),
    )  # fmt: skip
    place = rules.place_of(ticket.facts())
    ticket.rank, ticket.since = place.rank, place.since
    return ticket


def _changes(ticket: Ticket) -> list[StateChange]:
    if ticket.state == State.NEW:
        return [StateChange(ticket=ticket, state=State.NEW, from_at=ticket.opened_at)]
    return [
        StateChange(ticket=ticket, state=State.NEW, from_at=ticket.opened_at, until_at=ticket.changed_at),
        StateChange(ticket=ticket, state=ticket.state, from_at=ticket.changed_at),
    ]


def _messages(ticket: Ticket, chance: Chance) -> list[Message]:
    step = (ticket.changed_at - ticket.opened_at) / max(ticket.revision - 1, 1)
    return [_message(ticket, n, ticket.opened_at + step * n, chance) for n in range(ticket.revision)]


def _message(ticket: Ticket, number: int, at: datetime, chance: Chance) -> Message:
    by_staff = number % 2 == 1 and ticket.assignee is not None
    author = ticket.assignee if by_staff else ticket.requester
    return Message(
        code=code("M", ticket.number * 10 + number), ticket=ticket, kind=MessageKind.PUBLIC, side=Side.STAFF if by_staff else Side.CUSTOMER,
        author=author, author_name=author.name if author else "", text=chance.text(), written_at=at,
    )  # fmt: skip
