"""A topic of the forum becomes a ticket, and a ticket becomes a topic (FO-31, FB-4).

Two rooms of one floor that do not know each other: the forum keeps the ticket's number, the desk a note with the topic's address.
What is private never flows back by itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import allow, refuse
from podpora.desk import actions as desk
from podpora.desk import rules as desk_rules
from podpora.desk.models import Ticket
from podpora.desk.values import About, Draft, MessageKind, Purpose, Side, SupportSnapshot, Upload, Words
from podpora.files.queries import content_of
from podpora.forum import actions as forum
from podpora.forum import queries
from podpora.forum import rules as forum_rules
from podpora.forum.models import Category, PostFile, Topic
from podpora.forum.values import NewPost, NewTopic, Shown, Via
from podpora.people import actions as people
from podpora.people import queries as persons
from podpora.people.models import Person

MOST_FILES = 10


@transaction.atomic
def to_ticket(topic: Topic, numbers: Sequence[int], *, by: Actor, at: datetime) -> Ticket:
    """A private ticket of the topic's author, with the chosen posts and their files. Staff decide it, whatever support he has (FB-4).

    Called again, refused with the ticket that there is.
    """
    topic = forum.locked(topic)
    if topic.ticket:
        refuse("forum.ticket_already", ticket=topic.ticket).or_refuse()
    author = topic.author
    if author is None or topic.state != Shown.VISIBLE:
        refuse("forum.gone").or_refuse()
        raise AssertionError
    customer = persons.private_customer(author) or people.ensure_customer(
        email=author.email, name=str(author), language=author.language, by=by, at=at
    )
    told = queries.topic_text(topic, numbers or [1])
    text = "\n\n".join(f"{name} (#{number}):\n{words}" for number, name, words, _written in told.posts)
    address = f"{settings.SITE_URL}{reverse('forum:bare', args=[topic.number])}"
    head = gettext("From the forum: {address}").format(address=address)
    draft = Draft(
        topic.title, f"{head}\n\n{text}"[:49_000], About(app_version=topic.version), _uploads(topic, numbers or [1]), is_private=True,
        once=f"topic-{topic.number}",
    )  # fmt: skip
    support = SupportSnapshot(allow("support.staff_decision"), "", None)
    ticket = desk.open_ticket(
        draft, customer=customer, requester=author, queue=desk.standard_queue(Purpose.GENERAL), support=support, by=by, at=at
    )
    desk.add_note(ticket, Words(gettext("Made of a topic of the forum: {address}").format(address=address)), by=by, at=at)
    forum.note_ticket(topic, ticket.code, by=by, at=at)
    return ticket


def _uploads(topic: Topic, numbers: Sequence[int]) -> list[Upload]:
    rows = PostFile.objects.filter(post__topic=topic, post__number__in=numbers, post__state=Shown.VISIBLE).select_related("file")
    return [Upload(row.file.name, content_of(row.file), row.file.content_type) for row in rows[:MOST_FILES]]


@dataclass(frozen=True, slots=True)
class PublicDraft:
    """What would be published; `consent`: the requester agreed."""

    title: str
    question: str
    answer: str = ""
    consent: bool = False


def anonymised(ticket: Ticket) -> PublicDraft:
    """The first question and the last answer without names, addresses, telephone numbers, codes and keys: a start for somebody to edit."""
    messages = list(ticket.messages.filter(kind=MessageKind.PUBLIC).order_by("pk"))
    names = {str(ticket.requester), ticket.requester.name, ticket.customer.name, *(message.author_name for message in messages)}
    asked = next((message.text for message in messages if message.side == Side.CUSTOMER), "")
    answered = next((message.text for message in reversed(messages) if message.side == Side.STAFF), "")
    return PublicDraft(without_names(ticket.subject, names)[:150], without_names(asked, names), without_names(answered, names))


_PRIVATE = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),  # addresses
    re.compile(r"(?<![\w.])\+?\d[\d ]{8,14}\d(?!\w)"),  # telephone numbers
    re.compile(r"\b[A-Z]{1,2}-[2-9A-HJKMNP-Z]{6,12}\b"),  # public codes of ours
    re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),  # network addresses
)


def without_names(text: str, names: set[str]) -> str:
    """Names and their single words in any case of Czech, as far as they are longer than two letters, and what looks private."""
    text = forum_rules.without_keys(desk_rules.masked(text)[0])[0]
    for pattern in _PRIVATE:
        text = pattern.sub("…", text)
    words = {word for name in names for word in (name, *name.split()) if len(word) > 2}
    for word in sorted(words, key=len, reverse=True):
        begin = word[:-1] if len(word) > 3 and word[-1] in "aeiouyáéíóúůýě" else word  # Jana, Jany; Tajná, Tajné
        text = re.sub(rf"\b{re.escape(begin)}\w{{0,4}}", "…", text, flags=re.IGNORECASE)
    return text


@transaction.atomic
def from_ticket(ticket: Ticket, draft: PublicDraft, category: Category, *, by: Actor, at: datetime) -> Topic:
    """A public topic with what staff made of the draft; written in the vendor's name. Refused without the requester's consent."""
    if not draft.consent:
        refuse("forum.no_consent").or_refuse()
    author = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    wish = NewTopic(draft.title, NewPost(draft.question, via=Via.TICKET, once=f"ticket-{ticket.code}"))
    topic = forum.start_topic(category, wish, author=author, by=by, at=at)
    if topic.from_ticket:
        return topic
    if draft.answer.strip():
        answer = forum.reply(
            topic, NewPost(draft.answer, via=Via.TICKET, once=f"answer-{ticket.code}"), author=author, by=by, at=at
        )
        if category.solving:
            forum.accept(answer, person=author, by=by, at=at)
    forum.note_origin(topic, ticket.code, by=by, at=at)
    record("ticket.published", ticket, by=by, at=at, facts={"topic": topic.code, "consent": True})
    address = f"{settings.SITE_URL}{reverse('forum:bare', args=[topic.number])}"
    desk.add_note(
        ticket,
        Words(gettext("Published in the forum with the requester's consent: {address}").format(address=address)),
        by=by,
        at=at,
    )
    return topic
