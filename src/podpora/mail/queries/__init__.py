"""Reading mail."""

from podpora.mail.queries.answering import (
    address_of_queue,
    answered,
    is_flood,
)
from podpora.mail.queries.bouncing import (
    bounced_code,
    return_path,
)
from podpora.mail.queries.hooks import (
    hook,
    hook_address,
    hook_for,
    hooks,
    key_of,
    marks_for_providers,
    password_of,
)
from podpora.mail.queries.incoming import (
    incoming,
    incoming_with_code,
    mailbox_of,
    raw_of,
)
from podpora.mail.queries.mailboxes import (
    by_mailbox,
    is_ours,
    last_fetched,
    mailbox,
    mailbox_for,
    mailboxes,
    mailboxes_to_fetch,
    own_addresses,
    secret_of,
    unread_since,
)
from podpora.mail.queries.outgoing import (
    WAITING,
    counts_by_state,
    is_stuck,
    mail_with_code,
    outgoing,
    returned_from,
)
from podpora.mail.queries.quarantine import (
    HELD,
    PAGE,
    MailWish,
    held_count,
    held_counts,
    mails_wished,
    visible_incoming,
    visible_mail,
)
from podpora.mail.queries.returning import deliveries, reported_mail, returned_mail, undeliverable
from podpora.mail.queries.troubles import troubles

__all__ = [
    "HELD",
    "PAGE",
    "WAITING",
    "MailWish",
    "address_of_queue",
    "answered",
    "bounced_code",
    "by_mailbox",
    "counts_by_state",
    "deliveries",
    "held_count",
    "held_counts",
    "hook",
    "hook_address",
    "hook_for",
    "hooks",
    "incoming",
    "incoming_with_code",
    "is_flood",
    "is_ours",
    "is_stuck",
    "key_of",
    "last_fetched",
    "mail_with_code",
    "mailbox",
    "mailbox_for",
    "mailbox_of",
    "mailboxes",
    "mailboxes_to_fetch",
    "mails_wished",
    "marks_for_providers",
    "outgoing",
    "own_addresses",
    "password_of",
    "raw_of",
    "reported_mail",
    "return_path",
    "returned_from",
    "returned_mail",
    "secret_of",
    "troubles",
    "undeliverable",
    "unread_since",
    "visible_incoming",
    "visible_mail",
]
