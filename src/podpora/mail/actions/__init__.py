"""Writing mail: queueing, sending, marking."""

from podpora.mail.actions.erasing import (
    forget_address,
)
from podpora.mail.actions.imap import (
    try_mailbox,
)
from podpora.mail.actions.mailboxes import (
    create_mailbox,
    delete_mailbox,
    ensure_mailboxes,
    set_active,
    set_mailbox,
)
from podpora.mail.actions.queueing import (
    queue_mail,
    send_again,
)
from podpora.mail.actions.receiving import receive
from podpora.mail.actions.sending import (
    forget_texts,
    send_mail,
)
from podpora.mail.actions.settling import (
    settle,
    take,
)
from podpora.mail.actions.storing import (
    read_soon,
    store_incoming,
)

__all__ = [
    "create_mailbox",
    "delete_mailbox",
    "ensure_mailboxes",
    "forget_address",
    "forget_texts",
    "queue_mail",
    "read_soon",
    "receive",
    "send_again",
    "send_mail",
    "set_active",
    "set_mailbox",
    "settle",
    "store_incoming",
    "take",
    "try_mailbox",
]
