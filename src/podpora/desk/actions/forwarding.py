"""Handing a question on to somebody outside: a supplier, a colleague without an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.clock import format_instant
from podpora.base.errors import InvalidInput
from podpora.desk import notices, queries, rules
from podpora.desk.actions.happening import happened
from podpora.desk.actions.writing import check_words, keep, locked, note_event, or_invalid, pen_of, write
from podpora.desk.models import Message, Ticket
from podpora.desk.values import Event, Happening, HappeningKind, MessageKind, Side, Upload, Words
from podpora.files.queries import content_of
from podpora.notifications.values import Recipient

HISTORY = 20


@dataclass(frozen=True, slots=True)
class Forward:
    """To whom, with which words, with how much. `files`: codes of attachments of public messages."""

    to: str
    text: str
    with_history: bool = False
    files: Sequence[str] = ()
    language: str = "en"
    once: str = ""


@transaction.atomic
def forward(ticket: Ticket, wish: Forward, *, by: Actor, at: datetime) -> Message:
    """Mail it to a third party. What was written stands here as a note, and the answer comes back as one (TH-12). Only public words
    and their files go out, never notes (VI-2), and none of a merged ticket of others (VI-7)."""
    to = wish.to.strip().lower()
    try:
        validate_email(to)
    except ValidationError:
        raise InvalidInput({"to": ["not_an_email"]}) from None
    ticket = locked(ticket)
    or_invalid(check_words(wish.text, ()))
    once = rules.once_key(wish.once, by, ticket.code)
    if once and (again := Message.objects.filter(once=once).first()):
        return again
    uploads = [_upload(ticket, code) for code in wish.files]
    words = Words(wish.text, uploads, once=wish.once)
    note = write(ticket, MessageKind.NOTE, words, pen=pen_of(Side.STAFF, by), by=by, at=at)
    note.message_id, note.is_internal_mail = notices.id_for(ticket, note.code), True
    note.save(update_fields=["message_id", "is_internal_mail"])
    note_event(ticket, Event.FORWARDED, by=by, at=at, to=to)
    keep(ticket, at=at, changed=False)
    record("ticket.forwarded", ticket, by=by, at=at, facts={"message": note.code, "history": wish.with_history})
    notices.forwarded(ticket, note, Recipient(to, "", wish.language), _history(ticket) if wish.with_history else (), at=at)
    happened(ticket, Happening(HappeningKind.FORWARDED, message=note, after=to), by=by, at=at)
    return note


def _upload(ticket: Ticket, code: str) -> Upload:
    attachment = queries.attachment_of(ticket, code, for_customer=True)
    return Upload(attachment.name, content_of(attachment.file), attachment.content_type)


def _history(ticket: Ticket) -> list[dict[str, str]]:
    """The public conversation, oldest first; of the newest messages if it is long."""
    words = queries.messages_for_customer(ticket).filter(kind=MessageKind.PUBLIC).order_by("-pk")[:HISTORY]
    return [
        {"author": message.author_name, "at": format_instant(message.written_at), "text": message.text}
        for message in reversed(words)
    ]
