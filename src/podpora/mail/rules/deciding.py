"""What becomes of a mail: a ticket's message, a new ticket, the quarantine or the bin; and why (DESK 2 and 3). Pure."""

from dataclasses import replace
from datetime import datetime

from podpora.mail.rules import identity, matching, subjects
from podpora.mail.rules.identity import Auth
from podpora.mail.rules.lookup import Envelope, Kind, Known, Lookup, Verdict
from podpora.mail.rules.matching import Case, Match
from podpora.mail.rules.parsing import NO_HEADERS, ParsedMail
from podpora.mail.values import reasons

MOST_PEOPLE = 40  # TH-14
STEERING = {"x-podpora-priority": "priority", "x-podpora-queue": "queue", "x-podpora-tags": "tags"}
_HELD_MACHINES = {
    "auto_replied": reasons.AUTO_REPLY, "auto_reply": reasons.AUTO_REPLY, "precedence_auto_reply": reasons.AUTO_REPLY,
    "loop": reasons.AUTO_MAILER, "null_sender": reasons.AUTO_MAILER, "daemon_sender": reasons.AUTO_MAILER, "report": reasons.AUTO_MAILER,
}  # fmt: skip
_ODD = ("structure_not_read", "too_many_parts", "body_not_read", "text_cut", "winmail_not_read")


def decide(mail: ParsedMail, envelope: Envelope, lookup: Lookup) -> Verdict:
    """The verdict about one mail. Deterministic; asks `lookup` and nothing else."""
    address = mail.sender.address.lower() if mail.sender else ""
    auth = identity.authenticated(mail.fields, trusted=envelope.authserv_ids, sender=address)
    case = Case(mail, envelope, lookup, address, auth)
    verdict = _set_aside(case) or _report(case) or _held(case) or _threaded(case) or _new(case)
    return _finished(case, verdict)


def _finished(case: Case, verdict: Verdict) -> Verdict:
    """With what is true whatever became of it."""
    notes = list(case.notes)
    if case.mail.automatic:
        notes.append(reasons.AUTOMATIC)
    if case.is_doubtful:
        notes.append(reasons.NOT_AUTHENTICATED)
    if any(warning in _ODD for warning in case.mail.warnings):
        notes.append(reasons.NOT_ALL_READ)
    if case.mail.date_text and sent_at(case.mail, case.envelope.received_at) is None:
        notes.append(reasons.BAD_DATE)
    if case.mentions:
        notes.append(reasons.MENTIONS)
    people = list(matching.named_people(case)) if verdict.kind in (Kind.NEW, Kind.TICKET) else []
    if len(people) > MOST_PEOPLE:
        notes.append(reasons.TOO_MANY_PEOPLE)
    return replace(
        verdict,
        reasons=tuple(dict.fromkeys([*verdict.reasons, *notes])),
        sender=case.mail.sender,
        is_automatic=bool(case.mail.automatic),
        mentions=tuple(case.mentions),
        people=tuple(people[:MOST_PEOPLE]),
        steering=_steering(case),
    )


def _steering(case: Case) -> dict[str, str]:
    """TH-15: from a trusted channel only; nobody else's count (A9)."""
    if not case.envelope.is_trusted:
        return {}
    given = {STEERING[name]: values[0].strip()[:200] for name, values in case.mail.fields.items() if name in STEERING and values}
    return {name: value for name, value in given.items() if value}


def sent_at(mail: ParsedMail, received_at: datetime) -> datetime | None:
    """TH-16: when its sender says that he sent it; None when that can't be true, and the time of arrival counts."""
    return mail.date if mail.date is not None and mail.date <= received_at and mail.date.year >= 1990 else None


def _set_aside(case: Case) -> Verdict | None:
    """AU-3, AU-9: our own mail that came back, and reports that ask nothing."""
    if case.mail.message_id and case.lookup.is_our_mail(case.mail.message_id):
        return Verdict(Kind.DROP, (reasons.OWN_MAIL,))
    if case.mail.content_type == "multipart/report":
        kind = " ".join(case.mail.fields.get("content-type", ())).lower()
        if "feedback-report" in kind:
            return Verdict(Kind.DROP, (reasons.COMPLAINT,))
        if "disposition-notification" in kind:
            return Verdict(Kind.DROP, (reasons.READ_RECEIPT,))
    return None


def _report(case: Case) -> Verdict | None:
    """TH-2, AU-7, AU-8: a delivery report. It counts only with the Message-ID of a mail of ours to that very address (A12)."""
    bounce = case.mail.bounce
    if bounce is None:
        return None
    came_to = [*case.envelope.recipients, *(box.address for box in case.mail.to)]
    returned = case.lookup.returned(came_to, bounce.message_id, bounce.recipient)
    ours = returned or (bounce.message_id and case.lookup.is_our_mail(bounce.message_id))
    if not ours or not (returned or case.lookup.was_sent_to(bounce.message_id, bounce.recipient.lower())):
        return Verdict(Kind.QUARANTINE, (reasons.BACKSCATTER,))
    ticket = case.lookup.ticket_of_mail(returned or bounce.message_id)
    reason = reasons.BOUNCE if bounce.is_permanent else reasons.DELAYED
    return Verdict(Kind.TICKET if ticket else Kind.DROP, (reason,), ticket=ticket, is_quiet=True)


