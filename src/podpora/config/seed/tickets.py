"""Synthetic tickets with their conversations and states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import F

from podpora.base.folding import folded
from podpora.config.seed import bulk, service
from podpora.config.seed.chance import Chance, code
from podpora.config.seed.owners import Owner
from podpora.desk import actions as desk
from podpora.desk import rules
from podpora.desk.actions.writing import next_number
from podpora.desk.models import Counter, Message, Rating, StateChange, Ticket, TicketTag
from podpora.desk.values import MessageKind, Priority, Purpose, Side, State, TicketFacts
from podpora.people.models import Person
from podpora.people.values import StaffRole
from podpora.search.models import Document
from podpora.search.rules import prepared, words

STATES = (
    *([State.CLOSED] * 14), *([State.SOLVED] * 2), State.OPEN, State.NEW, State.WAITING_CUSTOMER, State.WAITING_VENDOR,
)  # fmt: skip

_prepared = lru_cache(maxsize=2000)(lambda text: prepared([text]))


@lru_cache(maxsize=2000)
def _words(text: str) -> tuple[str, tuple[str, ...]]:
    """A text's own words, and what was made of them."""
    own = " ".join(words(text))
    return own, tuple(_prepared(text)[len(own) :].split())


Staff = tuple[int | None, str]
_folded = lru_cache(maxsize=2000)(folded)  # texts repeat


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket before it is a row."""

    number: int
    owner: Owner
    state: State
    assignee: Staff
    opened_at: datetime
    changed_at: datetime
    messages: int


def make_tickets(owners: list[Owner], count: int, chance: Chance) -> None:
    """So many tickets of these owners, four in five of them done, with two to nine messages each, promises, tags and ratings."""
    queue = desk.standard_queue(Purpose.VIP)
    found = Person.objects.filter(staff_role=StaffRole.TECHNICIAN).order_by("pk")
    staff: list[Staff] = [(person.pk, str(person)) for person in found] or [(None, "")]
    sla, known = service.agreement(chance.today), service.tags(chance.today)
    first = next_number("ticket")
    Counter.objects.filter(name="ticket").update(value=F("value") + count)
    for numbers in bulk.batches(range(first, first + count)):
        asked = [_asked(n, chance.random.choice(owners), chance.random.choice(staff), chance) for n in numbers]
        ids = range(start := bulk.next_id(Ticket), start + len(asked))
        subjects = {pk: chance.sentence() for pk in ids}
        pairs = list(zip(ids, asked, strict=True))
        bulk.insert(Ticket, (_ticket(each, queue.pk, sla, subjects[pk], chance) | {"id": pk} for pk, each in pairs))
        bulk.insert(TicketTag, (row for pk in ids for row in service.tagged(pk, known, chance)))
        bulk.insert(Rating, (row for pk, each in pairs for row in _rated(pk, each, chance)))
        bulk.insert(StateChange, (row for pk, each in pairs for row in _changes(pk, each)))
        said = {pk: list(_messages(pk, each, chance)) for pk, each in pairs}
        bulk.insert(Message, (row for rows in said.values() for row in rows))
        bulk.insert(Document, (_document(pk, each, subjects[pk], said[pk], chance) for pk, each in pairs))


def _asked(number: int, owner: Owner, assignee: Staff, chance: Chance) -> Asked:
    state = chance.random.choice(STATES)
    opened_at = chance.ago(900, 20) if state.is_done else chance.ago(12)
    changed_at = min(opened_at + timedelta(hours=chance.random.randint(1, 90)), chance.today)
    messages = 1 if state is State.NEW else chance.random.randint(2, 9)
    return Asked(number, owner, state, assignee, opened_at, changed_at, messages)


def _ticket(asked: Asked, queue: int, sla: int | None, subject: str, chance: Chance) -> dict[str, object]:
    owner, state, changed_at = asked.owner, asked.state, asked.changed_at
    answered_at = None if state is State.NEW else changed_at
    waiting_since = asked.opened_at if state.is_active else None
    solved_at = changed_at if state.is_done else None
    ticket = f"T-{asked.number}"
    place = rules.place_of(TicketFacts(ticket, state, Priority.NORMAL, True, asked.opened_at, waiting_since, solved_at, changed_at))
    return {
        "number": asked.number, "code": ticket, "customer_id": owner.customer, "requester_id": owner.person,
        "product_id": owner.product, "queue_id": queue, "subject": subject, "subject_folded": folded(subject), "state": state.value,
        "assignee_id": asked.assignee[0], "licence": owner.licence, "device": owner.device, "device_name": owner.device_name,
        "app_version": owner.app_version, "tier": "pro", "support_code": "support.active", "opened_at": asked.opened_at,
        "last_customer_message_at": asked.opened_at, "changed_at": changed_at, "last_staff_message_at": answered_at,
        "waiting_since": waiting_since, "first_answered_at": answered_at, "solved_at": solved_at, "revision": asked.messages,
        "rank": place.rank, "since": place.since, **service.clocks(state, sla, chance),
    }  # fmt: skip


def _rated(ticket: int, asked: Asked, chance: Chance) -> Iterator[dict[str, object]]:
    return service.rated(ticket, asked.owner.person, asked.assignee[0], asked.state, asked.changed_at, chance)


def _changes(ticket: int, asked: Asked) -> Iterator[dict[str, object]]:
    is_new = asked.state is State.NEW
    until = None if is_new else asked.changed_at
    yield {"ticket_id": ticket, "state": State.NEW.value, "from_at": asked.opened_at, "until_at": until}
    if not is_new:
        yield {"ticket_id": ticket, "state": asked.state.value, "from_at": asked.changed_at, "until_at": None}


def _messages(ticket: int, asked: Asked, chance: Chance) -> Iterator[dict[str, object]]:
    step = (asked.changed_at - asked.opened_at) / max(asked.messages - 1, 1)
    sides: Sequence[tuple[Side, Staff]] = (
        (Side.CUSTOMER, (asked.owner.person, asked.owner.name)),
        (Side.STAFF, asked.assignee) if asked.assignee[0] else (Side.CUSTOMER, (asked.owner.person, asked.owner.name)),
    )
    for n in range(asked.messages):
        side, (author, name) = sides[n % 2]
        text = chance.text()
        yield {
            "code": code("M", asked.number * 10 + n), "ticket_id": ticket, "kind": MessageKind.PUBLIC.value, "side": side.value,
            "author_id": author, "author_name": name, "text": text, "text_folded": _folded(text), "written_at": asked.opened_at + step * n,
        }  # fmt: skip


def _document(ticket: int, asked: Asked, subject: str, said: Sequence[Mapping[str, object]], chance: Chance) -> dict[str, object]:
    """As the actions would index it (desk.searching)."""
    owner = asked.owner
    return {
        "kind": "ticket", "ref": ticket, "keys": f"=kind:ticket =customer:{owner.customer} =person:{owner.person}",
        "title": prepared([f"{subject} T-{asked.number}"]), "people": _prepared(owner.name),
        "body": _body([str(row["text"]) for row in said]), "indexed_at": chance.today,
    }  # fmt: skip


def _body(texts: Sequence[str]) -> str:
    """`prepared` of all texts, from what is known of each: their words, then once what was made of them."""
    known = [_words(text) for text in texts]
    return " ".join([*(own for own, _made in known), *dict.fromkeys(part for _own, made in known for part in made)])
