"""Sending one mail: claim, hand over, mark.

Between handing over and marking a killed worker leaves the mail claimed; the job runs again and sends a copy with the
same Message-ID. Nothing is lost, and there is at most one extra copy for each crash.
"""

import logging
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr, quote

from django.conf import settings

from podpora.base import vendor
from podpora.files import queries as files
from podpora.jobs.values import TryLater
from podpora.mail import queries, rules
from podpora.mail.actions.transport import transport
from podpora.mail.models import OutgoingMail
from podpora.mail.queries import WAITING
from podpora.mail.values import KEPT_CODES, KEPT_TEXTS, RETRY_FOR, Delay, Enclosure, MailState, Refusal

log = logging.getLogger(__name__)
UNDELIVERABLE = "Our mail came back from this address, so nothing is sent there by itself."


def send_mail(code: str, *, at: datetime) -> None:
    """Send the mail with this code, unless it is sent already. Raises TryLater when the other side wants it later."""
    waiting = OutgoingMail.objects.filter(code=code, state__in=WAITING)
    if not waiting.update(state=MailState.CLAIMED, claimed_at=at):
        return
    mail = OutgoingMail.objects.get(code=code)
    try:
        if _is_held(mail):
            raise Refusal(UNDELIVERABLE)
        transport().send(built(mail), sender=queries.return_path(mail.code), to_address=mail.to_address, name=mail.code)
    except Delay as delay:
        _delay(mail, str(delay), at=at)
    except Refusal as refusal:
        _fail(mail, str(refusal))
    except (ValueError, UnicodeError, LookupError, IndexError, TypeError) as error:  # a letter that cannot be written down
        log.exception("mail %s cannot be built", mail.code)
        _fail(mail, f"{type(error).__name__}: {error}")
    else:
        OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=at, last_error="")


def _is_held(mail: OutgoingMail) -> bool:
    """AU-7: no automatic mail goes to an address where nobody is; what a person asked for (a code, a new password) still does."""
    is_wanted = not mail.automatic or mail.kind.startswith("account")
    return not is_wanted and bool(queries.undeliverable([mail.to_address]))


def built(mail: OutgoingMail) -> bytes:
    """The mail as it is sent; the same bytes each time. ValueError where it cannot be written down."""
    letter = replace(mail.letter(), headers=mail.headers | queries.marks_for_providers(mail.code))
    return rules.message(letter, mail_from=_mail_from(), at=mail.queued_at, files=_enclosed(mail))


def _enclosed(mail: OutgoingMail) -> list[Enclosure]:
    """The files that go along. One that was erased meanwhile is left out."""
    stored = {file.code: file for file in files.stored(mail.files)} if mail.files else {}
    found = [stored[code] for code in mail.files if code in stored]
    return [Enclosure(file.name, file.content_type, files.content_of(file)) for file in found]


def _mail_from() -> str:
    """Our address, under the name that customers know."""
    return (
        f'"{quote(vendor.name())}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'  # not encoded: that is done once, when it is sent
    )


def forget_texts(*, at: datetime) -> int:
    """Take the texts out of mail that was sent long ago: keys and codes need not lie in the database. How many mails."""
    old = OutgoingMail.objects.filter(state=MailState.SENT, sent_at__lt=at - KEPT_TEXTS).exclude(text="", html="")
    secret = OutgoingMail.objects.filter(state=MailState.SENT, sent_at__lt=at - KEPT_CODES, kind__startswith="account")
    return old.update(text="", html="") + secret.exclude(text="", html="").update(text="", html="")


def _delay(mail: OutgoingMail, why: str, *, at: datetime) -> None:
    attempts = mail.attempts + 1
    if at - mail.queued_at >= RETRY_FOR:
        _fail(mail, f"Given up after 48 hours. {why}")
        return
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.QUEUED, attempts=attempts, last_error=why)
    raise TryLater(rules.next_attempt(attempts), why)


def _fail(mail: OutgoingMail, why: str) -> None:
    log.warning("mail %s failed: %s", mail.code, why)
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, attempts=mail.attempts + 1, last_error=why)
