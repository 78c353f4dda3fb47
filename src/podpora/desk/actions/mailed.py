"""A mail that belongs to a ticket becomes a message of it. Who sent it, and whether he may, was decided before (journeys.mailroom)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.desk import notices, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.messages import mark_turn, tell_of_state
from podpora.desk.actions.writing import Pen, enter_state, keep, locked, note_event, write
from podpora.desk.models import Link, Message, Participant, Ticket
from podpora.desk.values import Event, Happening, HappeningKind, LinkKind, Mailed, MessageKind, Side, State, Words
from podpora.people.models import Person


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote the mail: his side, the person if we know one, the name as it is shown (S42: with the address)."""

    side: Side
    person: Person | None
    name: str

    def pen(self) -> Pen:
        return Pen(self.side, self.person, self.name)


@transaction.atomic
def add_mail(ticket: Ticket, words: Words, *, sender: Sender, by: Actor, at: datetime) -> Message:
    """The customer's mail: it makes it our turn and reopens what was done, unless it is a machine's or nobody proved who sent it
    (TH-11, S39). An answer to an internal mail stays internal (TH-12). Added twice, written once."""
    assert words.mailed is not None
    mailed = words.mailed
    ticket = locked(ticket)
    if again := ticket.messages.filter(mail=mailed.code).first():
        return again
    if mailed.is_internal:
        return _add_internal(ticket, words, sender, by=by, at=at)
    before = State(ticket.state)
    message = write(ticket, MessageKind.PUBLIC, words, pen=sender.pen(), by=by, at=at)
    if not (mailed.is_quiet or mailed.is_unverified):
        mark_turn(ticket, Side.CUSTOMER, at)
        if enter_state(ticket, rules.state_after(before, Side.CUSTOMER), by=by, at=at):
            tell_of_state(ticket, before, by=by, at=at)
    keep(ticket, at=at, changed=not mailed.is_quiet)
    record("ticket.replied", ticket, by=by, at=at, facts={"message": message.code, "side": "customer", "state": str(ticket.state)})
    _tell(ticket, message, mailed, by=by, at=at)
    if not (mailed.is_quiet or mailed.is_unverified):
        changes = [Happening(HappeningKind.REPLIED, message=message)]
        if State(ticket.state) is not before:
            changes.append(Happening(HappeningKind.STATE, before=before.value, after=str(ticket.state)))
        happened(ticket, *changes, by=by, at=at)
    return message


def _tell(ticket: Ticket, message: Message, mailed: Mailed, *, by: Actor, at: datetime) -> None:
    """A machine's mail calls nobody. What nobody proved goes to the technician alone: strangers use us for no mail to others (S44)."""
    if mailed.is_unverified:
        notices.tell_technician(ticket, message, by=by, at=at)
    elif not mailed.is_quiet:
        notices.customer_wrote(ticket, message, by=by, at=at)


def _add_internal(ticket: Ticket, words: Words, sender: Sender, *, by: Actor, at: datetime) -> Message:
    """TH-12: it never leaves (VI-2)."""
    pen = Pen(Side.STAFF, sender.person if sender.side is Side.STAFF else None, sender.name)
    note = write(ticket, MessageKind.NOTE, words, pen=pen, by=by, at=at)
    keep(ticket, at=at, changed=False)
    record("ticket.noted", ticket, by=by, at=at, facts={"message": note.code})
    notices.noted(ticket, note, by=by, at=at)
    happened(ticket, Happening(HappeningKind.NOTED, message=note), by=by, at=at)
    return note


@transaction.atomic
def add_people_of_mail(ticket: Ticket, people: list[tuple[str, str]], *, by: Actor, at: datetime) -> int:
    """TH-14: whom the customer named in To and Cc take part from now on: they get what is said later and nothing earlier (A3)."""
    known = {ticket.requester.email, *ticket.participants.values_list("email", flat=True)}
    count = 0
    for email, name in people:
        if email in known or len(email) > 254:
            continue
        person = Person.objects.filter(email=email, is_active=True).first()
        member = person is not None and ticket.customer.memberships.filter(person=person).exists()
        if person is not None and person.is_staff:
            continue
        known.add(email)
        Participant.objects.create(
            ticket=ticket, email=email, person=person if member else None, name=name[:200], added_at=at, added_by=by.name[:200]
        )
        note_event(ticket, Event.PARTICIPANT, by=by, at=at, to=email)
        count += 1
    if count:
        record("ticket.participant", ticket, by=by, at=at, facts={"by_mail": count})
        happened(ticket, Happening(HappeningKind.PARTICIPANT), by=by, at=at)
    return count


@transaction.atomic
def note_bounce(ticket: Ticket, address: str, *, is_permanent: bool, by: Actor, at: datetime) -> None:
    """AU-7: an answer did not arrive. It stands in the conversation; nothing is reopened and no clock changes."""
    ticket = locked(ticket)
    event = Event.NOT_DELIVERED if is_permanent else Event.DELAYED
    note_event(ticket, event, by=by, at=at, to=address[:254])
    record("ticket.not_delivered", ticket, by=by, at=at, facts={"permanent": is_permanent})


@transaction.atomic
def link_by_mail(ticket: Ticket, code: str, *, is_follow_up: bool, by: Actor, at: datetime) -> None:
    """TH-6, TH-10: a ticket that the mail names or goes on from, for the technicians; the named one does not change."""
    other = Ticket.objects.filter(code=code).exclude(pk=ticket.pk).first()
    if other is not None:
        kind = LinkKind.FOLLOW_UP if is_follow_up else LinkKind.RELATES
        Link.objects.get_or_create(ticket=ticket, other=other, kind=kind, defaults={"made_at": at, "made_by": by.name[:200]})


@transaction.atomic
def tell_mail_held(technician: Person, mail: str, ticket: str, *, at: datetime) -> None:
    """VI-6: what came in his name waits until somebody looks at it."""
    notices.mail_held(technician, mail, ticket, at=at)
