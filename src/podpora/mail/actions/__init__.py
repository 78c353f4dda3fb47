"""Writing mail: queueing, sending, marking."""

from podpora.mail.actions.erasing import (
    forget_address,
)
from podpora.mail.actions.hooks import (
    confirm,
    confirm_soon,
    create_hook,
    delete_hook,
    note_call,
    note_refused,
    renew_password,
    set_hook,
    set_hook_active,
)
from podpora.mail.actions.imap import (
    Client,
    Unreachable,
    connected,
    leave,
    said,
    try_mailbox,
)
from podpora.mail.actions.listening import forget_listener, note_listener
from podpora.mail.actions.mailboxes import (
    create_mailbox,
    delete_mailbox,
    ensure_mailboxes,
    set_active,
    set_mailbox,
)
from podpora.mail.actions.polling import (
    Fetched,
    fetch,
    give_back,
    keep_mailbox,
    note_failure,
    note_success,
    take_mailbox,
)
from podpora.mail.actions.queueing import (
    cancel_mail,
    queue_mail,
    send_again,
)
from podpora.mail.actions.receiving import (
    receive,
)
from podpora.mail.actions.returning import note_fate, note_return, trust_address
from podpora.mail.actions.sending import (
    forget_texts,
    send_mail,
)
from podpora.mail.actions.settling import (
    Outcome,
    begin,
    drop_mail,
    fail,
    forget_answers,
    may_acknowledge,
    note_release,
    read_unfinished,
    retry_mail,
    settle,
    take,
    take_held,
)
from podpora.mail.actions.storing import (
    read_soon,
    store_incoming,
)

__all__ = [
    "Client",
    "Fetched",
    "Outcome",
    "Unreachable",
    "begin",
    "cancel_mail",
    "confirm",
    "confirm_soon",
    "connected",
    "create_hook",
    "create_mailbox",
    "delete_hook",
    "delete_mailbox",
    "drop_mail",
    "ensure_mailboxes",
    "fail",
    "fetch",
    "forget_address",
    "forget_answers",
    "forget_listener",
    "forget_texts",
    "give_back",
    "keep_mailbox",
    "leave",
    "may_acknowledge",
    "note_call",
    "note_failure",
    "note_fate",
    "note_listener",
    "note_refused",
    "note_release",
    "note_return",
    "note_success",
    "queue_mail",
    "read_soon",
    "read_unfinished",
    "receive",
    "renew_password",
    "retry_mail",
    "said",
    "send_again",
    "send_mail",
    "set_active",
    "set_hook",
    "set_hook_active",
    "set_mailbox",
    "settle",
    "store_incoming",
    "take",
    "take_held",
    "take_mailbox",
    "trust_address",
    "try_mailbox",
]
