"""Words in a ticket: answers that the customer reads, notes that he never sees."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base import vendor
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.desk import notices, queries, rules
from podpora.desk.actions.following import mention
from podpora.desk.actions.happening import happened
from podpora.desk.actions.snoozing import awaken
from podpora.desk.actions.writing import Pen, check_words, enter_state, keep, locked, note_event, or_invalid, pen_of, write
from podpora.desk.models import Message, SavedDraft, Ticket
from podpora.desk.values import Event, Happening, HappeningKind, MessageKind, Side, State, Words
from podpora.people.models import Person
from podpora.search.actions import index


@transaction.atomic
def reply(ticket: Ticket, words: Words, *, side: Side, then: State | None = None, by: Actor, at: datetime) -> Message:
    """A public message. `then`: the state that a technician chose with his answer (wait for the customer, solve).

    The customer's word makes it our turn and reopens what was solved, for 14 days (SC-2, SC-3). A technician is asked first when
    somebody wrote meanwhile (CL-1). Sent twice, written once.
    """
    or_invalid(check_words(words.text, words.uploads) if words.mailed is None else {})
    asked, (ticket, origin) = ticket.code, _going_on(locked(ticket), words, side, by)
    if again := _sent_already((asked, ticket.code), words, by):
        return again
    before = State(ticket.state)
    if side is Side.CUSTOMER:
        rules.may_write(ticket.facts(), at=at).or_refuse()
    else:
        _ask_if_stale(ticket, words, by)
        if then is not None and then is not before:
            rules.may_change_state(ticket.facts(), then).or_refuse()
    message = write(ticket, MessageKind.PUBLIC, words, pen=pen_of(side, by), by=by, at=at)
    _keep_apart(message, origin)
    _end_of_writing(ticket, side, by=by, at=at)
    mark_turn(ticket, side, at)
    if enter_state(ticket, rules.state_after(before, side, then), by=by, at=at):
        tell_of_state(ticket, before, by=by, at=at)
    keep(ticket, at=at)
    record("ticket.replied", ticket, by=by, at=at, facts={"message": message.code, "side": side.value, "state": ticket.state})
    tell = notices.customer_wrote if side is Side.CUSTOMER else notices.answered
    tell(ticket, message, by=by, at=at)
    happenings = [Happening(HappeningKind.REPLIED, message=message)]
    if State(ticket.state) is not before:
        happenings.append(Happening(HappeningKind.STATE, before=before.value, after=str(ticket.state)))
    happened(ticket, *happenings, by=by, at=at)
    return message


@transaction.atomic
def add_note(ticket: Ticket, words: Words, *, by: Actor, at: datetime) -> Message:
    """A note among technicians. It changes no state, stops no clock and never leaves (VI-2, SLA-8)."""
    or_invalid(check_words(words.text, words.uploads) if words.mailed is None else {})
    asked, (ticket, _origin) = ticket.code, _going_on(locked(ticket), words, Side.STAFF, by)
    if again := _sent_already((asked, ticket.code), words, by):
        return again
    note = write(ticket, MessageKind.NOTE, words, pen=pen_of(Side.STAFF, by), by=by, at=at)
    keep(ticket, at=at, changed=False)
    record("ticket.noted", ticket, by=by, at=at, facts={"message": note.code})
    if by.person_id:
        SavedDraft.objects.filter(ticket=ticket, person=by.person_id, kind="note").delete()
    told = mention(ticket, note, by=by, at=at)
    notices.noted(ticket, note, by=by, at=at, told=[person.pk for person in told])
    happened(ticket, Happening(HappeningKind.NOTED, message=note), by=by, at=at)
    return note


@transaction.atomic
def reply_automatically(ticket: Ticket, text: str, *, by: Actor, at: datetime) -> Message | None:
    """A public message that a rule wrote: automatic mail (RU-1), no answer of a technician (SLA-8), nobody's turn changes. None where
    the customer's last word was a machine's or not proven to be his: machines do not write to machines (AU-1, AU-5)."""
    ticket = locked(ticket)
    if not queries.may_be_told_automatically(ticket):
        return None
    message = write(ticket, MessageKind.PUBLIC, Words(text), pen=Pen(Side.SYSTEM, None, vendor.name()), by=by, at=at)
    keep(ticket, at=at, changed=False)
    record("ticket.replied", ticket, by=by, at=at, facts={"message": message.code, "side": "system", "state": ticket.state})
    notices.automatic(ticket, message, by=by, at=at)
    happened(ticket, Happening(HappeningKind.REPLIED, message=message), by=by, at=at)
    return message


def _going_on(ticket: Ticket, words: Words, side: Side, by: Actor) -> tuple[Ticket, Ticket | None]:
    """What is written in a merged ticket goes on in the other one (TH-10). A technician whose page shows the old one is asked first.
    The second value: the old one, where its people do not read the other (VI-7)."""
    if ticket.merged_into_id is None:
        return ticket, None
    if side is Side.STAFF and words.seen is not None:
        refuse("ticket.merged_already", ticket=ticket.code).or_refuse()
    target = locked(queries.end_of(ticket))
    writer = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    reads = side is Side.STAFF or (writer is not None and queries.sees_as_customer(writer, target))
    return target, None if reads else ticket


def _keep_apart(message: Message, origin: Ticket | None) -> None:
    if origin is not None:
        message.origin = origin
        message.save(update_fields=["origin"])
        index("ticket", [message.ticket_id], at=message.written_at)  # VI-7: not found by those who can't read it


def _end_of_writing(ticket: Ticket, side: Side, *, by: Actor, at: datetime) -> None:
    """The writer's draft is sent; a ticket that was put off until the customer writes comes back."""
    if side is Side.STAFF and by.person_id:
        SavedDraft.objects.filter(ticket=ticket, person=by.person_id, kind="reply").delete()
    if side is Side.CUSTOMER and ticket.snoozed_until is not None and ticket.snoozed_until_reply:
        awaken(ticket, by=by, at=at)


def _sent_already(tickets: tuple[str, str], words: Words, by: Actor) -> Message | None:
    """The same form sent before, to the ticket itself or to the one in which it goes on: a merge may lie between the two (S21)."""
    keys = [key for code in dict.fromkeys(tickets) if (key := rules.once_key(words.once, by, code))]
    return Message.objects.filter(once__in=keys).first() if keys else None


def _ask_if_stale(ticket: Ticket, words: Words, by: Actor) -> None:
    if words.seen is None or words.seen >= ticket.revision:
        return
    newer = queries.newer_than(ticket, words.seen, by.person_id)
    rules.newer_message(newer[-1].author_name if newer else None, ticket.code).or_refuse()


def mark_turn(ticket: Ticket, side: Side, at: datetime) -> None:
    """SLA-8, SLA-10: the first answer, and since when a customer waits for the next one."""
    if side is Side.CUSTOMER:
        ticket.last_customer_message_at = at
        ticket.waiting_since = ticket.waiting_since or at
        return
    ticket.last_staff_message_at = at
    ticket.first_answered_at = ticket.first_answered_at or at
    ticket.waiting_since = None


def tell_of_state(ticket: Ticket, before: State, *, by: Actor, at: datetime) -> None:
    """Reopening and the technician's choice stand in the conversation; that an answer opens a ticket goes without saying."""
    if before.is_done and not State(ticket.state).is_done:
        note_event(ticket, Event.REOPENED, by=by, at=at)
    elif State(ticket.state) is not State.OPEN:
        note_event(ticket, Event.STATE, by=by, at=at, to=ticket.state)
