"""A mail that came in: where from, and what became of it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SMALL = 64 * 1024  # a mail of so many bytes lies in its row; a larger one in the storage of files
DEATHS = 8  # workers that stopped while they read it: then it is set aside
MOST_TRIES = 3  # by itself; then it waits for a person or for a new release (TH-17)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=2))


class Source(StrEnum):
    """By which way it came."""

    SMTP = "smtp"
    LMTP = "lmtp"
    IMAP = "imap"
    PIPE = "pipe"
    WEBHOOK = "webhook"


SOURCE_LABELS = {
    Source.SMTP: _("SMTP"),
    Source.LMTP: _("LMTP"),
    Source.IMAP: _("IMAP"),
    Source.PIPE: _("mail server's pipe"),
    Source.WEBHOOK: _("mail provider"),
}


class IncomingState(StrEnum):
    STORED = "stored"
    PROCESSING = "processing"  # a worker is just reading it, or died while it did
    TICKETED = "ticketed"
    QUARANTINED = "quarantined"  # a person decides
    DROPPED = "dropped"
    FAILED = "failed"  # our fault: tried again


INCOMING_LABELS = {
    IncomingState.STORED: pgettext_lazy("state of an incoming mail", "Waiting"),
    IncomingState.PROCESSING: _("Being read"),
    IncomingState.TICKETED: _("In a ticket"),
    IncomingState.QUARANTINED: _("Quarantine"),
    IncomingState.DROPPED: _("Set aside"),
    IncomingState.FAILED: _("Could not be read"),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """What `store_incoming` answers: the mail's code, and whether it is a new one (TH-1)."""

    code: str
    is_new: bool
