"""Tables of mail: what goes out, what comes in."""

from podpora.mail.models.addresses import AddressState
from podpora.mail.models.hooks import Hook, hook_code
from podpora.mail.models.incoming import (
    AutoReply,
    IncomingMail,
    incoming_code,
)
from podpora.mail.models.listeners import Listener
from podpora.mail.models.mailboxes import (
    Mailbox,
    mailbox_code,
)
from podpora.mail.models.outgoing import (
    OutgoingMail,
    mail_code,
)

__all__ = [
    "AddressState",
    "AutoReply",
    "Hook",
    "IncomingMail",
    "Listener",
    "Mailbox",
    "OutgoingMail",
    "hook_code",
    "incoming_code",
    "mail_code",
    "mailbox_code",
]
