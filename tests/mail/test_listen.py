"""`podpora mail listen`, spoken to by the standard library's SMTP and LMTP clients over real sockets."""

import asyncio
import smtplib
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from podpora.config import listening as server
from podpora.mail.values import Source
from tests.make.incoming import Listening, Place, in_place, kept, listening

pytestmark = pytest.mark.slow
TO = "support@vendor.example"


@pytest.fixture(scope="module")
def listener(place: Place) -> Iterator[Listening]:
    with listening(place) as running:
        yield running


def mail(name: str, more: str = "") -> bytes:
    return (
        f"From: a@b.example\r\nTo: {TO}\r\nSubject: {name}\r\nMessage-ID: <{name}@listen.example>\r\n{more}\r\nhello\r\n".encode()
    )


def smtp(listener: Listening) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", listener.smtp, timeout=60, local_hostname="client.example")


def lmtp(listener: Listening) -> smtplib.LMTP:
    return smtplib.LMTP("127.0.0.1", listener.lmtp, timeout=60, local_hostname="client.example")


def codes(place: Place, name: str) -> list[str]:
    return [
        line
        for line in kept(place, "message_id", "mailbox", "source", "envelope_from", "envelope_to")
        if line.startswith(f"<{name}@")
    ]


def test_what_was_answered_250_is_kept(listener: Listening, place: Place) -> None:
    with smtp(listener) as client:
        client.ehlo()
        assert {"pipelining", "8bitmime", "smtputf8", "size"} <= client.esmtp_features.keys()
        assert int(client.esmtp_features["size"]) == server.LARGEST
        client.mail("jana@private.example")
        client.rcpt("Support+Token@Vendor.example")
        code, said = client.data(mail("kept"))
        assert code == 250 and b"ML-" in said
    found = codes(place, "kept")
    assert len(found) == 1 and found[0].endswith("|smtp|jana@private.example|['Support+Token@Vendor.example']")


def test_one_mail_for_two_mailboxes_is_one_in_each(listener: Listening, place: Place) -> None:
    with smtp(listener) as client:
        client.sendmail("a@b.example", [TO, "info@vendor.example", "billing@vendor.example"], mail("two"))
    assert sorted(line.split("|")[4] for line in codes(place, "two")) == [
        "['billing@vendor.example']", "['support@vendor.example', 'info@vendor.example']",
    ]  # fmt: skip


def test_brought_again_it_is_one_mail(listener: Listening, place: Place) -> None:
    with smtp(listener) as client:
        for _ in range(3):
            client.sendmail("a@b.example", [TO], mail("again"))
    assert len(codes(place, "again")) == 1


@pytest.mark.parametrize(
    "address",
    [
        "x@vendor.example",
        "support@other.example",
        "support",
        "a@b@vendor.example",
        "support%x@vendor.example",
        "bounce+m-2222222222.00000000000000000000@vendor.example",
    ],
)
def test_nobody_elses_mail_is_taken(listener: Listening, address: str) -> None:
    with smtp(listener) as client:
        client.ehlo()
        client.mail("a@b.example")
        assert client.rcpt(address)[0] in (550, 553)
        assert client.docmd("DATA")[0] == 503


def test_our_bounces_and_the_postmaster_are_ours(listener: Listening, place: Place) -> None:
    path = in_place(
        place | {"PODPORA_BOUNCE_ADDRESS": "bounce@vendor.example"},
        "from podpora.mail import queries; print(queries.return_path('M-2222222222'))",
    )[0]
    assert path.startswith("bounce+m-2222222222.")
    with smtp(listener) as client:
        client.ehlo()
        client.mail("<>")
        assert [client.rcpt(one)[0] for one in (path, "postmaster", "Postmaster@vendor.example", TO)] == [250] * 4
        assert client.data(mail("bounce"))[0] == 250


def test_a_paused_mailbox_is_for_later(listener: Listening) -> None:
    with smtp(listener) as client:
        client.ehlo()
        client.mail("a@b.example")
        assert client.rcpt("paused@vendor.example")[0] == 450


