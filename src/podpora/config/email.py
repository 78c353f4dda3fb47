"""Django's e-mail backend: hands every message to the room `mail`, which sends it after commit."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from podpora.base import clock
from podpora.mail.actions import queue_mail
from podpora.mail.values import Letter
from podpora.notifications.actions import mail_text


class QueueBackend(BaseEmailBackend):
    """Queues instead of sending: the mails of the sign-in pages (codes, lost passwords) go the way of all others."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        count = 0
        for message in email_messages:
            for address in message.recipients():
                _queue(message, address)
            count += 1
        return count


def _queue(message: EmailMessage, address: str) -> None:
    at = clock.now()
    name, bare = parseaddr(address)
    letter = Letter(
        to_name=name,
        to_address=bare or address,
        subject=str(message.subject),
        text=str(message.body),
        html=_html_of(message),
        language=translation.get_language() or "en",
        kind="account",
        reply_to=message.reply_to[0] if message.reply_to else "",
        headers={str(key): str(value) for key, value in (message.extra_headers or {}).items()},
    )
    if letter.html:
        queue_mail(letter, at=at)
    else:
        mail_text(letter, at=at)


def _html_of(message: Any) -> str:
    for content, kind in getattr(message, "alternatives", None) or ():
        if kind == "text/html":
            return str(content)
    return ""
