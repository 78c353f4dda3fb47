"""What a mail does on the desk: a ticket of its own, or a message of one that is there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from podpora.base.actors import Actor, ActorKind
from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries
from podpora.desk.models import Queue, Ticket
from podpora.desk.values import SUBJECT_LENGTH, Draft, Mailed, Priority, Purpose, Receipt, Side, Upload, Via, Words
from podpora.journeys.mail_standing import standing_of
from podpora.mail import actions as mails
from podpora.mail import queries as mailboxes
from podpora.mail.models import IncomingMail
from podpora.mail.rules import clean_text, subjects
from podpora.mail.rules.deciding import sent_at
from podpora.mail.rules.language import language_of
from podpora.mail.rules.lookup import Verdict
from podpora.mail.rules.parsing import ParsedMail
from podpora.mail.values import reasons
from podpora.people import actions as people
from podpora.people import queries as persons
from podpora.people.models import Person

LONGEST_TEXT = 100_000
LONGEST_HTML = 1_000_000  # CO-4: what is longer is shown as text
MOST_FILES, LARGEST_FILE, LARGEST_IN_ALL = 30, 20 * 1024 * 1024, 60 * 1024 * 1024  # S51


def open_for(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict, *, by: Actor, at: datetime) -> tuple[str, list[str]]:
    """A new ticket of its sender. An address that nobody knows becomes a person without an account."""
    person = _person(parsed, by=by, at=at)
    is_trusted = verdict.is_verified and (persons.has_proven(person, person.email) or verdict.is_proven)
    standing = standing_of(person, _wanted(mail, parsed, verdict), is_trusted=is_trusted, at=at)
    acting = _as_person(person) if is_trusted else by
    uploads, more = _uploads(parsed)
    wants, limited = _receipt_is_wanted(person, parsed, verdict, at=at)
    draft = Draft(
        _subject(parsed, verdict, person), _text(parsed), standing.about, uploads, via=Via.MAIL, is_private=not is_trusted,
        mailed=replace(_mailed(mail, parsed, verdict), author=_author(parsed, verdict, person if is_trusted else None),
            is_unverified=not is_trusted, is_quiet=False),
        receipt=Receipt(wants, standing.promise, standing.refusal, in_reply_to=parsed.message_id),
    )  # fmt: skip
    ticket = actions.open_ticket(
        draft, customer=standing.customer, requester=person, queue=standing.queue, support=standing.support, by=acting, at=at
    )
    if is_trusted:
        actions.add_people_of_mail(ticket, _people(verdict), by=acting, at=at)
    _relate(ticket, verdict, by=by, at=at)
    _steer(ticket, verdict, by=by, at=at)
    return ticket.code, [*more, *limited, *([reasons.NO_RIGHT] if standing.refusal.reasons else [])]


def add_to(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict, *, by: Actor, at: datetime) -> tuple[str, list[str]]:
    """A message of the ticket: a technician's answer (VI-6), or the customer's side's word."""
    ticket = queries.any_ticket(verdict.ticket)
    uploads, more = _uploads(parsed)
    person = persons.person_by_email(parsed.sender.address) if parsed.sender else None
    words = Words(_text(parsed), uploads, via=Via.MAIL, mailed=_mailed(mail, parsed, verdict), once=f"mail:{mail.code}")
    if verdict.is_staff:
        assert person is not None
        _answer(ticket, words, verdict, by=_as_person(person), at=at)
        return ticket.code, more
    acting = _as_person(person) if person is not None and verdict.is_verified else by
    sender = actions.Sender(Side.CUSTOMER, person if verdict.is_verified else None, _author(parsed, verdict, person))
    actions.add_mail(ticket, words, sender=sender, by=acting, at=at)
    if verdict.is_verified and not verdict.is_quiet and not verdict.is_internal:
        actions.add_people_of_mail(ticket, _people(verdict), by=acting, at=at)
    return ticket.code, more


def _answer(ticket: Ticket, words: Words, verdict: Verdict, *, by: Actor, at: datetime) -> None:
    """A technician's mail: what of it is new is his answer; his quotes and signature stay with the raw mail."""
    assert words.mailed is not None
    own = replace(words, text=words.mailed.visible or words.text)
    if verdict.is_internal:
        actions.add_note(ticket, own, by=by, at=at)
    else:
        actions.reply(ticket, own, side=Side.STAFF, by=by, at=at)


def release(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict, *, ticket: str, by: Actor, at: datetime) -> str:
    """Somebody of ours lets it through. Into a ticket it goes as the word of an unproven sender; what claims to be a technician's
    as a note, which never leaves (A1)."""
    if not ticket:
        if parsed.sender is None:
            raise InvalidInput({"ticket": ["mail.no_sender"]})
        return open_for(mail, parsed, replace(verdict, is_verified=False, is_proven=False, is_staff=False), by=by, at=at)[0]
    found = queries.any_ticket(ticket)
    verdict = replace(
        verdict, is_verified=False, is_proven=False, is_internal=verdict.is_staff or verdict.is_internal, is_quiet=True
    )
    uploads, _more = _uploads(parsed)
    words = Words(_text(parsed), uploads, via=Via.MAIL, mailed=_mailed(mail, parsed, verdict))
    sender = actions.Sender(Side.CUSTOMER, None, _author(parsed, verdict, None) or mail.envelope_from or _("unknown sender"))
    actions.add_mail(found, words, sender=sender, by=by, at=at)
    return found.code


