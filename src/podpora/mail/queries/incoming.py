"""What came in: lists, one mail, its bytes."""

from collections.abc import Iterable

from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.files.queries import content_of
from podpora.mail.models import IncomingMail, Mailbox
from podpora.mail.queries.mailboxes import mailbox_for


def incoming(state: str = "") -> QuerySet[IncomingMail]:
    """Newest first, without the bytes."""
    mails = IncomingMail.objects.defer("raw_bytes").order_by("-id")
    return mails.filter(state=state) if state else mails


def incoming_with_code(code: str) -> IncomingMail:
    """Raises NotYours."""
    found = incoming().filter(code=code[:20]).first() if "\x00" not in code else None
    if found is None:
        raise NotYours
    return found


def raw_of(mail: IncomingMail) -> bytes:
    """The bytes as they came in."""
    return content_of(mail.raw) if mail.raw is not None else bytes(mail.raw_bytes)


def mailbox_of(code: str, addresses: Iterable[str]) -> Mailbox | None:
    """The mailbox that a mail came to: the one it was handed in for, else by the addresses that it was sent to."""
    return Mailbox.objects.filter(code=code).first() if code else mailbox_for(addresses)
