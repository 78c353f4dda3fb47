"""What the actions on tickets share: the next number, words into a message, files, a state into history, the turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from podpora.audit.actions import announce, record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.desk import notices, queries, rules
from podpora.desk.actions.tokens import hand_out_tokens
from podpora.desk.models import Attachment, Counter, Message, RoundRobin, StateChange, Ticket
from podpora.desk.values import (
    DONE,
    MAX_FILE_SIZE,
    MAX_FILES,
    TEXT_LENGTH,
    Assignment,
    Event,
    Mailed,
    MessageKind,
    Side,
    State,
    Upload,
    Via,
    Words,
)
from podpora.files.actions import store
from podpora.files.rules import safe_name
from podpora.people.models import Person
from podpora.search.actions import append
from podpora.search.values import Field


def next_number(name: str) -> int:
    """The next number of a series. The row stays locked until the transaction ends, so two tickets never share one."""
    Counter.objects.get_or_create(name=name)
    Counter.objects.filter(name=name).update(value=F("value") + 1)
    return Counter.objects.values_list("value", flat=True).get(name=name)


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked; one that was merged with the other one, in the order in which merging and its undoing lock them."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "requester", "queue", "assignee")
    if ticket.merged_into_id is None:
        return rows.get(pk=ticket.pk)
    both = {row.pk: row for row in rows.filter(pk__in={ticket.pk, ticket.merged_into_id}).order_by("pk")}
    return both[ticket.pk]


def check_words(text: str, uploads: Sequence[Upload]) -> dict[str, list[str]]:
    """The codes of what is wrong with a text and its files, by field."""
    problems: dict[str, list[str]] = {}
    if not text.strip():
        problems["text"] = ["required"]
    elif len(text) > TEXT_LENGTH:
        problems["text"] = ["too_long"]
    elif "\x00" in text:
        problems["text"] = ["ticket.not_text"]
    if sum(not upload.is_diagnostics for upload in uploads) > MAX_FILES:
        problems["files"] = ["ticket.too_many_files"]
    elif any(not upload.content for upload in uploads):
        problems["files"] = ["ticket.file_empty"]
    elif any(len(upload.content) > MAX_FILE_SIZE for upload in uploads):
        problems["files"] = ["ticket.file_too_large"]
    return problems


def or_invalid(problems: dict[str, list[str]]) -> None:
    if problems:
        raise InvalidInput(problems)


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes: on which side, as whom. The customer's side of a ticket opened by a system is the requester."""

    side: Side
    author: Person | None
    name: str


def pen_of(side: Side, by: Actor) -> Pen:
    author = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    return Pen(side, author, str(author) if author else by.name)


def write(ticket: Ticket, kind: MessageKind, words: Words, *, pen: Pen, by: Actor, at: datetime) -> Message:
    """One message with its files, numbered for the optimistic lock and named for mail threading."""
    message = Message(
        ticket=ticket,
        kind=kind,
        side=pen.side,
        via=words.via,
        author=pen.author,
        author_name=pen.name[:200],
        text=words.text.replace("\r\n", "\n").strip(),
        files=len(words.uploads),
        written_at=at,
        once=rules.once_key(words.once, by, ticket.code),
    )
    if kind is MessageKind.PUBLIC or words.mailed is not None:
        message.message_id = notices.id_for(ticket, message.code)
    if words.mailed is not None:
        _as_mailed(message, words.mailed)
    message.save()
    _attach(message, words.uploads, by=by, at=at)
    append("ticket", ticket.pk, Field.NOTES if kind is MessageKind.NOTE else Field.BODY, message.text, at=at)
    ticket.revision += 1
    hand_out_tokens(ticket, at=at)
    return message


def _as_mailed(message: Message, mailed: Mailed) -> None:
    message.mail, message.mail_id, message.in_reply_to = mailed.code, mailed.message_id[:450], mailed.in_reply_to[:255]
    message.visible, message.html = mailed.visible, mailed.html
    message.is_quiet, message.is_automatic = mailed.is_quiet or mailed.is_unverified, mailed.is_automatic
    message.is_unverified, message.is_internal_mail = mailed.is_unverified, mailed.is_internal
    message.sent_at, message.sent_text = mailed.sent_at, mailed.date_text[:120]
    if mailed.is_new_topic:
        message.ticket.new_topic_flag = message.code  # TH-8


def _attach(message: Message, uploads: Sequence[Upload], *, by: Actor, at: datetime) -> None:
    for position, upload in enumerate(uploads, 1):
        name = safe_name(upload.name, f"attachment-{position}")
        kind = upload.content_type[:100] or "application/octet-stream"
        clean = rules.cleaned(upload, name, kind)
        stored = store(clean.content, name=name, content_type=kind, by=by, at=at)
        Attachment.objects.create(
            code=stored.code,
            message=message,
            file=stored,
            name=name,
            content_type=stored.content_type,
            size=len(clean.content),
            content_id=upload.content_id[:255],
            is_inline=upload.is_inline and stored.is_image,
            secrets_removed=clean.secrets,
            preview=rules.preview_of(clean.content) if upload.is_diagnostics else "",
        )