def tell_staff(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict, *, at: datetime) -> None:
    """VI-6: the technician in whose name it came learns that it waits; a few times a day at most."""
    person = persons.person_by_email(parsed.sender.address) if parsed.sender else None
    if person is None or not mails.may_acknowledge(person.email, mail.code, is_proven=True, at=at):
        return
    actions.tell_mail_held(person, mail.code, verdict.ticket, at=at)


def _person(parsed: ParsedMail, *, by: Actor, at: datetime) -> Person:
    assert parsed.sender is not None
    spoken = language_of(f"{parsed.subject}\n{parsed.reply_text or parsed.text}", dict(settings.LANGUAGES))
    name = " ".join("".join(c if c.isprintable() else " " for c in parsed.sender.name).split())[:150]
    customer = people.ensure_customer(email=parsed.sender.address, name=name, language=spoken, by=by, at=at)
    assert customer.person is not None
    return customer.person


def _as_person(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, str(person), person.pk)


def _wanted(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict) -> Queue:
    """The queue of the mailbox; what a trusted channel says (TH-15); else the one for general questions."""
    box = mailboxes.mailbox_of(mail.mailbox, [*mail.envelope_to, *(one.address for one in (*parsed.to, *parsed.cc)[:50])])
    for code in (verdict.steering.get("queue", ""), box.queue if box else ""):
        found = queries.queue(code) if code else None
        if found is not None:
            return found
    return actions.standard_queue(Purpose.GENERAL)


def _receipt_is_wanted(person: Person, parsed: ParsedMail, verdict: Verdict, *, at: datetime) -> tuple[bool, list[str]]:
    """AU-1, AU-4, S40: never to a machine, never to a doubtful sender, and not too often."""
    if verdict.is_automatic or not verdict.is_verified:
        return False, []
    if mails.may_acknowledge(person.email, subjects.normalised(parsed.subject), is_proven=verdict.is_proven, at=at):
        return True, []
    return False, [reasons.NO_ACKNOWLEDGEMENT]


def _subject(parsed: ParsedMail, verdict: Verdict, person: Person) -> str:
    text = clean_text(subjects.cleaned(parsed.subject) if verdict.link else parsed.subject)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if line:
        return line[:SUBJECT_LENGTH]
    with translation.override(person.language or settings.LANGUAGE_CODE):
        return _("(no subject)")


def _text(parsed: ParsedMail) -> str:
    return clean_text(parsed.text)[:LONGEST_TEXT]


def _mailed(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict) -> Mailed:
    text, reply = _text(parsed).strip(), clean_text(parsed.reply_text).strip()
    return Mailed(
        code=mail.code,
        message_id=clean_text(parsed.message_id),
        in_reply_to=clean_text(parsed.in_reply_to[0]) if parsed.in_reply_to else "",
        visible=reply[:LONGEST_TEXT] if reply and reply != text else "",
        html=clean_text(parsed.html) if len(parsed.html) <= LONGEST_HTML else "",
        author=_author(parsed, verdict, None),
        is_unverified=not verdict.is_verified,
        is_internal=verdict.is_internal,
        is_quiet=verdict.is_quiet,
        is_automatic=verdict.is_automatic,
        is_new_topic=verdict.is_new_topic,
        sent_at=sent_at(parsed, mail.received_at),
        date_text=clean_text(parsed.date_text),
    )


def _author(parsed: ParsedMail, verdict: Verdict, person: Person | None) -> str:
    """A person's name when it is surely he; else what the mail says, with the address, which alone counts (S42)."""
    if parsed.sender is None:
        return ""
    if person is not None and verdict.is_verified:
        return str(person)
    name, address = clean_text(parsed.sender.name)[:100], clean_text(parsed.sender.address)
    return f"{name} <{address}>" if name else address


def _uploads(parsed: ParsedMail) -> tuple[Sequence[Upload], list[str]]:
    """The files that a ticket takes; the raw mail has all of them."""
    taken: list[Upload] = []
    room = LARGEST_IN_ALL
    for file in parsed.files:
        if not file.content or len(file.content) > min(LARGEST_FILE, room) or len(taken) >= MOST_FILES:
            continue
        room -= len(file.content)
        taken.append(
            Upload(file.name, file.content, file.content_type, content_id=clean_text(file.content_id), is_inline=file.inline)
        )
    return taken, [reasons.FILES_LEFT_OUT] if len(taken) < len(parsed.files) else []


def _people(verdict: Verdict) -> list[tuple[str, str]]:
    """TH-14, and only what is an address."""
    found = []
    for box in verdict.people:
        try:
            found.append((people.email_of(box.address), clean_text(box.name)))
        except InvalidInput:
            continue
    return found


def _relate(ticket: Ticket, verdict: Verdict, *, by: Actor, at: datetime) -> None:
    """TH-6, TH-10: what it names or goes on from, for the technicians."""
    if verdict.link:
        actions.link_by_mail(ticket, verdict.link, is_follow_up=True, by=by, at=at)
    for code in verdict.mentions:
        if code != verdict.link:
            actions.link_by_mail(ticket, code, is_follow_up=False, by=by, at=at)


def _steer(ticket: Ticket, verdict: Verdict, *, by: Actor, at: datetime) -> None:
    """TH-15: the priority that a trusted channel asks for."""
    wanted = verdict.steering.get("priority", "").upper()
    if wanted in Priority.__members__:
        actions.set_priority(ticket, Priority[wanted], by=by, at=at)
