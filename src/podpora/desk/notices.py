"""Whom the desk tells what. Customers hear public words only (VI-2); whoever acts is not told of his own deed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from podpora.base.actors import Actor
from podpora.base.reasons import sentence, ways
from podpora.desk import rules
from podpora.desk.models import Follower, Message, Participant, Scheduled, Ticket
from podpora.desk.queries import (
    confirm_token,
    is_customer_in,
    mail_domain,
    mail_key,
    public_ids,
    serves,
    stand_in_of,
    technicians_to_tell,
    tokens_of,
)
from podpora.desk.values import Clock, Receipt, Via
from podpora.mail.queries import address_of_queue
from podpora.notifications.actions import tell
from podpora.notifications.values import Recipient, Thread
from podpora.people.models import Membership, Person
from podpora.people.queries import has_proven
from podpora.people.values import StaffRole


def id_for(ticket: Ticket, part: str) -> str:
    """Our Message-ID for a message (its code) or another mail of the ticket (`assigned-3`)."""
    return rules.message_id(ticket.code, part, key=mail_key(), domain=mail_domain())


def ticket_opened(ticket: Ticket, message: Message, receipt: Receipt, *, by: Actor, at: datetime) -> None:
    """A receipt with the number, also when he opened it himself: it starts the mail thread.

    Not a word of the submitter (text, subject, name) and nothing of his rights goes to an address that he has not proven to be
    his (AU-5, A5, A6).
    """
    facts = {**_facts(ticket), "text": words_of(message), "is_vip": ticket.is_vip, "version_is_ended": ticket.version_is_ended}
    reader = _of(ticket.requester, ticket.customer.language)
    facts |= {"promise": receipt.promise, "refusals": _refusals(receipt, reader.language)}
    if not _is_his_own(ticket, by):
        facts |= {"subject": "", "mail_subject": "", "text": "", "customer": "", "promise": "", "refusals": (), "is_vip": False}
        reader = replace(reader, name="")
    asks = message.is_unverified and ticket.via == Via.WEB  # on a form for everybody: first it is asked whether it was he
    answers = receipt.in_reply_to
    thread = Thread(message_id=message.message_id, in_reply_to=answers, references=(answers,) if answers else ())
    tell(
        _answerable(ticket, [reader]),
        "ticket.received",
        facts | {"asks": asks},
        at=at,
        once=f"ticket.{'asked' if asks else 'received'}:{ticket.code}",
        url=reverse("public:confirm", args=[confirm_token(ticket)]) if asks else _centre(ticket),
        thread=thread,
    )


def _refusals(receipt: Receipt, language: str) -> list[tuple[str, list[dict[str, str]]]]:
    """Why it is no VIP ticket, each with its ways out, in the reader's language."""
    with translation.override(language):
        return [(sentence(reason), ways(reason)) for reason in receipt.refusal.reasons if reason.blocks]


