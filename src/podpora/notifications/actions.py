"""Telling people, and what they make of it: read, mute."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from podpora.base.errors import InvalidInput
from podpora.base.transactions import one_transaction
from podpora.mail.actions import queue_mail
from podpora.mail.models import OutgoingMail
from podpora.mail.values import Letter
from podpora.notifications import notices, queries, values
from podpora.notifications.models import InboxEntry, Preference
from podpora.notifications.rules import Written
from podpora.notifications.values import Kind, Recipient, Thread


@one_transaction
def tell(
    recipients: Iterable[Recipient],
    kind: str,
    facts: Mapping[str, Any],
    *,
    at: datetime,
    once: str = "",
    url: str = "",
    thread: Thread | None = None,
) -> None:
    """Tell each recipient once: in the inbox if he has a login, and by mail unless he muted this kind.

    `once` names the event (`order:A-1042:paid`): told again, nothing happens. `url` is a path or an address; the
    template (`mail/<kind>.txt`) sees it as `url`, beside the facts.
    """
    told = values.kind(kind)
    people = _each_once(recipients)
    muted = queries.muted_by([one.person_id for one in people if one.person_id], told)
    for recipient in people:
        written, text, html = notices.write(told, recipient, facts, _absolute(url))
        if recipient.person_id:
            _put_into_inbox(recipient.person_id, told, written, _absolute(url) or written.action_url, once=once, at=at)
        if recipient.person_id not in muted:
            letter = _letter(recipient, told, written.subject, thread or Thread())
            queue_mail(replace(letter, text=text, html=html, once=_once_for(recipient, once)), at=at)


def _each_once(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Who is named twice (the owner is also the contact) is told once; the one with a login wins."""
    known: dict[str, Recipient] = {}
    for recipient in recipients:
        address = recipient.address.casefold()
        if address not in known or (recipient.person_id and not known[address].person_id):
            known[address] = recipient
    return list(known.values())


def _absolute(url: str) -> str:
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


def _once_for(recipient: Recipient, once: str) -> str:
    return f"{once}:{recipient.address.casefold()}"[:250] if once else ""


def _put_into_inbox(person_id: int, kind: Kind, written: Written, url: str, *, once: str, at: datetime) -> None:
    entry = InboxEntry(
        person_id=person_id,
        kind=kind.name,
        title=written.subject[:300],
        text=written.first_words[:500],
        url=url[:500],
        told_at=at,
        once=once[:250],
    )
    InboxEntry.objects.bulk_create([entry], ignore_conflicts=bool(once))


def _letter(recipient: Recipient, kind: Kind, subject: str, thread: Thread) -> Letter:
    return Letter(
        to_name=recipient.name,
        to_address=recipient.address,
        subject=subject,
        text="",
        language=recipient.language,
        kind=kind.name,
        message_id=thread.message_id,
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        reply_to=recipient.reply_to or thread.reply_to,
        sender_name=thread.sender_name,
        automatic=kind.automatic,
        files=thread.files,
        headers=dict(recipient.headers),
    )


def mail_text(letter: Letter, *, at: datetime) -> OutgoingMail:
    """Queue a letter that has only its text (a mail of the sign-in pages), dressed like a notification."""
    text, html = notices.lay_out(letter.subject, letter.text, letter.language)
    return queue_mail(replace(letter, text=text, html=html), at=at)


def mark_read(person_id: int, codes: Iterable[str] | None = None, *, at: datetime) -> int:
    """Mark these entries of the person's inbox as read, or all of them. How many changed."""
    entries = InboxEntry.objects.filter(person_id=person_id, read_at=None)
    if codes is not None:
        entries = entries.filter(code__in=list(codes))
    return entries.update(read_at=at)


@transaction.atomic
def set_preference(person_id: int, kind: str, *, by_mail: bool) -> None:
    """Mute a kind's mails, or let them come again. InvalidInput for a kind that nobody may mute."""
    known = values.kinds().get(kind)
    if known is None or not known.can_mute:
        raise InvalidInput({"kind": ["unknown"]})
    Preference.objects.update_or_create(person_id=person_id, kind=kind, defaults={"by_mail": by_mail})


@transaction.atomic
def forget_person(person_id: int) -> None:
    """Empty his inbox and forget his wishes."""
    InboxEntry.objects.filter(person_id=person_id).delete()
    Preference.objects.filter(person_id=person_id).delete()