def test_too_large_is_said_before_and_after(listener: Listening, place: Place) -> None:
    with smtp(listener) as client:
        client.ehlo()
        assert client.mail("a@b.example", [f"SIZE={server.LARGEST + 1}"])[0] == 552
        client.rset()
        client.mail("a@b.example")
        client.rcpt(TO)
        line = b"x" * 998 + b"\r\n"
        assert client.data(mail("large") + line * (server.LARGEST // 1000 + 1))[0] == 552
        client.sendmail("a@b.example", [TO], mail("after"))
    assert not codes(place, "large") and len(codes(place, "after")) == 1


def test_lines_that_no_standard_allows_are_taken(listener: Listening, place: Place) -> None:
    with smtp(listener) as client:
        client.sendmail("a@b.example", [TO], mail("long") + b"y" * 1_500_000 + b"\r\n")
    assert len(codes(place, "long")) == 1


def test_eight_bits_and_names_of_the_world(listener: Listening, place: Place) -> None:
    head = "From: Žluťoučký <kůň@příklad.example>\r\nMessage-ID: <eight@listen.example>\r\nSubject: Příliš\r\n"
    raw = f"{head}\r\nŽluť \u20ac\r\n.\r\n..dot\r\n".encode()
    with smtp(listener) as client:
        client.sendmail("kůň@příklad.example", [TO], raw, ["BODY=8BITMIME", "SMTPUTF8"])
    found = [
        line.split("|") for line in kept(place, "message_id", "envelope_from", "raw_bytes.hex()") if line.startswith("<eight@")
    ]
    assert found[0][1] == "kůň@příklad.example" and bytes.fromhex(found[0][2]) == raw


def test_commands_may_come_all_at_once(listener: Listening, place: Place) -> None:
    with socket.create_connection(("127.0.0.1", listener.smtp), timeout=60) as line:
        line.sendall(
            b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@vendor.example>\r\nDATA\r\n" + mail("pipe") + b".\r\nQUIT\r\n"
        )
        said = b""
        while part := line.recv(65_536):
            said += part
    assert b"354" in said and b"kept" in said and b"221" in said
    assert len(codes(place, "pipe")) == 1


@pytest.mark.parametrize("end", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\r", b"\r\n.\n"])
def test_no_second_mail_is_smuggled(listener: Listening, place: Place, end: bytes) -> None:
    """Only CR LF . CR LF ends a mail; what other servers also take for its end is part of it."""
    name = f"smuggle{end.hex()}"
    inner = b"MAIL FROM:<ceo@vendor.example>\r\nRCPT TO:<support@vendor.example>\r\nDATA\r\n" + mail(f"hidden{end.hex()}")
    with socket.create_connection(("127.0.0.1", listener.smtp), timeout=60) as line:
        line.sendall(
            b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@vendor.example>\r\nDATA\r\n"
            + mail(name)
            + b"x"
            + end
            + inner
            + b"\r\n.\r\nQUIT\r\n"
        )
        while line.recv(65_536):
            pass
    assert len(codes(place, name)) == 1 and not codes(place, f"hidden{end.hex()}")


def test_lmtp_answers_for_each_recipient(listener: Listening, place: Place) -> None:
    with lmtp(listener) as client:
        client.ehlo()
        client.mail("a@b.example")
        answers = [client.rcpt(one)[0] for one in (TO, "nobody@vendor.example", "billing@vendor.example", "info@vendor.example")]
        assert answers == [250, 550, 250, 250]
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(mail("lmtp") + b".\r\n")
        said = [client.getreply() for _ in range(3)]
        assert [code for code, _text in said] == [250] * 3
        assert said[0][1] == said[2][1] != said[1][1]  # two addresses of one mailbox, one of another
        assert client.noop()[0] == 250  # nothing more stands in the line
    assert sorted(line.split("|")[2] for line in codes(place, "lmtp")) == ["lmtp", "lmtp"]


def test_too_much_at_once_is_for_later(listener: Listening) -> None:
    with smtp(listener) as client:
        client.ehlo()
        client.mail("a@b.example")
        answers = Counter(client.rcpt(f"support+{n}@vendor.example")[0] for n in range(server.MOST_RECIPIENTS + 5))
    assert answers == {250: server.MOST_RECIPIENTS, 452: 5}
    lines = [socket.create_connection(("127.0.0.1", listener.smtp), timeout=60) for _ in range(server.MOST_OF_ONE + 3)]
    greetings = Counter(line.recv(3) for line in lines)
    for line in lines:
        line.close()
    assert greetings == {b"220": server.MOST_OF_ONE, b"421": 3}
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:  # they are let in again when those have left
        try:
            with smtp(listener) as client:
                client.noop()
                return
        except smtplib.SMTPException:
            time.sleep(0.1)
    raise AssertionError("nobody is let in any more")


def test_many_at_once(listener: Listening, place: Place) -> None:
    failed: list[str] = []

    def bring(number: int) -> None:
        for turn in range(5):
            try:
                with smtp(listener) as client:
                    client.sendmail("a@b.example", [TO], mail(f"many-{number}-{turn}"))
            except (smtplib.SMTPException, OSError) as problem:
                failed.append(str(problem))

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [line for line in kept(place, "message_id") if line.startswith("<many-")]
    assert not failed and len(found) == len(set(found)) == 100


def test_it_stops_when_it_is_told_to_and_leaves_nothing_half(place: Place) -> None:
    with listening(place) as running:
        client = smtp(running)
        client.sendmail("a@b.example", [TO], mail("stop"))
        client.close()
        assert running.stop() == 0
    assert len(codes(place, "stop")) == 1


def test_starttls(place: Place, tmp_path: Path) -> None:
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
    ]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    with listening(place, "--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")) as running:
        context = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        context.check_hostname = False
        with smtp(running) as client:
            client.starttls(context=context)
            client.sendmail("a@b.example", [TO], mail("tls"))
    assert len(codes(place, "tls")) == 1


@pytest.mark.once
def test_a_database_that_is_away_is_for_later(place: Place) -> None:
    with listening(place | {"PODPORA_DATABASE_URL": "postgresql://x:y@127.0.0.1:1/z"}) as running, smtp(running) as client:
        client.ehlo()
        client.mail("a@b.example")
        assert client.rcpt(TO)[0] == 451
        assert client.noop()[0] == 250


@pytest.mark.once
def test_silence_ends_a_connection_and_a_slow_line_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SILENCE", 0.4)

    async def talk() -> None:
        room = server.Room()
        with ThreadPoolExecutor(1) as threads:
            listens = server.Listener([], "vendor.example")
            door = await listens._open(server.Address(Source.SMTP, "127.0.0.1", 0), room, threads)
            where = door.sockets[0].getsockname()
            hears, says = await asyncio.open_connection(*where)
            for letter in b"EHLO x\r\n":
                says.write(bytes([letter]))
                await asyncio.sleep(0.1)
            assert b"PIPELINING" in await asyncio.wait_for(hears.readuntil(b"HELP\r\n"), 5)
            assert await asyncio.wait_for(hears.read(), 5) == b"" and room.all == 0
            door.close()
            says.close()

    asyncio.run(asyncio.wait_for(talk(), 60))
