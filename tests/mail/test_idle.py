"""Listening to an IMAP server (IDLE): new mail is heard of in whatever moment it comes, and an end of the line is no silence."""

import socket
import sqlite3
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from podpora.base import clock
from podpora.mail import actions
from podpora.mail.actions import Client
from podpora.mail.models import IncomingMail, Mailbox
from podpora.mail.rules.fetching import news
from podpora.mail.values import Security
from tests.make.dovecot import Dovecot
from tests.make.incoming import Place
from tests.make.installation import ROOT
from tests.server import PODPORA

pytestmark = [pytest.mark.slow, pytest.mark.once]


def mail(name: str) -> bytes:
    return f"From: a@b.example\r\nSubject: {name}\r\nMessage-ID: <{name}@poll.example>\r\n\r\nhello\r\n".encode()


def test_idle_brings_new_mail_when_it_comes(place: Place, imap: Dovecot, user: str) -> None:
    with subprocess.Popen(
        [PODPORA, "mail", "poll"], env=place | {"PODPORA_IMAP_URL": imap.url(user)}, cwd=ROOT, stderr=subprocess.DEVNULL
    ) as reader:
        try:
            _until(lambda: _rows(place, "SELECT 1 FROM mail_mailbox WHERE leased_by <> '' AND last_polled_at IS NOT NULL"))
            imap.put(mail("idle"), user=user)
            began = time.monotonic()
            _until(lambda: _rows(place, "SELECT 1 FROM mail_incomingmail WHERE message_id = '<idle@poll.example>'"))
            assert time.monotonic() - began < 30  # at once, and not after the next full look
        finally:
            reader.terminate()
        assert reader.wait(60) == 0


def _rows(place: Place, question: str) -> list[Any]:
    with closing(sqlite3.connect(f"{place['PODPORA_DATA_DIR']}/podpora.sqlite3", timeout=30)) as line:
        return line.execute(question).fetchall()


def _until(happened: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def opened(box: Mailbox) -> actions.Client:
    client = actions.connected(box)
    assert actions.take_mailbox(box, reader="me:1:X", at=clock.now())
    actions.fetch(client, box, reader="me:1:X")
    return client


def hears(client: actions.Client, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if news(client.told(1), client.mails)[0]:
            return True
    return False


def test_a_mail_that_comes_while_we_listen_is_heard(imap: Dovecot, box: Mailbox, user: str) -> None:
    client = opened(box)
    client.idle()
    assert not client.is_behind() and client.told(0) == []
    imap.put(mail("a"), user=user)
    assert hears(client)
    client.idle_done()
    actions.leave(client)


def test_a_mail_that_came_between_reading_and_listening_is_heard(imap: Dovecot, box: Mailbox, user: str) -> None:
    """The server tells of it once: with its answer to some question, or right behind its yes to IDLE."""
    client = opened(box)
    imap.put(mail("a"), user=user)
    client.idle()
    assert client.is_behind() or hears(client)
    client.idle_done()
    actions.fetch(client, box, reader="me:1:X")
    assert IncomingMail.objects.get().message_id == "<a@poll.example>"
    imap.put(mail("b"), user=user)
    client.noop()
    client.idle()
    assert client.is_behind()
    client.idle_done()
    actions.leave(client)


ANSWERS = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE STARTTLS\r\nTAG OK done\r\n",
    b"LOGIN": b"TAG OK in\r\n",
    b"SELECT": b"* 2 EXISTS\r\nTAG OK done\r\n",
}


@contextmanager
def server_that_says(last: bytes) -> Iterator[int]:
    """An IMAP server that says this to IDLE or STARTTLS, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            with door.accept()[0] as line, line.makefile("rb") as heard:
                line.sendall(b"* OK ready\r\n")
                for said in heard:
                    tag, command = said.split()[:2]
                    line.sendall(ANSWERS.get(command, last).replace(b"TAG", tag))
                    if command not in ANSWERS:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        thread.join(20)


@pytest.mark.parametrize(
    "told",
    [
        b"+ idling\r\n* 3 EXISTS\r\n",  # in one piece: it must not lie unseen in a buffer
        b"* 3 EXISTS\r\n+ idling\r\n",
        b"+ idling\r\n* 2 EXISTS\r\n* OK Still here\r\n* 1 EXPUNGE\r\n* 2 EXISTS\r\n",
        b"* 1 EXPUNGE\r\n+ idling\r\n",
    ],
)
def test_what_is_told_with_the_servers_yes_is_heard(told: bytes) -> None:
    with server_that_says(told) as port:
        client = Client("127.0.0.1", port, Security.NONE, "127.0.0.1", 10)
        client.login("a", "b")
        client.select_folder("INBOX")
        client.idle()
        assert client.is_behind() or hears(client)
        with pytest.raises(IMAPClientAbortError):  # it hung up: heard at once, and no silence
            while True:
                client.told(10)
        actions.leave(client)


def test_a_server_that_only_repeats_itself_tells_nothing_new() -> None:
    assert news([b"* 5 EXISTS", b"* OK Still here", b"* 0 RECENT"], 5) == (False, 5)
    assert news([b"* 2 EXPUNGE", b"* 4 EXISTS"], 5) == (False, 4)
    assert news([b"* 2 EXPUNGE", b"* 5 EXISTS"], 5) == (True, 5)


def test_what_was_said_before_tls_began_was_never_said(imap: Dovecot) -> None:
    with server_that_says(b"TAG OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n") as port:
        client = Client("127.0.0.1", port, Security.STARTTLS, "127.0.0.1", 10)
        with pytest.raises((OSError, IMAPClientError)):  # this server knows no TLS
            client.starttls(ssl.create_default_context())
        assert b"EVIL" not in bytes(client._imap._unread) + str(client._imap.capabilities).encode()
        actions.leave(client)