def note_event(ticket: Ticket, event: Event, *, by: Actor, at: datetime, **facts: Any) -> Message:
    """A line in the conversation that says what happened. It does not count as words (CL-1)."""
    return Message.objects.create(
        ticket=ticket,
        kind=MessageKind.EVENT,
        side=Side.SYSTEM,
        via=Via.WEB,
        author_name=by.name[:200],
        event=event,
        event_facts=facts,
        written_at=at,
    )


def enter_state(ticket: Ticket, state: State, *, by: Actor, at: datetime) -> bool:
    """Close the interval of the old state and begin the new one (SLA-4). False if it is in this state already."""
    if ticket.state == state:
        return False
    was_done = State(ticket.state) in DONE
    ticket.state_changes.filter(until_at=None).update(until_at=at)
    StateChange.objects.create(ticket=ticket, state=state, from_at=at, by_name=by.name[:200])
    ticket.state = state
    if ticket.own_state_id is not None:
        ticket.own_state = None
    if state == State.SOLVED:
        announce("ticket.solved", {"ticket": ticket.code}, at=at)
    if state in DONE:
        ticket.solved_at = ticket.solved_at or at
        ticket.waiting_since = ticket.snoozed_until = None
    elif was_done:
        ticket.solved_at, ticket.closed_as = None, ""
        ticket.reopened += 1
    return True


def keep(ticket: Ticket, *, at: datetime, changed: bool = True) -> None:
    """Save the ticket with its place in the list."""
    if changed:
        ticket.changed_at = at
    place = rules.place_of(ticket.facts())
    ticket.rank, ticket.since = place.rank, place.since
    ticket.save()


def hand_on(ticket: Ticket, *, by: Actor, at: datetime) -> bool:
    """VI-3: a technician who does not serve the ticket's queue sees it no more: it goes to the next in turn."""
    if ticket.assignee is None or queries.serves(ticket.assignee, ticket.queue):
        return False
    release(ticket, Event.UNASSIGNED, by=by, at=at)
    return True


def release(ticket: Ticket, event: Event, *, by: Actor, at: datetime, without: int | None = None) -> None:
    """Take the ticket from its technician and give it to the next; `without`: not back to this one."""
    former = ticket.assignee
    ticket.assignee, ticket.give_back_at = None, None
    note_event(ticket, event, by=by, at=at, **({"to": str(former)} if event is Event.GIVEN_BACK else {}))
    take_turn(ticket, by=by, at=at, without=without)


def take_turn(ticket: Ticket, *, by: Actor, at: datetime, without: int | None = None, quietly: bool = False) -> bool:
    """AS-1: the technician whom the queue's way of assignment chooses gets the ticket. Nobody can: the managers are told once, and
    the ticket waits for the first who can. `quietly`: they know already."""
    how = Assignment(ticket.queue.assignment)
    if ticket.queue.is_paused or how is Assignment.MANUAL:
        return False  # it waits for somebody who takes it by hand
    turn, _ = RoundRobin.objects.select_for_update().get_or_create(queue=ticket.queue)
    present = [each for each in queries.candidates(ticket.queue, ticket, at=at) if each.id != without]
    need = queries.need_of(ticket)
    choice = rules.choose(how, present, need, turn.last)
    if choice is None:
        ticket.waits_for_turn = True
        if not quietly:
            note_event(ticket, Event.NOBODY_PRESENT, by=by, at=at)
            notices.nobody_present(ticket, at=at)
        return False
    turn.last = choice.person
    turn.save(update_fields=["last"])
    ticket.assignee = Person.objects.get(pk=choice.person)
    ticket.assigned_at, ticket.waits_for_turn = at, False
    skills = {"skills": ", ".join(sorted(need.skills))} if choice.why == "skill" else {}
    note_event(ticket, WHY[choice.why], by=by, at=at, to=str(ticket.assignee), **skills)
    facts = {"why": choice.why, "among": choice.among, "load": choice.load, **skills}
    after = {"to": ticket.assignee.code}
    record("ticket.assigned", ticket, by=by, at=at, facts=facts, before={"to": None}, after=after)
    hand_out_tokens(ticket, at=at)
    notices.assigned(ticket, by=by, at=at)
    return True


WHY = {"turn": Event.ASSIGNED_IN_TURN, "load": Event.ASSIGNED_BY_LOAD, "skill": Event.ASSIGNED_BY_SKILL}
