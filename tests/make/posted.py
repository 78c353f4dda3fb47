"""Mails as they come in."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from podpora.journeys import mailroom
from podpora.mail import queries
from podpora.mail.actions import store_incoming
from podpora.mail.models import IncomingMail, OutgoingMail

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def raw_mail(
    text: str = "The calendar shows nothing.",
    *,
    sender: str = "Jana Nová <jana@private.example>",
    to: str = "support@vendor.example",
    subject: str = "The calendar stops",
    message_id: str = "<one@private.example>",
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    at: datetime = AT,
    **headers: str,
) -> bytes:
    """One mail, with further headers as `in_reply_to="<…>"`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(at)
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def deliver(raw: bytes, *, to: str = "support@vendor.example", envelope_from: str = "", at: datetime = AT) -> IncomingMail:
    """The mail as it is after it came in and was read."""

    stored = store_incoming(raw, source="smtp", envelope_from=envelope_from, envelope_to=[to] if to else [], at=at)
    mailroom.process(stored.code, at=at)
    return queries.incoming_with_code(stored.code)


def letters(address: str, kind: str = "") -> list[OutgoingMail]:
    """What was written to this address, oldest first."""
    found = OutgoingMail.objects.filter(to_address=address).order_by("pk")
    return list(found.filter(kind=kind) if kind else found)
