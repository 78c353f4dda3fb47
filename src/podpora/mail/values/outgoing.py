"""A letter that is ready to go, and the states of an outgoing mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from podpora.audit.values import declare_sentence
from podpora.base.reasons import declare

ON_ITS_WAY = declare("mail.on_its_way", _("This mail waits or has been sent, so there is nothing to send again."))
NOT_WAITING = declare("mail.not_waiting", _("This mail does not wait any more: it was sent, or it failed."))
declare_sentence("mail.cancelled", _("Took back a mail before it was sent."))
declare_sentence("mail.undeliverable", _("A mail came back: nobody is at its address ({status})."))
declare_sentence("mail.deliverable", _("Mail goes to this address again."))

RETRY_FOR = timedelta(hours=48)
KEPT_TEXTS = timedelta(days=60)
KEPT_CODES = timedelta(days=1)
SMTP_TIMEOUT = 30.0
BANNER_AFTER = timedelta(minutes=5)


class MailState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"  # a worker is just sending it
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"  # a person took it back before it went


STATE_LABELS = {
    MailState.QUEUED: _("Waiting"),
    MailState.CLAIMED: _("Being sent"),
    MailState.SENT: _("Sent"),
    MailState.FAILED: _("Could not be sent"),
    MailState.BOUNCED: _("Came back"),
    MailState.CANCELLED: pgettext_lazy("state of an outgoing mail", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter: texts in the reader's language, text and HTML.

    `kind` says why it is sent (`order.paid`). `sender_name` makes the sender "Name via Vendor". `automatic` marks
    mail that no person wrote (RFC 3834), so that nothing answers it. A letter with `once` is queued once, however
    often it is handed in.
    """

    to_name: str
    to_address: str
    subject: str
    text: str
    html: str = ""
    language: str = "en"
    kind: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    sender_name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    once: str = ""
    automatic: bool = True
    files: tuple[str, ...] = ()  # codes of stored files that go along


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file as it goes into a mail."""

    name: str
    content_type: str
    content: bytes


class Refusal(Exception):
    """The other side will never take this mail (5xx): it is not tried again."""


class Delay(Exception):
    """The other side does not take it now (4xx, no connection): it is tried again."""
