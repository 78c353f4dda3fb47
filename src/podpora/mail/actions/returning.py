"""A delivery report about a mail of ours: what it changes (AU-7, A12)."""

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor, system
from podpora.jobs.actions import once
from podpora.mail import queries
from podpora.mail.models import AddressState, OutgoingMail
from podpora.mail.rules import one_line
from podpora.mail.rules.bounces import Bounce
from podpora.mail.values import MailState
from podpora.mail.values.hooks import Fate, Report

# The address itself is wrong or nobody's; not a full mailbox (5.2.2), a mail that was too large (5.3.4) or refused (5.7.1).
NOBODY_THERE = re.compile(r"5\.1\.(1|2|3|6|8|10)|5\.2\.1|5\.4\.4|5\.0\.0|5")


@transaction.atomic
def note_return(addresses: Iterable[str], bounce: Bounce, *, mail: str, at: datetime) -> OutgoingMail | None:
    """A report came to these addresses. What it is proven to be about is marked as come back, and its address as undeliverable.

    None, and nothing is changed, when nothing proves that it is about a mail of ours; a delay only writes down what was said.
    """
    ours = queries.returned_mail(addresses, bounce.message_id, bounce.recipient)
    if ours is not None:
        _note(ours, bounce.status, f"{bounce.status} ({mail})", is_permanent=bounce.is_permanent, source=mail, at=at)
    return ours


@transaction.atomic
def note_fate(report: Report, *, source: str, at: datetime) -> OutgoingMail | None:
    """What the provider that carried a mail of ours says became of it. None: it is no mail of ours, or was said before."""
    if report.event and not once(f"mail-hook:{source}:{sha256(report.event.encode()).hexdigest()}", at=at):
        return None
    ours = queries.reported_mail(report)
    if ours is None:
        return None
    said = one_line(f"{report.status} {report.said}".strip(), 500)
    match report.fate:
        case Fate.DELIVERED:
            OutgoingMail.objects.filter(pk=ours.pk, state=MailState.SENT).update(delivered_at=at, last_error="")
        case Fate.COMPLAINED:
            OutgoingMail.objects.filter(pk=ours.pk).update(last_error=said)
            record("mail.complained", f"mail:{ours.code}", by=system("mail"), at=at)
        case Fate.DELAYED:
            _note(ours, report.status, said, is_permanent=False, source=source, at=at)
        case Fate.BOUNCED:
            _note(ours, report.status or "5", said, is_permanent=True, source=source, at=at)
    return ours


def _note(ours: OutgoingMail, status: str, said: str, *, is_permanent: bool, source: str, at: datetime) -> None:
    if not is_permanent:
        OutgoingMail.objects.filter(pk=ours.pk).update(last_error=said)
        return
    OutgoingMail.objects.filter(pk=ours.pk).update(state=MailState.BOUNCED, last_error=said)
    if NOBODY_THERE.fullmatch(status):
        state = AddressState(address=ours.to_address.casefold(), undeliverable_since=at, status=status[:20], mail=source)
        if AddressState.objects.bulk_create([state], ignore_conflicts=True) and queries.undeliverable([ours.to_address]):
            record("mail.undeliverable", f"mail:{ours.code}", by=system("mail"), at=at, facts={"status": status})


@transaction.atomic
def trust_address(address: str, *, by: Actor, at: datetime) -> bool:
    """Mail goes there again: a person says so, or mail came from there. Was it marked?"""
    count = AddressState.objects.filter(address=address.casefold()).delete()[0]
    if count:
        record("mail.deliverable", f"address:{address.casefold()}", by=by, at=at)
    return bool(count)
