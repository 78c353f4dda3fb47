"""A mail provider calls: the mails that it brings are kept, and what became of ours is noted, also on the ticket.

Rooms: mail (the bytes, the state of what went out), desk (the ticket that an answer belongs to).
"""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import system
from podpora.base.sealing import CannotOpen
from podpora.desk import actions as desk
from podpora.desk import queries as tickets
from podpora.mail import actions, queries
from podpora.mail.models import Hook
from podpora.mail.rules import envelope
from podpora.mail.values import Source
from podpora.mail.values.hooks import Arrival, Call, Fate, NotReadable, NotSigned, Report, mail_provider

LARGEST = 50 * 1024 * 1024


class TooLarge(Exception):
    """The provider brought a mail that nobody takes."""


def take(hook: Hook, call: Call, *, at: datetime) -> None:
    """Keep what the provider brings, all of it or nothing; called twice with the same it is kept once.

    Raises NotSigned, NotReadable, TooLarge (nothing is kept); OSError and DatabaseError: the provider has to come again.
    """
    provider = mail_provider(hook.provider)
    if provider is None:
        raise NotReadable("this provider is not known any more")
    try:
        key = queries.key_of(hook)
    except CannotOpen:
        raise NotSigned from None
    if key and provider.signs:
        provider.verify(call, key)
    content = provider.read(call, key)
    with transaction.atomic():
        for arrival in content.arrivals:
            _keep(arrival, at=at)
        for report in content.reports:
            note_fate(report, source=hook.code, at=at)
        if content.confirm:
            actions.confirm_soon(hook, content.confirm, at=at)
        actions.note_call(hook, at=at)


def _keep(arrival: Arrival, *, at: datetime) -> None:
    if len(arrival.raw) > LARGEST:
        raise TooLarge
    if not arrival.raw.strip():
        raise NotReadable("an empty mail")
    recipients = arrival.recipients or envelope.recipients(arrival.raw)
    actions.receive(arrival.raw, source=Source.WEBHOOK, envelope_from=arrival.envelope_from, recipients=recipients, at=at)


def note_fate(report: Report, *, source: str, at: datetime) -> None:
    """AU-7: what became of a mail of ours, and a word in its ticket when it did not arrive."""
    ours = actions.note_fate(report, source=source, at=at)
    if ours is None or report.fate not in (Fate.BOUNCED, Fate.DELAYED):
        return
    place = tickets.ticket_and_part(ours.message_id)
    ticket = tickets.where_it_goes_on(place[0]) if place else None
    if ticket is not None:
        desk.note_bounce(ticket, ours.to_address, is_permanent=report.fate is Fate.BOUNCED, by=system("mail"), at=at)
