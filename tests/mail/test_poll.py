"""Fetching from a real Dovecot: every mail once, whatever happens on the way (TH-18, F03, F13, F14)."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from imapclient.exceptions import IMAPClientAbortError

from podpora.audit.models import Entry
from podpora.base import clock
from podpora.config import fetching
from podpora.mail import actions, queries
from podpora.mail.actions import polling
from podpora.mail.models import IncomingMail, Mailbox
from podpora.mail.values import After, Imap, MailboxFacts, Security
from tests.make.dovecot import PASSWORD, WHY_NOT, Dovecot
from tests.make.incoming import Place
from tests.make.installation import ROOT
from tests.make.mailboxes import AT, BY
from tests.make.patience import so_many
from tests.server import PODPORA

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]
SAID: list[str] = []


def mail(name: str, body: str = "hello") -> bytes:
    return f"From: a@b.example\r\nTo: support@vendor.example\r\nSubject: {name}\r\nMessage-ID: <{name}@poll.example>\r\n\r\n{body}\r\n".encode()


def poll() -> bool:
    SAID.clear()
    return fetching.poll_once(SAID.append)


def names() -> list[str]:
    return [one.partition("@")[0].strip("<") for one in IncomingMail.objects.order_by("pk").values_list("message_id", flat=True)]


def test_th18_every_mail_is_kept_once_and_the_server_is_left_as_it_is(imap: Dovecot, box: Mailbox, user: str) -> None:
    imap.put(*(mail(f"m{number}") for number in range(5)), user=user)
    assert poll() and names() == ["m0", "m1", "m2", "m3", "m4"], SAID
    assert poll() and len(names()) == 5 and SAID == ["support@vendor.example: 0 new, 0 known"]
    imap.put(mail("m5"), user=user)
    assert poll() and names()[-1] == "m5"
    box.refresh_from_db()
    assert box.last_uid == 6 and box.uid_validity and box.last_polled_at and not box.last_error and not box.leased_by
    assert not any(b"Seen" in flags or b"Deleted" in flags for flags in imap.flags(user))
    row = IncomingMail.objects.latest("pk")
    assert (row.source, row.mailbox, row.envelope_to) == ("imap", box.code, ["support@vendor.example"])
    assert bytes(row.raw_bytes) == mail("m5")


def test_a_mail_that_somebody_read_is_new_to_us(imap: Dovecot, box: Mailbox, user: str) -> None:
    imap.put(mail("read"), user=user)
    with imap.client(user) as line:
        line.select("INBOX")
        line.store("1", "+FLAGS", "(\\Seen)")
    assert poll() and names() == ["read"]


def change(box: Mailbox, **imap: Any) -> None:
    server = Imap("127.0.0.1", box.imap_user, PASSWORD, box.imap_port, Security.NONE, **imap)
    actions.set_mailbox(box, MailboxFacts(box.address, imap=server), queues=(), by=BY, at=AT)


def test_what_is_kept_may_be_marked_as_read(imap: Dovecot, box: Mailbox, user: str) -> None:
    change(box, after=After.SEEN)
    imap.put(mail("a"), mail("b"), user=user)
    assert poll() and all(b"Seen" in flags for flags in imap.flags(user))


def test_what_is_kept_may_be_moved(imap: Dovecot, box: Mailbox, user: str) -> None:
    change(box, after=After.MOVE, move_to="Kept")
    with imap.client(user) as line:
        line.create("Kept")
    imap.put(mail("a"), mail("b"), user=user)
    assert actions.try_mailbox(queries.mailbox(box.code)).is_good
    assert poll() and names() == ["a", "b"]
    assert imap.flags(user) == [] and len(imap.flags(user, "Kept")) == 2
    imap.put(mail("c"), user=user)
    Mailbox.objects.update(last_uid=3)  # a reader that was killed between keeping and moving
    assert poll() and imap.flags(user) == [] and len(imap.flags(user, "Kept")) == 3


def test_f14_a_folder_that_is_numbered_anew_gives_no_mail_twice(imap: Dovecot, box: Mailbox, user: str) -> None:
    change(box, folder="Support")
    with imap.client(user) as line:
        line.create("Support")
    imap.put(mail("a"), mail("b"), b"Subject: without an id\r\n\r\nx\r\n", user=user, folder="Support")
    assert poll() and len(names()) == 3
    before = Mailbox.objects.get().uid_validity
    time.sleep(1.1)  # Dovecot counts its numbers in seconds
    with imap.client(user) as line:
        line.delete("Support")
        line.create("Support")
    imap.put(mail("new"), mail("b"), b"Subject: without an id\r\n\r\nx\r\n", mail("a"), user=user, folder="Support")
    assert poll() and SAID == ["support@vendor.example: 1 new, 3 known"]
    assert sorted(names()) == ["", "a", "b", "new"]
    assert Mailbox.objects.get().uid_validity != before and Entry.objects.filter(verb="mailbox.new_position").count() == 1


def test_f14_moved_away_and_back_it_is_one_mail(imap: Dovecot, box: Mailbox, user: str) -> None:
    imap.put(mail("a"), user=user)
    assert poll()
    with imap.client(user) as line:
        line.create("Other")
        line.select("INBOX")
        line.uid("MOVE", "1", "Other")
        line.select("Other")
        line.uid("MOVE", "1", "INBOX")
    assert poll() and SAID == ["support@vendor.example: 0 new, 1 known"] and names() == ["a"]


def test_holes_and_many_numbers(imap: Dovecot, box: Mailbox, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podpora.mail.rules.fetching.WINDOW", 3)
    imap.put(*(mail(f"m{number}") for number in range(11)), user=user)
    with imap.client(user) as line:
        line.select("INBOX")
        line.store("1,4:9", "+FLAGS", "(\\Deleted)")
        line.expunge()
    assert poll() and names() == ["m1", "m2", "m9", "m10"]
    assert Mailbox.objects.get().last_uid == 11


def test_a_large_mail_is_whole_and_of_a_huge_one_the_beginning_is_kept(
    imap: Dovecot, box: Mailbox, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap.put(mail("large", "x" * 3_000_000), user=user)
    assert poll() and queries.raw_of(IncomingMail.objects.get()) == mail("large", "x" * 3_000_000)
    monkeypatch.setattr(polling, "LARGEST", 1_000_000)
    monkeypatch.setattr(polling, "CUT_AT", 200_000)
    imap.put(mail("huge", "y" * 2_000_000), mail("after"), user=user)
    assert poll() and names() == ["large", "huge", "after"]
    assert queries.raw_of(IncomingMail.objects.get(message_id="<huge@poll.example>")) == mail("huge", "y" * 2_000_000)[:200_000]


def test_a_mail_that_the_server_does_not_give_stops_nobody(imap: Dovecot, box: Mailbox, user: str) -> None:
    imap.put(mail("first"), mail("poison"), mail("last"), user=user)
    folder = imap.folder / "mail" / user
    poison = next(path for path in folder.rglob("*") if path.is_file() and b"Subject: poison" in path.read_bytes())
    hidden = imap.folder / "hidden"
    poison.rename(hidden)
    poison.mkdir()  # a folder in its place: the server knows the mail and can't read it
    tries = 0
    while len(names()) < 2 and tries < 5:  # a server may cut the line over it: the next try goes on behind it
        poll()
        tries += 1
    assert names() == ["first", "last"], SAID
    imap.put(mail("next"), user=user)
    for _ in range(3):
        poll()
    assert names() == ["first", "last", "next"]


@pytest.mark.parametrize(
    ("said", "position", "missed"), [("FETCH failed: Internal error", 2, {"2": 1}), ("socket error: EOF", 1, {})]
)
def test_a_server_that_ends_the_line_over_one_mail_is_not_asked_for_it_first_again(
    imap: Dovecot, box: Mailbox, user: str, said: str, position: int, missed: dict[str, int]
) -> None:
    imap.put(mail("first"), mail("poison"), mail("last"), user=user)
    client, reader = actions.connected(box), "me:1:X"
    real = client.fetch

    def fetch(uids: list[int], what: list[str]) -> Any:
        if uids == [2]:
            raise IMAPClientAbortError(said)
        return real(uids, what)

    client.fetch = fetch
    assert actions.take_mailbox(box, reader=reader, at=clock.now())
    with pytest.raises(IMAPClientAbortError):
        actions.fetch(client, box, reader=reader)
    now = Mailbox.objects.get()
    assert (now.last_uid, now.missed) == (position, missed)
    with suppress(IMAPClientAbortError):  # it hangs up again
        actions.fetch(client, box, reader=reader)
    assert names() == (["first", "last"] if missed else ["first"])
    client.fetch = real
    actions.fetch(client, box, reader=reader)
    actions.leave(client)
    assert sorted(names()) == ["first", "last", "poison"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"imap_host": "127.0.0.1", "imap_port": 1}, "mailbox.not_reached"),
        ({"imap_folder": "Nowhere"}, "mailbox.no_folder"),
        ({"imap_security": "starttls"}, "mailbox.no_tls"),
        ({"imap_host": "10.255.255.1"}, "mailbox.private_address"),
    ],
)
def test_why_it_can_not_be_read_is_said_and_it_waits_longer_each_time(box: Mailbox, changed: dict[str, Any], code: str) -> None:
    Mailbox.objects.update(**changed)
    assert actions.try_mailbox(queries.mailbox(box.code)).code == code
    waits = []
    for _ in range(3):
        assert not poll()
        now = Mailbox.objects.get()
        assert now.last_error == code and now.failing_since and now.next_poll_at
        waits.append((now.next_poll_at - clock.now()).total_seconds())
    assert [round(wait / 30) for wait in waits] == [1, 2, 4]
    assert PASSWORD not in str(SAID) + now.last_said


def test_a_wrong_password_is_said(box: Mailbox) -> None:
    actions.set_mailbox(
        box, MailboxFacts(box.address, imap=Imap("127.0.0.1", box.imap_user, "wrong", box.imap_port, Security.NONE)), queues=(), by=BY, at=AT
    )  # fmt: skip
    trial = actions.try_mailbox(queries.mailbox(box.code))
    assert trial.code == "mailbox.not_let_in" and trial.said


def test_a_certificate_that_nobody_signed_is_refused(imap: Dovecot, box: Mailbox) -> None:
    Mailbox.objects.update(imap_security="tls", imap_port=imap.tls_port, imap_host="localhost")
    assert actions.try_mailbox(queries.mailbox(box.code)).code == "mailbox.no_tls"


def test_a_certificate_that_is_trusted_is_taken(imap: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.folder / "cert.pem"))
    for security, port in (("tls", imap.tls_port), ("starttls", imap.port)):
        Mailbox.objects.update(imap_security=security, imap_port=port, imap_host="localhost")
        assert actions.try_mailbox(queries.mailbox(box.code)).is_good
    Mailbox.objects.update(imap_host="127.0.0.2")  # another name than the certificate's
    assert not actions.try_mailbox(queries.mailbox(box.code)).is_good


def test_a_reader_that_lost_its_lease_keeps_nothing(imap: Dovecot, box: Mailbox, user: str) -> None:
    imap.put(mail("a"), user=user)
    client = actions.connected(box)
    try:
        assert actions.take_mailbox(box, reader="somebody:1:else", at=clock.now())
        with pytest.raises(actions.Unreachable):
            actions.fetch(client, box, reader="me:1:X")
    finally:
        actions.leave(client)
    assert not IncomingMail.objects.exists() and Mailbox.objects.get().last_uid == 0


# The line breaks.


@contextmanager
def cut_after(port: int, most: int) -> Iterator[int]:
    """A way to the server that is cut after so many bytes of its answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(20)

        def serve() -> None:
            left = most
            with door.accept()[0] as here, socket.create_connection(("127.0.0.1", port)) as there:
                threading.Thread(target=_pump, args=(here, there), daemon=True).start()
                while left > 0 and (part := there.recv(min(left, 4096))):
                    here.sendall(part)
                    left -= len(part)
                here.shutdown(socket.SHUT_RDWR)

        thread = threading.Thread(target=_quietly, args=(serve,), daemon=True)
        thread.start()
        yield door.getsockname()[1]
        thread.join(20)


