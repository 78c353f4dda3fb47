"""Fetching mailboxes: `podpora mail poll`, and the same inside every worker.

One thread for each mailbox that is fetched; a lease in the database sees to it that of all workers only one reads it. Where the server
can (IDLE) new mail is fetched when it comes, elsewhere every minute.
"""

import imaplib
import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connection
from imapclient.exceptions import IMAPClientError

from podpora.base import clock
from podpora.base.codes import random_part
from podpora.mail import actions, queries
from podpora.mail.actions import Fetched, Unreachable
from podpora.mail.models import Mailbox
from podpora.mail.rules.fetching import news, reader_name

log = logging.getLogger(__name__)
LOOK_EVERY = 20.0  # seconds: for mailboxes that are new, for leases that are free
POLL_EVERY = 60.0
IDLE_FOR = 540.0  # servers end an IDLE after half an hour, some routers after ten minutes
STEP = 1.0  # seconds between two looks at the wish to stop
BEAT = 10.0  # seconds between two looks at the lease
LONG_ENOUGH = 60.0  # seconds of listening after which a server may hang up
AFTER_ERROR = 5.0
LINE_ERRORS = (OSError, IMAPClientError, imaplib.IMAP4.error, ValueError)


def poll_once(say: Callable[[str], None]) -> bool:
    """Read every mailbox once, also one that is backing off. False when one of them can't be read."""
    is_good = True
    for box in queries.mailboxes().filter(is_active=True).exclude(imap_host=""):
        reader = reader_name(random_part(4))
        if not actions.take_mailbox(box, reader=reader, at=clock.now()):
            say(f"{box.address}: is read by another worker just now")
            continue
        try:
            done = _read_once(box, reader)
        except Unreachable as problem:
            is_good = False
            actions.note_failure(box, problem.code, problem.said, at=clock.now())
            say(f"{box.address}: {problem}")
        except LINE_ERRORS as problem:
            is_good = False
            actions.note_failure(box, "mailbox.not_reached", actions.said(problem), at=clock.now())
            say(f"{box.address}: {actions.said(problem)}")
        else:
            say(f"{box.address}: {done.kept} new, {done.known} known" + (f", {done.missed} not given" if done.missed else ""))
        finally:
            actions.give_back(box, reader=reader)
    return is_good


def _read_once(box: Mailbox, reader: str) -> Fetched:
    client = actions.connected(box)
    try:
        done = actions.fetch(client, box, reader=reader)
        actions.note_success(box, at=clock.now())
        return done
    finally:
        actions.leave(client)


class Fetcher:
    """Keeps a thread for every mailbox that is fetched, until told to stop."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.threads: dict[int, threading.Thread] = {}
        self.is_prepared = False

    def run(self) -> None:
        """Blocks until `stop` is set and the threads have ended. A database that is away is waited for."""
        while not self.stop.is_set():
            wait = LOOK_EVERY
            try:
                close_old_connections()
                self._look()
            except DatabaseError as error:
                log.warning("mailboxes can't be looked up now: %s", error)
                connection.close()
                wait = AFTER_ERROR
            self.stop.wait(wait)
        for thread in self.threads.values():
            thread.join()
        connection.close()

    def _look(self) -> None:
        if not self.is_prepared:  # the mailbox of PODPORA_IMAP_URL
            actions.ensure_mailboxes(at=clock.now())
            self.is_prepared = True
        self.threads = {key: thread for key, thread in self.threads.items() if thread.is_alive()}
        for box in queries.mailboxes().filter(is_active=True).exclude(imap_host=""):
            if box.pk not in self.threads:
                thread = threading.Thread(target=_Reader(box, self.stop).run, name=f"mailbox-{box.code}", daemon=True)
                self.threads[box.pk] = thread
                thread.start()


class _Reader:
    """Reads one mailbox as long as nobody else does; ends when it is paused, changed or removed (and is then started anew)."""

    def __init__(self, box: Mailbox, stop: threading.Event) -> None:
        self.box, self.stop = box, stop
        self.name = reader_name(random_part(4))

    def run(self) -> None:
        try:
            now = queries.mailboxes_to_fetch(at=clock.now(), also=self.box.leased_by).filter(pk=self.box.pk)
            if now.exists() and actions.take_mailbox(self.box, reader=self.name, at=clock.now()):
                self._read()
        except DatabaseError as error:
            log.warning("mailbox %s: the database is away: %s", self.box.address, error)
            connection.close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        try:
            actions.give_back(self.box, reader=self.name)
        except DatabaseError:
            log.warning("mailbox %s: its lease runs out by itself", self.box.address)
        finally:
            connection.close()

    def _read(self) -> None:
        try:
            client = actions.connected(self.box)
            try:
                while self._fetch_and_wait(client):
                    pass
            finally:
                actions.leave(client)
        except Unreachable as problem:
            self._failed(problem.code, problem.said)
        except LINE_ERRORS as problem:
            self._failed("mailbox.not_reached", actions.said(problem))

    def _failed(self, code: str, said: str) -> None:
        wait = actions.note_failure(self.box, code, said, at=clock.now())
        log.warning("mailbox %s: %s: %s; next try in %s", self.box.address, code, said, wait)

    def _fetch_and_wait(self, client: actions.Client) -> bool:
        """Read to the end, then wait for more. False when this reader should end."""
        done = actions.fetch(client, self.box, reader=self.name, should_stop=self.stop.is_set)
        actions.note_success(self.box, at=clock.now())
        if done.kept:
            log.info("mailbox %s: %s mails kept", self.box.address, done.kept)
        return self._wait_idle(client) if client.has_capability("IDLE") else self._wait_a_while()

    def _wait_idle(self, client: actions.Client) -> bool:
        """Listen until the server tells of new mail. What came since the folder was opened is fetched at once: it is told only once."""
        began = clock.monotonic()
        try:
            client.idle()
            goes_on = client.is_behind() or self._hears(client, began)
            client.idle_done()
        except LINE_ERRORS as problem:
            if clock.monotonic() - began < LONG_ENOUGH:
                raise
            log.info("mailbox %s: its server hung up while it was quiet: %s", self.box.address, actions.said(problem))
            return False  # begun anew with the next look: many servers do so every few minutes, nothing is wrong
        return goes_on

    def _hears(self, client: actions.Client, began: float) -> bool:
        """True when there is new mail, or when it is time to look anyway. False when this reader should end."""
        mails, beat = client.mails, began + BEAT
        while (now := clock.monotonic()) < began + IDLE_FOR:
            is_new, mails = news(client.told(STEP), mails)
            if is_new or self.stop.is_set():
                return is_new
            if now >= beat:
                beat = now + BEAT
                if not self._goes_on():
                    return False
        return True

    def _wait_a_while(self) -> bool:
        until = clock.monotonic() + POLL_EVERY
        while clock.monotonic() < until:
            self.stop.wait(BEAT)
            if not self._goes_on():
                return False
        return True

    def _goes_on(self) -> bool:
        return not self.stop.is_set() and actions.keep_mailbox(self.box, reader=self.name, at=clock.now())
