"""To which ticket does a mail belong, and does its sender take part there? (DESK 2: TH-3..TH-12)"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from podpora.mail.rules import subjects
from podpora.mail.rules.headers import Mailbox
from podpora.mail.rules.identity import Auth
from podpora.mail.rules.lookup import Envelope, Known, Lookup
from podpora.mail.rules.parsing import ParsedMail
from podpora.mail.values import reasons

MOST_IDS = 40  # References that are looked at, the newest ones
MOST_ADDRESSES = 200
_TOKEN = re.compile(r"[^@+]{1,64}\+([0-9a-f]{32})@", re.IGNORECASE)
RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to")
# Reasons by which a mail is an answer of a machine, not only one that went through a list.
MACHINE = frozenset({
    "auto_replied", "auto_generated", "auto_reply", "precedence_auto_reply", "null_sender", "report", "daemon_sender", "loop",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One mail with what was found out about it."""

    mail: ParsedMail
    envelope: Envelope
    lookup: Lookup
    sender: str  # lower case
    auth: Auth
    notes: list[str] = field(default_factory=list)  # reason codes that came up on the way
    mentions: list[str] = field(default_factory=list)

    @property
    def is_machine(self) -> bool:
        return bool(MACHINE & set(self.mail.automatic))

    @property
    def is_doubtful(self) -> bool:
        """S40: its domain says that it did not send it; or it could have confirmed it and nobody did."""
        return self.auth is Auth.FAILED or (bool(self.envelope.authserv_ids) and self.auth is Auth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Match:
    """A ticket. `is_member`: the sender takes part in it. `is_sealed`: by a mark that only our mails carry."""

    ticket: Known
    how: str
    is_member: bool
    is_sealed: bool = False
    owns_token: bool = False
    is_internal: bool = False


def recipients(mail: ParsedMail, envelope: Envelope) -> list[str]:
    """Every address that it was sent to, by its envelope and its headers, in lower case."""
    found = [*envelope.recipients, *(box.address for box in (*mail.to, *mail.cc)[:MOST_ADDRESSES])]
    for name in RECIPIENT_HEADERS:
        found += [value.strip().strip("<>") for value in mail.fields.get(name, ())[:10]]
    return list(dict.fromkeys(one.lower() for one in found if "@" in one))


def match(case: Case) -> Match | None:
    """The first ticket that a mark leads to, in the order of DESK 2; texts are never searched (TH-7)."""
    for found in (_by_token(case), _by_our_id(case), _by_foreign_id(case), _by_subject(case)):
        if found is not None:
            return found
    return None


def _by_token(case: Case) -> Match | None:
    """TH-3: whoever uses another's reply address is not that other."""
    for address in recipients(case.mail, case.envelope):
        named = _TOKEN.match(address)
        if named is None or not case.lookup.is_ours(address):
            continue
        token = case.lookup.token(named[1].lower())
        if token is None or token.is_revoked:
            case.notes.append(reasons.TOKEN_REVOKED if token else reasons.TOKEN_UNKNOWN)
            continue
        ticket = case.lookup.ticket(token.ticket)
        if ticket is None:
            continue
        owns = token.email == case.sender
        takes_part = case.sender in ticket.people or (owns and case.lookup.is_staff(case.sender))
        how = reasons.BY_TOKEN if takes_part else reasons.TOKEN_REVOKED if owns else reasons.TOKEN_OF_ANOTHER
        internal = _answers_internal(case, ticket)
        return Match(ticket, how, takes_part, is_sealed=True, owns_token=owns and takes_part, is_internal=internal)
    return None


def _answered(mail: ParsedMail) -> list[str]:
    """In-Reply-To, then References from the right: the newest first."""
    return list(dict.fromkeys([*mail.in_reply_to[:5], *reversed(mail.references[-MOST_IDS:])]))


def _by_our_id(case: Case) -> Match | None:
    """TH-4: our own Message-ID, whose seal is right. A wrong seal is no reference at all."""
    for message_id in _answered(case.mail):
        ours = case.lookup.our_id(message_id)
        ticket = case.lookup.ticket(ours.ticket) if ours else None
        if ours is None or ticket is None:
            continue
        takes_part = case.sender in ticket.people or _got_it(case, ticket, message_id)
        how = reasons.BY_REFERENCE if takes_part else reasons.OTHER_SENDER
        internal = ours.is_internal or _answers_internal(case, ticket)
        return Match(ticket, how, takes_part, is_sealed=True, is_internal=internal)
    return None


def _by_foreign_id(case: Case) -> Match | None:
    """TH-5, TH-9: a mail that is in a ticket; the newest ticket among those in which the sender takes part."""
    answered = _answered(case.mail)
    if not answered:
        return None
    best: Match | None = None
    for code, is_internal in case.lookup.with_foreign_ids(answered):
        ticket = case.lookup.ticket(code)
        if ticket is None:
            continue
        if case.sender not in ticket.people and not any(_got_it(case, ticket, one) for one in answered):
            _mention(case, ticket.code)
            continue
        if best is None or ticket.number > best.ticket.number:
            best = Match(ticket, reasons.BY_FOREIGN_REFERENCE, True, is_internal=is_internal)
    return best


def _got_it(case: Case, ticket: Known, message_id: str) -> bool:
    """TH-9: the message was sent to him, and nobody took him out since."""
    return case.sender not in ticket.revoked and case.lookup.was_sent_to(message_id, case.sender)


def _by_subject(case: Case) -> Match | None:
    """TH-6: the number in a subject counts only from who takes part; from anybody else it is a hint for the technician."""
    for code in subjects.tickets_in(case.mail.subject):
        ticket = case.lookup.ticket(code)
        if ticket is None:
            continue
        if case.sender in ticket.people or (case.lookup.is_staff(case.sender) and case.lookup.may_answer(case.sender, ticket.code)):
            return Match(ticket, reasons.BY_SUBJECT, True)
        _mention(case, ticket.code)
    return None


def _mention(case: Case, code: str) -> None:
    if code not in case.mentions:
        case.mentions.append(code)


def _answers_internal(case: Case, ticket: Known) -> bool:
    """TH-12: he answers an internal mail, or names none and the last one to him was internal."""
    answered: Sequence[str] = _answered(case.mail)
    for message_id in answered:
        ours = case.lookup.our_id(message_id)
        if ours is not None:
            return ours.is_internal
    return not answered and case.sender in ticket.internal_with


def named_people(case: Case) -> Iterator[Mailbox]:
    """TH-14: whom the mail names besides its sender and us, each once."""
    seen = {case.sender}
    for box in (*case.mail.to, *case.mail.cc):
        address = box.address.lower()
        if "@" in address and address not in seen and not case.lookup.is_ours(address):
            seen.add(address)
            yield box
