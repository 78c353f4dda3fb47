"""The words of this room."""

from podpora.mail.values.incoming import (
    INCOMING_LABELS,
    MOST_TRIES,
    RETRY_AFTER,
    SMALL,
    SOURCE_LABELS,
    IncomingState,
    Source,
    Stored,
)
from podpora.mail.values.outgoing import (
    BANNER_AFTER,
    KEPT_CODES,
    KEPT_TEXTS,
    RETRY_FOR,
    SMTP_TIMEOUT,
    STATE_LABELS,
    Delay,
    Letter,
    MailState,
    Refusal,
)

__all__ = [
    "BANNER_AFTER",
    "INCOMING_LABELS",
    "KEPT_CODES",
    "KEPT_TEXTS",
    "MOST_TRIES",
    "RETRY_AFTER",
    "RETRY_FOR",
    "SMALL",
    "SMTP_TIMEOUT",
    "SOURCE_LABELS",
    "STATE_LABELS",
    "Delay",
    "IncomingState",
    "Letter",
    "MailState",
    "Refusal",
    "Source",
    "Stored",
]
