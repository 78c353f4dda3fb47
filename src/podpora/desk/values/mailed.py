"""What a mail brings to a ticket besides its words, and what its sender is told."""

from dataclasses import dataclass, field
from datetime import datetime

from podpora.base.decisions import Decision


@dataclass(frozen=True, slots=True)
class Mailed:
    """Of the mail that a message came by. `author`: its sender as he is shown; `is_quiet`: it has no effect (TH-11);
    `is_automatic`: a machine wrote it (AU-1)."""

    code: str
    message_id: str = ""
    in_reply_to: str = ""
    visible: str = ""
    html: str = ""
    author: str = ""
    is_unverified: bool = False
    is_internal: bool = False
    is_quiet: bool = False
    is_automatic: bool = False
    is_new_topic: bool = False
    sent_at: datetime | None = None
    date_text: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the acknowledgement of a new ticket says. `promise`: the plan's words; `refusal`: why it is no VIP ticket."""

    is_wanted: bool = True
    promise: str = ""
    refusal: Decision = field(default_factory=Decision)
    in_reply_to: str = ""
