"""Tickets of an older desk: what was asked and answered, with its dates. Nobody is told, and no promise begins to run."""

from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput, Problems
from podpora.desk import actions
from podpora.desk.actions.queues import STANDARD
from podpora.desk.models import Queue
from podpora.desk.values import MessageKind, OldMessage, OldTicket, Purpose, Side, State, Upload
from podpora.jobs import queries as known_names
from podpora.journeys.importing import customers
from podpora.journeys.importing.reading import Outcome, Reader, Row, Sources, known, remember
from podpora.licensing.models import Licence
from podpora.people import queries as people
from podpora.people.models import Customer, Person

FIELDS = (
    "external_id",
    *customers.BUYER,
    "subject",
    "text",
    "answer",
    "opened_at",
    "solved_at",
    "state",
    "queue",
    "licence",
    "messages",
)
READ_OVER = ("code", "device", "version", "assignee")
MESSAGE = ("kind", "side", "via", "email", "name", "text", "event", "at", "attachments")
STATES = (State.OPEN, State.WAITING_CUSTOMER, State.SOLVED, State.CLOSED)


@transaction.atomic
def bring_in(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One ticket with its conversation, in the state that it had."""
    read = Reader(row, (*FIELDS, *READ_OVER))
    external_id = read.text("external_id", most=100, required=True)
    if external_id and (there := known("ticket", external_id, row)):
        return there
    subject, opened_at = read.text("subject", most=200, required=True), read.instant("opened_at", required=True)
    state, solved_at = _state(read), read.instant("solved_at")
    queue, messages = _queue(read), _messages(read, sources, opened_at)
    customer = customers.named(read, by=by, at=at)
    licence = _licence(read, customer)
    read.or_refuse()
    assert customer is not None and opened_at is not None
    old = OldTicket(
        subject=subject, messages=tuple(messages), state=state, opened_at=opened_at, licence=licence,
        solved_at=solved_at or max(message.at for message in messages),
    )  # fmt: skip
    ticket = actions.import_ticket(old, customer=customer, requester=_requester(read, customer), queue=queue, by=by, at=at)
    return remember("ticket", external_id, ticket.code, row, at=at)


def _state(read: Reader) -> State:
    told = read.text("state", most=20) or "closed"
    if told == "new":
        told = State.OPEN.value
    if told not in set(STATES) | {State.WAITING_VENDOR, State.MERGED}:
        read.problems.add("state", "unknown", choices=", ".join(STATES))
        return State.CLOSED
    return State.CLOSED if told == State.MERGED else State(told)


def _queue(read: Reader) -> Queue:
    told = read.text("queue", most=40)
    found = Queue.objects.filter(code=told).first() if told else None
    standard = next((purpose for purpose, known in STANDARD.items() if known[0] == told), None)
    if found is None and standard is not None:
        return actions.standard_queue(standard)
    if told and found is None:
        read.problems.add("queue", "import.no_such_queue")
    return found or actions.standard_queue(Purpose.GENERAL)


def _messages(read: Reader, sources: Sources, opened_at: datetime | None) -> list[OldMessage]:
    listed = read.rows("messages")
    if not listed:
        return _question_and_answer(read, opened_at)
    found = []
    for number, told in enumerate(listed):
        part = Reader(told, MESSAGE)
        if told.get("kind") != "event" and (message := _message(part, sources)):
            found.append(message)
        read.problems.include(InvalidInput(part.problems.fields, part.problems.facts), inside=f"messages.{number}.")
    if not found and not read.problems.fields:
        read.problems.add("messages", "required")
    return found


def _question_and_answer(read: Reader, opened_at: datetime | None) -> list[OldMessage]:
    text, answer = read.text("text", most=100_000, required=True), read.text("answer", most=100_000)
    if opened_at is None:
        return []
    said = [OldMessage(MessageKind.PUBLIC, Side.CUSTOMER, "", "", text, opened_at)]
    return [*said, OldMessage(MessageKind.PUBLIC, Side.STAFF, "", "", answer, opened_at)] if answer else said


def _message(part: Reader, sources: Sources) -> OldMessage | None:
    kind, side = part.text("kind", most=10) or "public", part.text("side", most=10) or "customer"
    if kind not in (MessageKind.PUBLIC, MessageKind.NOTE):
        part.problems.add("kind", "unknown", choices="public, note, event")
    if side not in set(Side):
        part.problems.add("side", "unknown", choices=", ".join(Side))
    text, at = part.text("text", most=100_000, required=not part.row.get("attachments")), part.instant("at", required=True)
    uploads = tuple(_upload(part, told, sources) for told in part.rows("attachments"))
    if part.problems.fields or at is None:
        return None
    email, name = part.text("email", most=254), part.text("name", most=200)
    return OldMessage(MessageKind(kind), Side(side), email, name, text, at, tuple(one for one in uploads if one))


def _upload(part: Reader, told: Row, sources: Sources) -> Upload | None:
    name: Any = told.get("name") or "attachment"
    try:
        content = sources.file(str(told.get("file", "")))
    except KeyError:
        part.problems.add("attachments", "unknown")
        return None
    return Upload(str(name), content, str(told.get("type", "")))


def _licence(read: Reader, customer: Customer | None) -> str:
    told = read.text("licence", most=100)
    if not told or customer is None:
        return ""
    there = known_names.outside_name("licence", told)
    code = there.code if there else told.upper()
    if not Licence.objects.filter(code=code, customer=customer).exists():
        problems = Problems()
        problems.add("licence", "import.no_such_licence")
        read.problems.include(InvalidInput(problems.fields), inside="")
    return code


def _requester(read: Reader, customer: Customer) -> Person:
    """Who asked: the address in the row when he belongs to the customer, else the customer's first member."""
    email = read.text("email", most=254).lower()
    members = list(people.members_of(customer))
    mine = next((member.person for member in members if member.person.email == email), None)
    return mine or members[0].person