def _held(case: Case) -> Verdict | None:
    """What no rule can place."""
    if case.envelope.held_for:
        return Verdict(Kind.QUARANTINE, (case.envelope.held_for,))
    if NO_HEADERS in case.mail.warnings:
        return Verdict(Kind.QUARANTINE, (reasons.NOT_A_MAIL,))
    if not case.sender or case.lookup.is_ours(case.sender):
        return Verdict(Kind.QUARANTINE, (reasons.OWN_MAIL if case.sender else reasons.NO_SENDER,))
    if not case.lookup.is_usable(case.sender):
        return Verdict(Kind.QUARANTINE, (reasons.NO_SENDER,))
    envelope = case.envelope
    if envelope.recipients and not envelope.has_mailbox and not any(map(case.lookup.is_ours, envelope.recipients)):
        return Verdict(Kind.QUARANTINE, (reasons.UNKNOWN_ADDRESS,))
    if case.lookup.is_closed(case.sender):
        return Verdict(Kind.QUARANTINE, (reasons.ADDRESS_CLOSED,))
    return None


def _threaded(case: Case) -> Verdict | None:
    """It belongs to a ticket, or seems to."""
    found = matching.match(case)
    if found is None:
        return None
    ticket = found.ticket
    if case.lookup.is_staff(case.sender) and case.sender not in ticket.people:
        return _of_staff(case, found)
    if not found.is_member:
        return Verdict(Kind.QUARANTINE, (found.how,), ticket=ticket.code, is_verified=False)
    if case.is_doubtful and not found.is_sealed:
        case.mentions.append(ticket.code)
        return None  # S39, S40: a number or a reference that anybody may have seen, from who may be anybody
    if case.lookup.is_flood(case.sender):
        return Verdict(Kind.QUARANTINE, (reasons.FLOOD,), ticket=ticket.code, is_verified=False)
    is_verified = not case.is_doubtful and (found.owns_token or case.sender in ticket.people)
    is_quiet = case.is_machine or case.is_doubtful
    if ticket.is_done and not is_quiet and _begins_new(ticket, case.envelope.received_at):
        return replace(_new(case), reasons=(reasons.FOLLOW_UP,), link=ticket.code, is_proven=found.owns_token or _is_proven(case))
    return Verdict(
        Kind.TICKET,
        (found.how,),
        ticket=ticket.code,
        is_verified=is_verified,
        is_proven=is_verified and (found.owns_token or _is_proven(case)),
        is_internal=found.is_internal,
        is_quiet=is_quiet,
        is_new_topic=not case.is_machine and subjects.is_other_topic(case.mail.subject, ticket.subject),
    )


def _is_proven(case: Case) -> bool:
    return case.auth is Auth.PASSED


def _begins_new(ticket: Known, at: datetime) -> bool:
    """TH-10: the queue's rule for what comes to a ticket that is done."""
    return ticket.begins_new or (ticket.reopens_until is not None and at >= ticket.reopens_until)


def _of_staff(case: Case, found: Match) -> Verdict:
    """VI-6, A1, A15: a technician answers by mail with his own reply address of this ticket, while he may read it."""
    ticket = found.ticket.code
    if not found.owns_token or case.is_doubtful or case.is_machine:
        return Verdict(Kind.QUARANTINE, (reasons.STAFF_NOT_PROVEN,), ticket=ticket, is_staff=True, is_verified=False)
    if not case.lookup.may_answer(case.sender, ticket):
        return Verdict(Kind.QUARANTINE, (reasons.STAFF_NO_ACCESS,), ticket=ticket, is_staff=True, is_verified=False)
    return Verdict(Kind.TICKET, (found.how,), ticket=ticket, is_staff=True, is_proven=True, is_internal=found.is_internal)


def _new(case: Case) -> Verdict:
    """A ticket of its own; a machine's answer to nothing waits for a person, and so does a flood."""
    for code, reason in _HELD_MACHINES.items():
        if code in case.mail.automatic:
            return Verdict(Kind.QUARANTINE, (reason,), is_verified=False)
    if case.lookup.is_flood(case.sender):
        return Verdict(Kind.QUARANTINE, (reasons.FLOOD,), is_verified=False)
    return Verdict(Kind.NEW, (reasons.NEW,), is_verified=not case.is_doubtful, is_proven=_is_proven(case))
