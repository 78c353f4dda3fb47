"""What becomes of a mail that came in: taken by a worker, settled, failed, tried again (TH-17)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

import podpora
from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.mail import queries
from podpora.mail.actions.storing import read_soon
from podpora.mail.models import AutoReply, IncomingMail
from podpora.mail.rules import acknowledging, one_line
from podpora.mail.rules.headers import Mailbox
from podpora.mail.values import DEATHS, MOST_TRIES, RETRY_AFTER, IncomingState, reasons

log = logging.getLogger(__name__)
READABLE = (IncomingState.STORED, IncomingState.PROCESSING, IncomingState.FAILED)
HELD = (IncomingState.QUARANTINED, IncomingState.FAILED, IncomingState.DROPPED)


def begin(code: str, *, at: datetime) -> bool:
    """A worker begins to read the mail; written down at once, so that one that kills its workers is set aside. False: nothing to do."""
    with transaction.atomic():
        mail = IncomingMail.objects.select_for_update().filter(code=code, state__in=READABLE).first()
        if mail is None:
            return False
        died = mail.attempts if mail.state == IncomingState.PROCESSING else 0
        if died >= DEATHS:
            _failed(mail, reasons.STOPPED, "", at=at)
            return False
        IncomingMail.objects.filter(pk=mail.pk).update(
            state=IncomingState.PROCESSING, attempts=died + 1, tried_with=podpora.__version__
        )
    return True


def take(code: str, *, at: datetime) -> IncomingMail | None:
    """The mail, locked until the caller's transaction ends; None when somebody else has read it meanwhile."""
    return IncomingMail.objects.select_for_update().filter(code=code, state__in=READABLE).first()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a mail is from now on, and why: reason codes, the deciding one first (AU-10)."""

    state: IncomingState
    reasons: Sequence[str]
    ticket: str = ""
    queue: str = ""


def settle(mail: IncomingMail, outcome: Outcome, *, sender: Mailbox | None, subject: str, at: datetime) -> None:
    """Write down what became of the mail, in the transaction of what it did."""
    mail.sender = one_line(sender.address.lower(), 320) if sender else ""
    mail.sender_name = one_line(sender.name, 200) if sender else ""
    mail.subject = one_line(subject, 300)
    mail.state, mail.reasons, mail.ticket = outcome.state, list(outcome.reasons), outcome.ticket
    mail.reason = mail.reasons[0] if mail.reasons else ""
    mail.queue = outcome.queue
    mail.processed_at, mail.next_attempt_at, mail.last_error = at, None, ""
    mail.save()


@transaction.atomic
def fail(code: str, error: str, *, at: datetime) -> None:
    """Reading it went wrong: kept with the reason, tried again a few times, and once more by every new release."""
    mail = IncomingMail.objects.select_for_update().filter(code=code, state__in=READABLE).first()
    if mail is None:
        return
    mail.failures += 1
    _failed(mail, reasons.FAILED, error, at=at)
    if mail.failures <= MOST_TRIES:
        wait = RETRY_AFTER[mail.failures - 1]
        IncomingMail.objects.filter(pk=mail.pk).update(next_attempt_at=at + wait)
        read_soon(code, at=at, after=wait)


def _failed(mail: IncomingMail, reason: str, error: str, *, at: datetime) -> None:
    log.error("mail %s could not be read: %s", mail.code, error or reason)
    mail.state, mail.reason, mail.reasons, mail.attempts = IncomingState.FAILED, reason, [reason], 0
    mail.last_error, mail.next_attempt_at = one_line(error, 2000), None
    mail.save()


@transaction.atomic
def retry_mail(mail: IncomingMail, *, by: Actor, at: datetime) -> None:
    """A person lets a failed mail be read once more. Refused when it did not fail."""
    locked = IncomingMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state != IncomingState.FAILED:
        refuse(reasons.NOT_HELD).or_refuse()
    IncomingMail.objects.filter(pk=mail.pk).update(state=IncomingState.STORED, failures=0, attempts=0, next_attempt_at=at)
    record("mail.retried", f"mail:{mail.code}", by=by, at=at)
    read_soon(mail.code, at=at)


@transaction.atomic
def drop_mail(mail: IncomingMail, *, by: Actor, at: datetime) -> None:
    """A person sets a held mail aside. It stays in the list of those; nothing is deleted. Refused when it is not held."""
    locked = IncomingMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state not in (IncomingState.QUARANTINED, IncomingState.FAILED):
        refuse(reasons.NOT_HELD).or_refuse()
    locked.state, locked.decided_by, locked.processed_at = IncomingState.DROPPED, by.name[:200], at
    locked.reasons = [reasons.SET_ASIDE, *locked.reasons]
    locked.reason = reasons.SET_ASIDE
    locked.save()
    record("mail.dropped", f"mail:{mail.code}", by=by, at=at)


def note_release(mail: IncomingMail, *, by: Actor, at: datetime) -> None:
    """Who let it through stands in the audit."""
    record("mail.released", f"mail:{mail.code}", by=by, at=at, facts={"ticket": mail.ticket})


def take_held(mail: IncomingMail, *, by: Actor) -> IncomingMail:
    """The held mail, locked, for the one who releases it. Refused when it is not held any more (two people at once)."""
    locked = IncomingMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state not in HELD:
        refuse(reasons.NOT_HELD).or_refuse()
    locked.decided_by = by.name[:200]
    return locked


@transaction.atomic
def read_unfinished(*, at: datetime) -> int:
    """Mails that nobody reads any more (their job is gone), and those that failed under an older release (TH-17). How many."""
    count = 0
    failed = IncomingMail.objects.filter(state=IncomingState.FAILED).exclude(tried_with=podpora.__version__)
    lost = IncomingMail.objects.filter(state__in=[IncomingState.STORED, IncomingState.PROCESSING])
    for code in [*failed.values_list("code", flat=True)[:500], *lost.values_list("code", flat=True)[:5000]]:
        read_soon(code, at=at)
        count += 1
    failed.update(failures=0)
    return count


@transaction.atomic
def may_acknowledge(address: str, subject: str, *, is_proven: bool, at: datetime) -> bool:
    """May an automatic answer go to this address now? If so it is counted: two at once can't both be the last one (AU-4)."""
    known = queries.answered(address, subject, at=at)
    if not acknowledging.may_answer(known, is_proven=is_proven):
        return False
    AutoReply.objects.create(address=address[:320], domain=address.rpartition("@")[2][:255], subject=subject[:100], at=at)
    return True


def forget_answers(*, at: datetime) -> int:
    """Automatic answers that count no more."""
    return AutoReply.objects.filter(at__lt=at - acknowledging.DAY).delete()[0]
