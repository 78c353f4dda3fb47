"""What became of a mail that came in."""

from datetime import datetime

from podpora.mail.models import IncomingMail
from podpora.mail.rules import one_line
from podpora.mail.rules.parsing import ParsedMail
from podpora.mail.values import IncomingState

READABLE = (IncomingState.STORED, IncomingState.PROCESSING, IncomingState.FAILED)


def take(code: str, *, at: datetime) -> IncomingMail | None:
    """The mail, locked until the caller's transaction ends; None when it was read already."""
    return IncomingMail.objects.select_for_update().filter(code=code, state__in=READABLE).first()


def settle(mail: IncomingMail, parsed: ParsedMail, *, ticket: str, at: datetime) -> None:
    """It is in a ticket now."""
    _show(mail, parsed)
    mail.state, mail.ticket, mail.processed_at = IncomingState.TICKETED, ticket, at
    mail.last_error, mail.next_attempt_at = "", None
    mail.save()


def _show(mail: IncomingMail, parsed: ParsedMail) -> None:
    """What a list shows of it."""
    mail.sender = one_line(parsed.sender.address, 320) if parsed.sender else ""
    mail.sender_name = one_line(parsed.sender.name, 200) if parsed.sender else ""
    mail.subject = one_line(parsed.subject, 300)
