"""Mailboxes for tests."""

from datetime import UTC, datetime
from typing import Any

from podpora.base.actors import system
from podpora.mail import actions
from podpora.mail.models import Mailbox
from podpora.mail.values import Imap, MailboxFacts, Security

BY = system("tests")
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECRET = "hunter2-of-the-mailbox"


def mailbox(address: str = "support@vendor.example", *, at: datetime = AT, **facts: Any) -> Mailbox:
    """A mailbox that mail is brought to."""
    return actions.create_mailbox(MailboxFacts(address, **facts), queues=("vip", "general"), by=BY, at=at)


def fetched(address: str = "support@vendor.example", *, host: str = "imap.example.com", at: datetime = AT, **imap: Any) -> Mailbox:
    """A mailbox that is fetched from a server."""
    server = Imap(host, **({"user": "support", "secret": SECRET, "security": Security.TLS} | imap))
    return mailbox(address, imap=server, at=at)
