"""Putting a letter into the queue, in the caller's transaction."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.codes import random_part
from podpora.base.decisions import refuse
from podpora.jobs.actions import enqueue
from podpora.mail import rules
from podpora.mail.models import AddressState, OutgoingMail, mail_code
from podpora.mail.values import Letter, MailState
from podpora.mail.values.outgoing import NOT_WAITING, ON_ITS_WAY

SEND = "podpora.mail.jobs.send"
AGAIN = (MailState.FAILED, MailState.BOUNCED, MailState.CANCELLED)


@transaction.atomic(savepoint=False)
def queue_mail(letter: Letter, *, at: datetime) -> OutgoingMail:
    """Write a letter down; a job sends it after this transaction. Never refuses.

    What a header cannot hold is made harmless here; a letter to something that is no address is kept as failed, so
    that it stops neither the caller nor the queue (A13).
    """
    code = mail_code()
    mail = _row(letter, code, at)
    if letter.once:
        OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
        there = OutgoingMail.objects.get(once=letter.once)
        if there.code != code:
            return there
        mail = there
    else:
        mail.save()
    if mail.state == MailState.QUEUED:
        enqueue(SEND, {"mail": mail.code}, at=at, queue="mail")
    return mail


def _row(letter: Letter, code: str, at: datetime) -> OutgoingMail:
    address = rules.ascii_address(letter.to_address)
    return OutgoingMail(
        code=code,
        message_id=letter.message_id if rules.is_message_id(letter.message_id) else _new_message_id(code),
        kind=letter.kind,
        to_name=rules.one_line(letter.to_name, rules.LONGEST_NAME),
        to_address=address or rules.one_line(letter.to_address, 254),
        subject=rules.one_line(letter.subject, rules.LONGEST_SUBJECT),
        text=rules.clean_text(letter.text),
        html=rules.clean_text(letter.html),
        language=rules.one_line(letter.language, 10),
        in_reply_to=letter.in_reply_to if rules.is_message_id(letter.in_reply_to) else "",
        references=[one for one in letter.references if rules.is_message_id(one)],
        reply_to=rules.ascii_address(letter.reply_to),
        sender_name=rules.one_line(letter.sender_name, rules.LONGEST_NAME),
        headers=rules.kept_headers(letter.headers),
        automatic=letter.automatic,
        files=list(letter.files),
        once=letter.once,
        state=MailState.QUEUED if address else MailState.FAILED,
        last_error="" if address else "The address cannot be used.",
        queued_at=at,
    )


def _new_message_id(code: str) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{code.lower()}.{random_part(16).lower()}@{domain}>"


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: Actor, at: datetime) -> OutgoingMail:
    """Try a mail that failed, came back or was taken back once more, as the same mail. Its address counts as good again.

    Refused (mail.on_its_way) when it waits or was sent.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state not in AGAIN:
        refuse(ON_ITS_WAY).or_refuse()
    mail.state, mail.queued_at, mail.attempts, mail.last_error = MailState.QUEUED, at, 0, ""
    mail.save(update_fields=["state", "queued_at", "attempts", "last_error"])
    AddressState.objects.filter(address=mail.to_address.casefold()).delete()  # a person wants it tried
    enqueue(SEND, {"mail": mail.code}, at=at, queue="mail")
    record("mail.sent_again", f"mail:{mail.code}", by=by, at=at)
    return mail


@transaction.atomic
def cancel_mail(mail: OutgoingMail, *, by: Actor, at: datetime) -> OutgoingMail:
    """Take a mail back that still waits. Refused (mail.not_waiting) when a worker is just sending it, or has."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state != MailState.QUEUED:
        refuse(NOT_WAITING).or_refuse()
    mail.state = MailState.CANCELLED
    mail.save(update_fields=["state"])
    record("mail.cancelled", f"mail:{mail.code}", by=by, at=at)
    return mail
