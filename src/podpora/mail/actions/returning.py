"""A delivery report about a mail of ours: what it changes (AU-7, A12)."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor, system
from podpora.mail import queries
from podpora.mail.models import AddressState, OutgoingMail
from podpora.mail.rules.bounces import Bounce
from podpora.mail.values import MailState

# The address itself is wrong or nobody's; not a full mailbox (5.2.2), a mail that was too large (5.3.4) or refused (5.7.1).
NOBODY_THERE = re.compile(r"5\.1\.(1|2|3|6|8|10)|5\.2\.1|5\.4\.4|5\.0\.0|5")


@transaction.atomic
def note_return(addresses: Iterable[str], bounce: Bounce, *, mail: str, at: datetime) -> OutgoingMail | None:
    """A report came to these addresses. What it is proven to be about is marked as come back, and its address as undeliverable.

    None, and nothing is changed, when nothing proves that it is about a mail of ours; a delay only writes down what was said.
    """
    ours = queries.returned_mail(addresses, bounce.message_id, bounce.recipient)
    if ours is None:
        return None
    said = f"{bounce.status} ({mail})"
    if not bounce.is_permanent:
        OutgoingMail.objects.filter(pk=ours.pk).update(last_error=said)
        return ours
    OutgoingMail.objects.filter(pk=ours.pk).update(state=MailState.BOUNCED, last_error=said)
    if NOBODY_THERE.fullmatch(bounce.status):
        state = AddressState(address=ours.to_address.casefold(), undeliverable_since=at, status=bounce.status, mail=mail)
        if AddressState.objects.bulk_create([state], ignore_conflicts=True) and queries.undeliverable([ours.to_address]):
            record("mail.undeliverable", f"mail:{ours.code}", by=system("mail"), at=at, facts={"status": bounce.status})
    return ours


@transaction.atomic
def trust_address(address: str, *, by: Actor, at: datetime) -> bool:
    """Mail goes there again: a person says so, or mail came from there. Was it marked?"""
    count = AddressState.objects.filter(address=address.casefold()).delete()[0]
    if count:
        record("mail.deliverable", f"address:{address.casefold()}", by=by, at=at)
    return bool(count)
