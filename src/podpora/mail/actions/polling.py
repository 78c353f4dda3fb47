"""Fetching a folder: every mail behind the position is kept, and the position moves with it in one transaction (TH-18).

So a reader that is killed at any moment neither loses a mail nor keeps one twice. The position is UID within UIDVALIDITY, never
a flag. When the server numbers anew the folder is read from its beginning; what is known already is known again (TH-1).
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from podpora.audit.actions import record
from podpora.base import clock
from podpora.base.actors import system
from podpora.mail import queries
from podpora.mail.actions.imap import Client, Unreachable, opened
from podpora.mail.actions.storing import store_incoming
from podpora.mail.models import Mailbox
from podpora.mail.rules import envelope, fetching
from podpora.mail.values import After, Source

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
LARGEST = 50 * 1024 * 1024
CUT_AT = 5 * 1024 * 1024  # so much of a larger mail is kept; all of it stays on its server
MOST_TRIES = 10  # for a mail that the server would not give
BODY, SIZE = "BODY.PEEK[]", "RFC822.SIZE"


@dataclass(slots=True)
class Fetched:
    """What came of reading a folder."""

    kept: int = 0
    known: int = 0  # had been kept before
    missed: int = 0  # the server did not give them; asked for again next time


def take_mailbox(box: Mailbox, *, reader: str, at: datetime) -> bool:
    """Take the lease: nobody else reads this mailbox meanwhile. False when somebody does."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at) | Q(leased_by=reader)
    now = Mailbox.objects.filter(pk=box.pk).values_list("leased_by", flat=True).first() or ""
    if now and fetching.has_died(now):
        free |= Q(leased_by=now)
    return bool(Mailbox.objects.filter(free, pk=box.pk, is_active=True).update(leased_by=reader, leased_until=at + LEASE))


def keep_mailbox(box: Mailbox, *, reader: str, at: datetime) -> bool:
    """Renew the lease. False when it was lost: paused, changed or taken over."""
    mine = Mailbox.objects.filter(pk=box.pk, leased_by=reader, is_active=True)
    return bool(mine.update(leased_until=at + LEASE))


def give_back(box: Mailbox, *, reader: str) -> None:
    Mailbox.objects.filter(pk=box.pk, leased_by=reader).update(leased_by="", leased_until=None)


def note_success(box: Mailbox, *, at: datetime) -> None:
    """The server was asked and answered."""
    Mailbox.objects.filter(pk=box.pk).update(
        last_polled_at=at, last_error="", last_said="", failing_since=None, failures=0, next_poll_at=None
    )


def note_failure(box: Mailbox, code: str, said: str, *, at: datetime) -> timedelta:
    """It can't be fetched: how long to wait."""
    row = Mailbox.objects.filter(pk=box.pk).first()
    if row is None:
        return fetching.LONGEST_WAIT
    wait = fetching.wait_after(row.failures + 1)
    row.failures, row.next_poll_at = row.failures + 1, at + wait
    row.last_error, row.last_said, row.failing_since = code, said[:250], row.failing_since or at
    row.save(update_fields=["failures", "next_poll_at", "last_error", "last_said", "failing_since"])
    return wait


def fetch(client: Client, box: Mailbox, *, reader: str, should_stop: Callable[[], bool] = lambda: False) -> Fetched:
    """Read the folder from its position to its end. Raises Unreachable, OSError, IMAPClientError when the line breaks; DatabaseError.

    A mail that the server will not give stops nobody: it is asked for again the next times.
    """
    told = opened(client, box)
    validity = int(told.get(b"UIDVALIDITY", 0))
    position = _position(box, validity)
    done = Fetched()
    if box.imap_after == After.MOVE:
        _tidy(client, box, position)
    missed = sorted(map(int, box.missed), key=lambda uid: int(box.missed[str(uid)]))  # the least often tried first
    for first, last in fetching.windows(position, int(told.get(b"UIDNEXT", 0))):
        found = client.search(["UID", f"{first}:{last or '*'}"])
        uids = sorted(uid for uid in found if uid >= first)  # `n:*` also answers with the last one before n
        _keep(client, box, uids, done, validity=validity, reader=reader, should_stop=should_stop)
        if should_stop():
            return done
        if last:
            _move_position(box, validity, last, reader)
    _keep(client, box, missed, done, validity=validity, reader=reader, should_stop=should_stop)  # last: the line may end over them
    return done


def _position(box: Mailbox, validity: int) -> int:
    """Up to which UID the folder is read. Other numbers than the known ones: not at all."""
    box.refresh_from_db()
    if box.uid_validity == validity:
        return box.last_uid
    if box.uid_validity is not None:
        facts = {"was": box.uid_validity, "is": validity}
        record("mailbox.new_position", box, by=system("mail"), at=clock.now(), facts=facts)
    Mailbox.objects.filter(pk=box.pk).update(uid_validity=validity, last_uid=0, missed={})
    box.uid_validity, box.last_uid, box.missed = validity, 0, {}
    return 0


