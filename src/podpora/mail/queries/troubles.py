"""What is wrong with the mail, for the people who run the installation: in the office, in `podpora check`, in /readyz."""

from datetime import datetime, timedelta

from podpora.base.clock import format_instant
from podpora.base.decisions import Decision, allow
from podpora.mail.models import Hook, Listener, Mailbox
from podpora.mail.queries.mailboxes import unread_since
from podpora.mail.queries.outgoing import is_stuck
from podpora.mail.values.troubles import HOOK, LISTENER, MAILBOX, OUTGOING, UNREAD

FAILING_FOR = timedelta(minutes=5)  # a server that is started anew is no trouble
UNREAD_FOR = timedelta(minutes=10)
SILENT_FOR = timedelta(minutes=2)


def troubles(*, at: datetime) -> list[Decision]:
    """Each with its reason code; empty when mail comes in and goes out (five queries into small tables and indexes)."""
    found: list[Decision] = []
    if is_stuck(at=at):
        found.append(allow(OUTGOING))
    waiting = unread_since()
    if waiting is not None and at - waiting > UNREAD_FOR:
        found.append(allow(UNREAD, since=format_instant(waiting)))
    for box in Mailbox.objects.filter(is_active=True, failing_since__lt=at - FAILING_FOR).exclude(imap_host=""):
        found.append(allow(MAILBOX, address=box.address, why=box.trouble))
    for hook in Hook.objects.filter(is_active=True).exclude(last_error=""):
        found.append(allow(HOOK, name=str(hook), why=hook.trouble))
    for listener in Listener.objects.filter(seen_at__lt=at - SILENT_FOR):
        found.append(allow(LISTENER, name=listener.name, since=format_instant(listener.seen_at)))
    return found
