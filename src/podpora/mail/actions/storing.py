"""Keeping a mail that came in, before anything acts on it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import F

from podpora.base.actors import system
from podpora.files import actions as files
from podpora.jobs.actions import enqueue
from podpora.mail.models import IncomingMail
from podpora.mail.rules import receiving
from podpora.mail.values import SMALL, Source, Stored, reasons

READ = "podpora.config.jobs.read_mail"
QUEUE = "default"
READ_TRIES = 20


class HasCode(Protocol):
    """The mailbox that a mail came to."""

    @property
    def code(self) -> str: ...


@transaction.atomic
def store_incoming(
    raw: bytes,
    *,
    source: str,
    mailbox: "HasCode | None" = None,
    envelope_from: str = "",
    envelope_to: Iterable[str] = (),
    at: datetime,
) -> Stored:
    """Keep the bytes and let a job read them; both or neither. Whoever brings it may say "accepted" when this returns.

    A mail that the same mailbox has already (TH-1: its Message-ID, or its bytes when it has none) is counted and not kept again;
    another text under a known Message-ID is kept, for a person to look at: nothing is lost.
    """
    to = [receiving.address_of(one) for one in envelope_to][: receiving.MOST_RECIPIENTS]
    marks = receiving.marks_of(raw)
    place = mailbox.code if mailbox is not None else receiving.place_of(to)
    first, second = receiving.keys_of(marks, place)
    known = IncomingMail.objects.filter(key__in=[first, second])
    rows = {row.key: row for row in known.only("key", "code", "content")}
    same = rows.get(second) or (rows[first] if first in rows and rows[first].content == marks.content else None)
    if same is not None:
        IncomingMail.objects.filter(pk=same.pk).update(duplicates=F("duplicates") + 1)
        return Stored(same.code, is_new=False)
    mail = _row(raw, marks, key=second if first in rows else first, at=at)
    mail.source, mail.mailbox = Source(source), mailbox.code if mailbox is not None else ""
    mail.envelope_from, mail.envelope_to = receiving.address_of(envelope_from), to
    if first in rows:
        mail.reasons = [reasons.SAME_ID]
    IncomingMail.objects.bulk_create([mail], ignore_conflicts=True)
    there = IncomingMail.objects.only("code").get(key=mail.key)
    if there.code != mail.code:  # two deliveries at once: the other one was faster
        IncomingMail.objects.filter(pk=there.pk).update(duplicates=F("duplicates") + 1)
        return Stored(there.code, is_new=False)
    read_soon(mail.code, at=at)
    return Stored(mail.code, is_new=True)


def _row(raw: bytes, marks: receiving.Marks, *, key: str, at: datetime) -> IncomingMail:
    mail = IncomingMail(
        size=len(raw), digest=marks.digest, message_id=marks.message_id, content=marks.content, key=key, received_at=at
    )
    if len(raw) <= SMALL:
        mail.raw_bytes = raw
    else:
        mail.raw = files.store(
            raw, name=f"{mail.code}.eml", content_type="message/rfc822", by=system("mail"), at=at, max_size=len(raw)
        )
    return mail


def read_soon(code: str, *, at: datetime, after: timedelta = timedelta()) -> None:
    """Let the job read this mail; asked for twice, it is read once. `after`: a job of its own, beside the one that just failed."""
    key = f"read_mail:{code}" + (f":{int(after.total_seconds())}" if after else "")
    enqueue(READ, {"mail": code}, at=at, run_after=at + after, unique_key=key, queue=QUEUE, max_attempts=READ_TRIES)