def _keep(
    client: Client, box: Mailbox, uids: Iterable[int], done: Fetched, *, validity: int, reader: str,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:  # fmt: skip
    for uid in uids:
        if should_stop():
            return
        try:
            raw = _raw(client, uid)
        except IMAPClientAbortError as problem:
            if fetching.is_goodbye(str(problem)):  # a server that ends the line over one mail: the next time goes on behind it
                _miss(box, uid, validity, reader)
            raise
        if raw is None:
            _miss(box, uid, validity, reader)
            done.missed += 1
            continue
        is_new = _kept(box, uid, raw, validity, reader)
        done.kept, done.known = done.kept + is_new, done.known + (not is_new)
        _afterwards(client, box, uid)


def _raw(client: Client, uid: int) -> bytes | None:
    """The bytes of one mail; of one that is too large its beginning. None when the server does not give it. b"" when it is gone."""
    try:
        size = int(client.fetch([uid], [SIZE]).get(uid, {}).get(b"RFC822.SIZE", -1))
        if size < 0:
            return b""
        if size <= LARGEST:
            return _bytes(client.fetch([uid], [BODY]).get(uid, {}), b"BODY[]")
        log.warning("mail %s is too large (%s bytes): only its beginning is kept", uid, size)
        return _bytes(client.fetch([uid], [f"{BODY}<0.{CUT_AT}>"]).get(uid, {}), b"BODY[]<0>")
    except (IMAPClientAbortError, OSError):
        raise  # the line is gone, this is no matter of one mail
    except (IMAPClientError, ValueError, KeyError, IndexError, AssertionError) as problem:
        log.warning("mail %s can't be fetched now: %s", uid, problem)
        return None


def _bytes(answer: dict[bytes, object], name: bytes) -> bytes | None:
    found = answer.get(name)
    return found if isinstance(found, bytes) else None


@transaction.atomic
def _kept(box: Mailbox, uid: int, raw: bytes, validity: int, reader: str) -> bool:
    """The mail and the position, both or neither. Was it new?"""
    is_new = False
    if raw:
        own = queries.own_addresses()
        delivered = [one for one in envelope.delivered_to(raw) if queries.is_ours(one, own)] or [box.address]
        sender = envelope.return_path(raw)
        stored = store_incoming(raw, source=Source.IMAP, mailbox=box, envelope_from=sender, envelope_to=delivered, at=clock.now())
        is_new = stored.is_new
    _move_position(box, validity, uid, reader, found=uid)
    return is_new


def _move_position(box: Mailbox, validity: int, uid: int, reader: str, found: int = 0) -> None:
    if str(found) in box.missed:
        box.missed = {key: tries for key, tries in box.missed.items() if key != str(found)}
    box.last_uid = max(box.last_uid, uid)
    mine = Mailbox.objects.filter(pk=box.pk, leased_by=reader)
    moved = mine.update(uid_validity=validity, last_uid=box.last_uid, missed=box.missed, leased_until=clock.now() + LEASE)
    if not moved:  # paused, changed or read by somebody else meanwhile: nothing of this is true any more
        raise Unreachable("mailbox.taken_over")


@transaction.atomic
def _miss(box: Mailbox, uid: int, validity: int, reader: str) -> None:
    """Write down that it was not given, and go on behind it. Given up after ten times, with a record of it."""
    tries = int(box.missed.get(str(uid), 0)) + 1
    box.missed = {**box.missed, str(uid): tries}
    if tries >= MOST_TRIES:
        box.missed.pop(str(uid))
        record("mailbox.mail_missed", box, by=system("mail"), at=clock.now(), facts={"uid": uid})
    _move_position(box, validity, uid, reader)


def _afterwards(client: Client, box: Mailbox, uid: int) -> None:
    """What the mailbox wants to happen on the server. The mail is kept already: a server that can't is no reason to stop."""
    try:
        if box.imap_after == After.SEEN:
            client.add_flags([uid], [b"\\Seen"], silent=True)
        elif box.imap_after == After.MOVE:
            _move(client, box, [uid])
    except (IMAPClientAbortError, OSError):
        raise
    except IMAPClientError as problem:
        log.warning("mail %s of %s stays as it is on its server: %s", uid, box.address, problem)


def _tidy(client: Client, box: Mailbox, position: int) -> None:
    """Move what was kept by a reader that did not come to moving it."""
    if position:
        left = [uid for uid in client.search(["UID", f"1:{position}"]) if str(uid) not in box.missed]
        if left:
            _move(client, box, left)


def _move(client: Client, box: Mailbox, uids: list[int]) -> None:
    if client.has_capability("MOVE"):
        client.move(uids, box.imap_move_to)
        return
    client.copy(uids, box.imap_move_to)
    client.delete_messages(uids, silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)
