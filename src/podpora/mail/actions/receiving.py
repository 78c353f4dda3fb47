"""A mail at one of our doors (SMTP, LMTP, a pipe, a provider): to which mailboxes it goes, and kept before anybody says yes."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from podpora.mail import queries
from podpora.mail.actions.storing import store_incoming
from podpora.mail.values import Stored


@transaction.atomic
def receive(raw: bytes, *, source: str, envelope_from: str = "", recipients: Iterable[str] = (), at: datetime) -> list[Stored]:
    """Keep it once for each mailbox among its recipients (TH-1); for recipients that nobody knows, once without one.

    All or nothing: whoever brings it may say "accepted" when this returns, and has to bring it again when it raises.
    """
    groups = queries.by_mailbox(recipients)
    known = [group for group in groups if group[0] is not None]
    return [
        store_incoming(raw, source=source, mailbox=box, envelope_from=envelope_from, envelope_to=addresses, at=at)
        for box, addresses in known or groups or [(None, [])]
    ]