def _pump(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while part := here.recv(4096):
            there.sendall(part)


def _quietly(call: Any) -> None:
    with suppress(OSError):
        call()


def test_f13_a_line_that_is_cut_anywhere_gives_each_mail_once(imap: Dovecot, box: Mailbox, user: str) -> None:
    imap.put(*(mail(f"m{number}", "z" * 700) for number in range(4)), user=user)
    step = so_many(211, 23)
    for most in range(1, 6_000, step):
        with cut_after(imap.port, most) as port:
            Mailbox.objects.update(imap_port=port)
            poll()
        assert len(names()) == len(set(names()))
    Mailbox.objects.update(imap_port=imap.port)
    assert poll() and names() == ["m0", "m1", "m2", "m3"]


# As a process.


def own(place: Place, imap: Dovecot, user: str, options: str = "") -> Place:
    return place | {"PODPORA_IMAP_URL": imap.url(user, options=options)}


def run(place: Place, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PODPORA, "mail", "poll", *options], env=place, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def test_as_a_command(place: Place, imap: Dovecot, user: str) -> None:
    imap.put(mail("command"), user=user)
    done = run(own(place, imap, user), "--once")
    assert (done.returncode, done.stdout) == (0, "podpora: support@vendor.example: 1 new, 0 known\n"), done.stderr
    wrong = run(own(place, imap, user) | {"PODPORA_IMAP_URL": imap.url(user).replace(PASSWORD, "wrong")}, "--once")
    assert wrong.returncode == 1 and "mailbox.not_let_in" in wrong.stdout and "Not every mailbox" in wrong.stderr
    nothing = run(place | {"PODPORA_IMAP_URL": ""}, "--once")
    assert nothing.returncode == 1 and "No mailbox is fetched" in nothing.stderr
