"""A part of a conversation that becomes a ticket of its own (also the one click for TH-8)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.desk import queries, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import keep, locked, next_number, note_event, take_turn
from podpora.desk.models import Link, Message, StateChange, Ticket
from podpora.desk.values import SUBJECT_LENGTH, Event, Happening, HappeningKind, LinkKind, MessageKind, Side, State
from podpora.people.models import Membership, Person

COPIED = (
    *("customer", "product", "queue", "language", "is_private", "licence", "device", "device_name", "app_version", "platform"),
    *("version_is_ended", "tier", "support_code", "support_through", "priority", "kind", "assignee", "via", "promised_minutes"),
)


@transaction.atomic
def split(ticket: Ticket, messages: Sequence[Message], subject: str = "", *, by: Actor, at: datetime) -> Ticket:
    """These messages move into a new ticket of the same customer, with what it was opened under (SC-2), and both are linked.

    They keep their Message-IDs, so answers to them come into the new one. Whoever reads along in the old one does not follow: the
    new ticket belongs to who wrote its first message.
    """
    old = locked(ticket)
    moving = sorted({message.pk: message for message in messages if message.ticket_id == old.pk}.values(), key=lambda m: m.pk)
    subject = " ".join(subject.split()) or old.subject
    if len(subject) > SUBJECT_LENGTH or "\x00" in subject:
        raise InvalidInput({"subject": ["too_long" if len(subject) > SUBJECT_LENGTH else "ticket.not_text"]})
    _check(old, moving)
    new = _made(old, subject, _whose(old, moving[0]), moving, at=at)
    StateChange.objects.create(ticket=new, state=State.NEW, from_at=at, by_name=by.name[:200])
    Message.objects.filter(pk__in=[message.pk for message in moving]).update(ticket=new)
    if new.assignee is None:
        take_turn(new, by=by, at=at)
    keep(new, at=at)
    Link.objects.create(ticket=new, other=old, kind=LinkKind.SPLIT, made_at=at, made_by=by.name[:200])
    note_event(new, Event.SPLIT_FROM, by=by, at=at, to=old.code)
    note_event(old, Event.SPLIT, by=by, at=at, to=new.code)
    old.waiting_since = queries.waiting_since(old) if old.waiting_since else None
    if old.new_topic_flag in {message.code for message in moving}:
        old.new_topic_flag = ""
    keep(old, at=at, changed=False)
    record("ticket.split", old, by=by, at=at, facts={"new": new.code, "messages": [message.code for message in moving]})
    record(
        "ticket.opened",
        new,
        by=by,
        at=at,
        facts={"queue": new.queue.code, "customer": new.customer.code, "support": new.support_code},
    )
    happened(old, Happening(HappeningKind.SPLIT, after=new.code), by=by, at=at)
    happened(new, Happening(HappeningKind.OPENED, message=moving[0]), by=by, at=at)
    return new


def _check(old: Ticket, moving: Sequence[Message]) -> None:
    if not moving or any(message.kind == MessageKind.EVENT for message in moving):
        refuse("ticket.split_not_words", ticket=old.code).or_refuse()
    if moving[0].kind != MessageKind.PUBLIC or moving[0].side != Side.CUSTOMER:
        refuse("ticket.split_not_words", ticket=old.code).or_refuse()
    staying = Message.objects.filter(ticket=old, kind=MessageKind.PUBLIC).exclude(pk__in=[message.pk for message in moving])
    if not staying.exists():
        refuse("ticket.split_everything", ticket=old.code).or_refuse()


def _whose(old: Ticket, first: Message) -> Person:
    """Who wrote it, if he belongs to the customer; else who asked in the old one."""
    author = first.author
    if author is not None and Membership.objects.filter(customer=old.customer_id, person=author).exists():
        return author
    return old.requester


def _made(old: Ticket, subject: str, requester: Person, moving: Sequence[Message], *, at: datetime) -> Ticket:
    number = next_number("ticket")
    asked = [message.written_at for message in moving if message.side == Side.CUSTOMER]
    new = Ticket(
        number=number, code=f"T-{number}", subject=subject, requester=requester, state=State.NEW, opened_at=at, changed_at=at
    )
    for name in COPIED:
        setattr(new, name, getattr(old, name))
    new.revision = len(moving)
    new.took_in = int(any(message.origin_id for message in moving))  # VI-7: their readers stay who they were
    new.last_customer_message_at, new.waiting_since = max(asked), min(asked)
    place = rules.place_of(new.facts())
    new.rank, new.since = place.rank, place.since
    new.save()
    return new