def assigned(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """The technician learns of his new ticket, unless he took it himself."""
    technician = _technician(ticket, by)
    if technician is None:
        return
    key = f"assigned-{technician.pk}-{int(at.timestamp())}"
    first = ticket.messages.order_by("pk").first()
    facts = {**_facts(ticket), "text": first.text if first else "", "by": by.name}
    tell(
        _answerable(ticket, _and_stand_in(technician, ticket, by, at=at)), "ticket.assigned", facts,
        at=at, once=f"{ticket.code}:{key}", url=_desk(ticket), thread=_follows(ticket, id_for(ticket, key)),
    )  # fmt: skip


def nobody_present(ticket: Ticket, *, at: datetime) -> None:
    """AS-1: the managers are told, never everybody."""
    managers = Person.objects.filter(staff_role=StaffRole.MANAGER, is_active=True)
    thread = _follows(ticket, id_for(ticket, "unassigned"))
    once = f"ticket.unassigned:{ticket.code}"
    tell(map(_of, managers), "ticket.unassigned", _facts(ticket), at=at, once=once, url=_desk(ticket), thread=thread)


def of_clock(kind: str, ticket: Ticket, clock: Clock, *, at: datetime) -> None:
    """SLA-15: a deadline is near or was missed. The ticket's technician is told; nobody has it: those who serve its queue and are
    present. Of a missed one the managers, too."""
    people = {person.pk: person for person in technicians_to_tell(ticket)}
    if kind == "ticket.sla_breached" or not people:
        people |= {person.pk: person for person in Person.objects.filter(staff_role=StaffRole.MANAGER, is_active=True)}
    key = f"{kind.rpartition('.')[2]}-{clock.key.replace(':', '-')}"
    facts = {**_facts(ticket), "metric": clock.metric.value, "due": clock.due_at}
    thread = _follows(ticket, id_for(ticket, key))
    tell(map(_of, people.values()), kind, facts, at=at, once=f"{ticket.code}:{key}", url=_desk(ticket), thread=thread)


def answered(ticket: Ticket, message: Message, *, by: Actor, at: datetime) -> None:
    """A technician's public answer goes to the customer's side; to the assigned colleague if another one wrote."""
    facts = {**_facts(ticket), "text": words_of(message), "author": message.author_name, "files": message.files}
    thread = _follows(ticket, message.message_id)
    once = f"ticket.answered:{message.code}"
    tell(
        _answerable(ticket, _customers(ticket, by)), "ticket.answered", facts, at=at, once=once, url=_centre(ticket), thread=thread
    )
    followed(ticket, message, by=by, at=at)


def tell_technician(ticket: Ticket, message: Message, *, by: Actor, at: datetime) -> None:
    """The ticket's technician alone: what somebody wrote who did not prove who he is."""
    technician = _technician(ticket, by)
    if technician is not None:
        facts = {**_facts(ticket), "text": words_of(message), "author": message.author_name, "files": message.files}
        once = f"ticket.replied:{message.code}"
        readers = _answerable(ticket, _and_stand_in(technician, ticket, by, at=at))
        thread = _follows(ticket, message.message_id)
        tell(readers, "ticket.replied", facts, at=at, once=once, url=_desk(ticket), thread=thread)


def customer_wrote(ticket: Ticket, message: Message, *, by: Actor, at: datetime) -> None:
    """A customer's message goes to his technician, and to the others on the customer's side."""
    facts = {**_facts(ticket), "text": words_of(message), "author": message.author_name, "files": message.files}
    thread = _follows(ticket, message.message_id)
    technician = _technician(ticket, by)
    if technician is not None:
        once = f"ticket.replied:{message.code}"
        readers = _answerable(ticket, _and_stand_in(technician, ticket, by, at=at))
        tell(readers, "ticket.replied", facts, at=at, once=once, url=_desk(ticket), thread=thread)
    followed(ticket, message, by=by, at=at)
    if message.origin_id is not None:
        return  # of a ticket that was merged, from somebody whose words the others do not read (VI-7)
    once = f"ticket.answered:{message.code}"
    tell(
        _answerable(ticket, _customers(ticket, by)), "ticket.answered", facts, at=at, once=once, url=_centre(ticket), thread=thread
    )


def noted(ticket: Ticket, message: Message, *, by: Actor, at: datetime, told: Sequence[int] = ()) -> None:
    """A colleague's note: to the ticket's technician and its followers and to nobody else, ever. `told`: who hears of it already."""
    technician = _technician(ticket, by)
    facts = {**_facts(ticket), "text": words_of(message), "author": message.author_name}
    thread = _follows(ticket, id_for(ticket, message.code))
    if technician is not None and technician.pk not in told:
        once = f"ticket.noted:{message.code}"
        readers = _answerable(ticket, _and_stand_in(technician, ticket, by, at=at))
        tell(readers, "ticket.noted", facts, at=at, once=once, url=_desk(ticket), thread=thread)
    followed(ticket, message, by=by, at=at, told=told)


def mail_held(technician: Person, mail: str, ticket: str, *, at: datetime) -> None:
    """An answer by mail in this technician's name was not believed (VI-6)."""
    facts = {"mail": mail, "ticket": ticket}
    tell(
        [_of(technician)], "ticket.mail_held", facts, at=at, once=f"ticket.mail_held:{mail}", url=reverse("desk:mail", args=[mail])
    )


def mentioned(ticket: Ticket, message: Message, people: Sequence[Person], *, at: datetime) -> None:
    """Who is named in a note; that he may read it was asked before (VI-3)."""
    facts = {**_facts(ticket), "text": words_of(message), "author": message.author_name}
    thread = _follows(ticket, id_for(ticket, f"{message.code}-m"))
    once = f"ticket.mentioned:{message.code}"
    tell(map(_of, people), "ticket.mentioned", facts, at=at, once=once, url=_desk(ticket), thread=thread)


def followed(ticket: Ticket, message: Message, *, by: Actor, at: datetime, told: Sequence[int] = ()) -> None:
    """Words in a ticket, to the technicians who follow it and may still read it (VI-5)."""
    rows = Follower.objects.filter(ticket=ticket).exclude(person=ticket.assignee_id).exclude(person=by.person_id)
    people = [row.person for row in rows.exclude(person__in=told).select_related("person")]
    people = [person for person in people if serves(person, ticket.queue) and not is_customer_in(person, ticket)]
    if not people:
        return
    facts = {**_facts(ticket), "text": words_of(message), "author": message.author_name}
    thread = _follows(ticket, id_for(ticket, f"{message.code}-f"))
    once = f"ticket.followed:{message.code}"
    tell(map(_of, people), "ticket.followed", facts, at=at, once=once, url=_desk(ticket), thread=thread)


def woken(ticket: Ticket, *, at: datetime) -> None:
    """What was put off is back: to its technician."""
    technician = ticket.assignee
    if technician is None or not serves(technician, ticket.queue):
        return
    key = f"woken-{int(at.timestamp())}"
    thread = _follows(ticket, id_for(ticket, key))
    tell([_of(technician)], "ticket.woken", _facts(ticket), at=at, once=f"{ticket.code}:{key}", url=_desk(ticket), thread=thread)


def held(scheduled: Scheduled, *, at: datetime) -> None:
    """CL-1: an answer was not sent, because somebody wrote meanwhile or its writer reads the ticket no more."""
    ticket = scheduled.ticket
    thread = _follows(ticket, id_for(ticket, f"held-{scheduled.code}"))
    facts = {**_facts(ticket), "why": scheduled.why, "text": scheduled.text}
    if serves(scheduled.author, ticket.queue):
        once = f"ticket.held:{scheduled.code}:{int(at.timestamp())}"
        tell([_of(scheduled.author)], "ticket.held", facts, at=at, once=once, url=_desk(ticket), thread=thread)


def draft_taken(ticket: Ticket, before: Person, after: Person, *, at: datetime) -> None:
    """Whose draft it was hears who goes on with it."""
    key = f"draft-{before.pk}-{int(at.timestamp())}"
    facts = {**_facts(ticket), "author": str(after)}
    thread = _follows(ticket, id_for(ticket, key))
    tell([_of(before)], "ticket.draft_given", facts, at=at, once=f"{ticket.code}:{key}", url=_desk(ticket), thread=thread)


def automatic(ticket: Ticket, message: Message, *, by: Actor, at: datetime) -> None:
    """What a rule wrote goes to the requester alone, as automatic mail (RU-1, AU-2)."""
    if not Membership.objects.filter(customer=ticket.customer_id, person=ticket.requester).exists():
        return
    facts = {**_facts(ticket), "text": words_of(message)}
    thread = _follows(ticket, message.message_id)
    reader = _of(ticket.requester, ticket.customer.language)
    tell([reader], "ticket.automatic", facts, at=at, once=f"ticket.automatic:{message.code}", url=_centre(ticket), thread=thread)


def satisfaction_question(ticket: Ticket, token: str, *, at: datetime) -> None:
    """Once a ticket, to who asked. The links lead to a page with buttons: looking at them answers nothing."""
    url = reverse("public:rate", args=[token])
    thread = _follows(ticket, id_for(ticket, "satisfaction"))
    reader = _of(ticket.requester, ticket.customer.language)
    once = f"ticket.satisfaction:{ticket.code}"
    tell([reader], "ticket.satisfaction", _facts(ticket), at=at, once=once, url=url, thread=thread)


def forwarded(ticket: Ticket, note: Message, to: Recipient, history: Sequence[Mapping[str, str]], *, at: datetime) -> None:
    """To a third party. Its answer refers to this note, so it comes back as internal (TH-12)."""
    facts: dict[str, object] = {"text": note.text, "author": note.author_name, "history": list(history), "files": note.files}
    facts["mail_subject"] = rules.subject_of_mail(ticket.code, ticket.subject)
    files = tuple(note.attachments.order_by("pk").values_list("code", flat=True))
    thread = Thread(message_id=note.message_id, files=files)
    tell([to], "ticket.forwarded", facts, at=at, once=f"ticket.forwarded:{note.code}", thread=thread)


def link_for_customer(ticket: Ticket) -> str:
    """The ticket's address in the support centre, in full."""
    return f"{settings.SITE_URL}{_centre(ticket)}"


def solved(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Solved without a word: the customer learns it and how long he may reopen. What is closed as spam or a duplicate tells nobody."""
    if ticket.closed_as:
        return
    facts = {**_facts(ticket), "until": rules.reopens_until(ticket.facts())}
    key = f"solved-{int(at.timestamp())}"
    thread = _follows(ticket, id_for(ticket, key))
    tell(
        _answerable(ticket, _customers(ticket, by)),
        "ticket.solved",
        facts,
        at=at,
        once=f"{ticket.code}:{key}",
        url=_centre(ticket),
        thread=thread,
    )


def words_of(message: Message) -> str:
    """What of a message is new: a mail's quotes stay at home."""
    return message.visible or message.text


def _answerable(ticket: Ticket, readers: Iterable[Recipient]) -> list[Recipient]:
    """Each with his own reply address (TH-3), at the mailbox of the ticket's queue."""
    tokens = tokens_of(ticket)
    address = address_of_queue(ticket.queue.code)
    return [
        replace(reader, reply_to=rules.reply_address(address, tokens[reader.address])) if reader.address in tokens else reader
        for reader in readers
    ]


def _is_his_own(ticket: Ticket, by: Actor) -> bool:
    """Did the requester write it, as far as we can know? Strangers' letters in his name are private tickets of somebody else's actor."""
    own = by.person_id == ticket.requester_id or not ticket.is_private
    return own and has_proven(ticket.requester, ticket.requester.email)


def _technician(ticket: Ticket, by: Actor) -> Person | None:
    """The ticket's technician, unless he acts himself or may not read it any more (VI-3, VI-5)."""
    technician = ticket.assignee
    if technician is None or technician.pk == by.person_id or not serves(technician, ticket.queue):
        return None
    return technician


def _and_stand_in(technician: Person, ticket: Ticket, by: Actor, *, at: datetime) -> list[Recipient]:
    """AS-2: the technician, and who does his work while he is away, if that one may read the ticket."""
    stand_in = stand_in_of(technician, at=at)
    if stand_in is None or stand_in.pk == by.person_id or not serves(stand_in, ticket.queue):
        return [_of(technician)]
    return [_of(technician), _of(stand_in)]


def _facts(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket": ticket.code,
        "subject": ticket.subject,
        "mail_subject": rules.subject_of_mail(ticket.code, ticket.subject),
        "customer": ticket.customer.name,
        "state": ticket.state,
    }


def _follows(ticket: Ticket, message_id: str) -> Thread:
    """All mails of a ticket are one thread: References name the public conversation so far, the first and the newest ten."""
    ids = [known for known in public_ids(ticket) if known != message_id]
    references = tuple(ids if len(ids) <= 11 else [ids[0], *ids[-10:]])
    return Thread(message_id=message_id, in_reply_to=references[-1] if references else "", references=references)


def _customers(ticket: Ticket, by: Actor) -> Iterable[Recipient]:
    """The customer's side without who acts: the requester while he belongs to the customer (VI-5), and the participants."""
    people: dict[str, Recipient] = {}
    language = ticket.customer.language
    members = Membership.objects.filter(customer=ticket.customer_id)
    if ticket.requester_id != by.person_id and members.filter(person=ticket.requester).exists():
        people[ticket.requester.email] = _of(ticket.requester, language)
    for guest in Participant.objects.filter(ticket=ticket).select_related("person"):
        if guest.person is not None and guest.person.pk == by.person_id:
            continue
        people.setdefault(
            guest.email, _of(guest.person, language) if guest.person else Recipient(guest.email, guest.name, language)
        )
    return people.values()


def _of(person: Person, language: str = "") -> Recipient:
    return Recipient(person.email, person.name, person.language or language or settings.LANGUAGE_CODE, person.pk)


def _centre(ticket: Ticket) -> str:
    return reverse("centre:ticket", args=[ticket.code])


def _desk(ticket: Ticket) -> str:
    return reverse("desk:ticket", args=[ticket.code])
