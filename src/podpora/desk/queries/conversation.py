"""A ticket's conversation: messages, their files, what of them may leave to a customer (VI-2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from podpora.base.errors import NotYours
from podpora.desk.models import Attachment, Message, Ticket
from podpora.desk.queries.seeing import seen_by_customer
from podpora.desk.values import EVENTS_FOR_CUSTOMERS, MessageKind
from podpora.people.models import Person

CONVERSATION_PAGE = 50


@dataclass(frozen=True, slots=True)
class Conversation:
    """A page of messages, oldest first, with their attachments; `earlier`: the cursor of the page before, empty if none."""

    messages: Sequence[Message]
    earlier: str


def conversation(
    ticket: Ticket, *, for_customer: bool, reader: Person | None = None, before: str = "", size: int = CONVERSATION_PAGE
) -> Conversation:
    """The newest messages (or those before a cursor). For a customer without notes and internal events (VI-2), and of merged tickets
    only what `reader` could read before (VI-7)."""
    messages = messages_for_customer(ticket, reader) if for_customer else Message.objects.filter(ticket=ticket)
    if before.isascii() and before.isdigit() and len(before) < 19:
        messages = messages.filter(pk__lt=int(before))
    rows = list(messages.order_by("-pk")[: size + 1])
    page = rows[:size][::-1]
    earlier = str(page[0].pk) if len(rows) > size else ""
    with_attachments(page)
    return Conversation(page, earlier)


def messages_for_customer(ticket: Ticket, reader: Person | None = None) -> QuerySet[Message]:
    """VI-2: what may leave to a customer. Pages, mails and API read messages through here.

    VI-7: what was written in a ticket that was merged into this one is read by those who could read it there: `reader`, or nobody.
    """
    events = Q(kind=MessageKind.EVENT, event__in=[event.value for event in EVENTS_FOR_CUSTOMERS])
    here = Q(ticket=ticket)
    if ticket.took_in:
        here &= Q(origin=None) | Q(origin__in=seen_by_customer(reader).values("pk")) if reader else Q(origin=None)
    if ticket.merged_into_id and reader:
        own = seen_by_customer(reader).filter(Q(pk=ticket.pk) | Q(merged_into=ticket))
        here |= Q(origin__in=own.values("pk"))
    return Message.objects.filter(here).filter(Q(kind=MessageKind.PUBLIC) | events)


def with_attachments(messages: Sequence[Message]) -> None:
    """Put `shown_files` on each message; asks the database only if some message has files."""
    for message in messages:
        message.shown_files = []  # type: ignore[attr-defined]
    having = {message.pk: message for message in messages if message.files}
    if having:
        for attachment in Attachment.objects.filter(message__in=having).order_by("pk"):
            having[attachment.message_id].shown_files.append(attachment)  # type: ignore[attr-defined]


def attachment_of(ticket: Ticket, code: str, *, for_customer: bool, reader: Person | None = None) -> Attachment:
    """The attachment with this code, in this ticket and in a message that the reader may see (B6); raises NotYours."""
    messages = messages_for_customer(ticket, reader) if for_customer else Message.objects.filter(ticket=ticket)
    attachments = Attachment.objects.filter(message__in=messages).select_related("message", "file")
    found = attachments.filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def visible_message(ticket: Ticket, code: str, *, for_customer: bool, reader: Person | None = None) -> Message:
    """The message with this code in this ticket, if the reader may see it; raises NotYours."""
    messages = messages_for_customer(ticket, reader) if for_customer else Message.objects.filter(ticket=ticket)
    found = messages.filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def pictures_of(message: Message) -> list[Attachment]:
    """The files that the HTML of a mail may name (CO-3)."""
    return list(message.attachments.exclude(content_id="").select_related("file").order_by("pk"))


def newer_than(ticket: Ticket, seen: int, person_id: int | None) -> list[Message]:
    """The words that others wrote since the reader had revision `seen` before his eyes (CL-1), oldest first."""
    count = max(0, ticket.revision - seen)
    words = Message.objects.filter(ticket=ticket).exclude(kind=MessageKind.EVENT).order_by("-pk")[:count]
    return [message for message in reversed(words) if person_id is None or message.author_id != person_id]


def public_ids(ticket: Ticket) -> list[str]:
    """The Message-IDs of the public conversation, oldest first: the References of the next mail."""
    rows = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC).exclude(message_id="").order_by("pk")
    return [theirs or ours for theirs, ours in rows.values_list("mail_id", "message_id")]


def texts_of(tickets: Sequence[int], size: int = 400) -> Sequence[tuple[int, str]]:
    """(ticket, text) of what was said and noted in these tickets, the newest first: for technicians who may see them."""
    words = Message.objects.filter(ticket__in=tickets).exclude(kind=MessageKind.EVENT)
    return list(words.order_by("-pk").values_list("ticket_id", "text")[:size])


def is_of_a_note(code: str) -> bool:
    """Is this stored file part of an internal note?"""
    return Attachment.objects.filter(code=code, message__kind=MessageKind.NOTE).exists()
