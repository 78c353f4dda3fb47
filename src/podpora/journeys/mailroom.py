"""A mail that came in, from its bytes to the ticket, the quarantine or the bin.

Rooms: mail (the bytes, the decision, what became of them), people (whose address is it?), rights (which plan?), desk (the ticket).
What a mail does and that it did it are one transaction: a worker that is killed in the middle has done nothing.
"""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from podpora.base.actors import Actor, system
from podpora.desk import actions as desk
from podpora.desk import queries as tickets
from podpora.journeys import forum_mail, mail_tickets
from podpora.journeys.mail_lookup import House, authserv_ids
from podpora.mail import actions, queries
from podpora.mail.actions import Outcome
from podpora.mail.models import IncomingMail
from podpora.mail.rules.deciding import decide
from podpora.mail.rules.lookup import Envelope, Kind, Verdict
from podpora.mail.rules.parsing import ParsedMail, parse
from podpora.mail.values import IncomingState, reasons

log = logging.getLogger(__name__)
BY = "mail"
_STATES = {Kind.TICKET: IncomingState.TICKETED, Kind.NEW: IncomingState.TICKETED, Kind.QUARANTINE: IncomingState.QUARANTINED}


def process(code: str, *, at: datetime) -> None:
    """Read the mail with this code and do what it means. Safe to call again; its failure is kept on the mail and stops no other (TH-17)."""
    if not actions.begin(code, at=at):
        return
    try:
        raw = queries.raw_of(queries.incoming_with_code(code))
        parsed = parse(raw)
        with transaction.atomic():
            mail = actions.take(code, at=at)
            if mail is not None:
                _do(mail, parsed, at=at)
    except OperationalError:
        raise  # the database is away or busy: that is no fault of the mail, the job comes again
    except Exception as error:
        log.exception("mail %s", code)
        actions.fail(code, f"{type(error).__name__}: {error}", at=at)


def _do(mail: IncomingMail, parsed: ParsedMail, *, at: datetime) -> None:
    address = forum_mail.meant(mail, parsed)
    if address is not None:
        reason = forum_mail.publish(mail, parsed, address, at=at)
        actions.settle(mail, Outcome(IncomingState.DROPPED, [reason]), sender=parsed.sender, subject=parsed.subject, at=at)
        return
    envelope = envelope_of(mail, parsed)
    verdict = decide(parsed, envelope, House(parsed.sender.address if parsed.sender else "", at=mail.received_at))
    if verdict.is_proven and parsed.sender is not None:
        actions.trust_address(parsed.sender.address, by=system(BY), at=at)  # somebody is there after all
    ticket, more = _act(mail, parsed, verdict, at=at)
    state = _STATES.get(verdict.kind, IncomingState.DROPPED)
    outcome = Outcome(state, [*verdict.reasons, *more], ticket, _queue(mail, parsed, ticket))
    actions.settle(mail, outcome, sender=parsed.sender, subject=parsed.subject, at=at)


def envelope_of(mail: IncomingMail, parsed: ParsedMail) -> Envelope:
    """How the mail was handed to us."""
    box = queries.mailbox_of(mail.mailbox, [*mail.envelope_to, *(one.address for one in (*parsed.to, *parsed.cc)[:50])])
    return Envelope(
        received_at=mail.received_at,
        sender=mail.envelope_from,
        recipients=tuple(mail.envelope_to),
        has_mailbox=bool(mail.mailbox),
        is_trusted=box is not None and box.is_trusted,
        authserv_ids=authserv_ids(),
        held_for=mail.reasons[0] if mail.reasons and mail.reasons[0] == reasons.SAME_ID else "",
    )


def _queue(mail: IncomingMail, parsed: ParsedMail, ticket: str) -> str:
    """VI-3: whose mail it is."""
    found = tickets.where_it_goes_on(ticket) if ticket else None
    if found is not None:
        return str(found.queue.code)
    box = queries.mailbox_of(mail.mailbox, [*mail.envelope_to, *(one.address for one in (*parsed.to, *parsed.cc)[:50])])
    return box.queue if box else ""


def _act(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict, *, at: datetime) -> tuple[str, list[str]]:
    """What the verdict says: (the ticket's code, reasons that came up on the way)."""
    by = system(BY)
    match verdict.kind:
        case Kind.NEW:
            return mail_tickets.open_for(mail, parsed, verdict, by=by, at=at)
        case Kind.TICKET if verdict.reasons[0] in (reasons.BOUNCE, reasons.DELAYED):
            _bounced(mail, parsed, verdict, by=by, at=at)
            return verdict.ticket, []
        case Kind.TICKET:
            return mail_tickets.add_to(mail, parsed, verdict, by=by, at=at)
        case Kind.DROP if verdict.reasons[0] in (reasons.BOUNCE, reasons.DELAYED):
            _bounced(mail, parsed, verdict, by=by, at=at)
        case Kind.QUARANTINE if verdict.is_staff:
            mail_tickets.tell_staff(mail, parsed, verdict, at=at)
    return verdict.ticket, []


def _bounced(mail: IncomingMail, parsed: ParsedMail, verdict: Verdict, *, by: Actor, at: datetime) -> None:
    """AU-7: noted on the ticket, and the mail marked as come back."""
    bounce = parsed.bounce
    assert bounce is not None
    came_to = [*mail.envelope_to, *(box.address for box in parsed.to)]
    returned = actions.note_return(came_to, bounce, mail=mail.code, at=at)
    address = bounce.recipient or (returned.to_address if returned else "")
    if verdict.ticket:
        desk.note_bounce(tickets.any_ticket(verdict.ticket), address, is_permanent=bounce.is_permanent, by=by, at=at)


@transaction.atomic
def release(mail: IncomingMail, *, ticket: str = "", by: Actor, at: datetime) -> str:
    """A person lets a held mail through: to a ticket of choice, or a new one. Returns the ticket's code.

    Refused when it is not held any more; InvalidInput when its sender can't have a ticket or the ticket is not there.
    """
    held = actions.take_held(mail, by=by)
    parsed = parse(queries.raw_of(held))
    verdict = decide(parsed, envelope_of(held, parsed), House(parsed.sender.address if parsed.sender else "", at=held.received_at))
    code = mail_tickets.release(held, parsed, verdict, ticket=ticket, by=by, at=at)
    outcome = Outcome(IncomingState.TICKETED, [reasons.RELEASED, *held.reasons], code, _queue(held, parsed, code))
    actions.settle(held, outcome, sender=parsed.sender, subject=parsed.subject, at=at)
    actions.note_release(held, by=by, at=at)
    return code
