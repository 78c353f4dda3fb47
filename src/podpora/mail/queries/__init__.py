"""Reading mail."""

from podpora.mail.queries.incoming import incoming, incoming_with_code, raw_of
from podpora.mail.queries.outgoing import (
    WAITING,
    counts_by_state,
    is_stuck,
    mail_with_code,
    outgoing,
    returned_from,
)

__all__ = [
    "WAITING",
    "counts_by_state",
    "incoming",
    "incoming_with_code",
    "is_stuck",
    "mail_with_code",
    "outgoing",
    "raw_of",
    "returned_from",
]
