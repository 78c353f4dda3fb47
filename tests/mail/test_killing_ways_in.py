"""F03: kill -9 of whatever lets mail in, in the middle: no mail is lost, none is kept twice, each waits for its reader."""

import json
import smtplib
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.make.dovecot import WHY_NOT, dovecot
from tests.make.incoming import Place
from tests.make.installation import ROOT, installation
from tests.make.patience import so_many
from tests.server import free_port

KILLS = so_many(15, 100)
pytestmark = pytest.mark.slow


@contextmanager
def killing(place: Place, way: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.mail.ways_in_to_kill", way, str(KILLS), *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=place, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as driver:
        yield driver


def judged(driver: "subprocess.Popen[str]") -> list[str]:
    """The ids of what was kept, after it was found to be each once, whole, and with a job that reads it."""
    said, errors = driver.communicate(timeout=300)
    assert driver.returncode == 0, errors
    told = json.loads(said.splitlines()[-1])
    ids = [str(one) for one in told["ids"]]
    assert told["hit"] == KILLS and told["is_whole"] and told["jobs"] == len(ids) == len(set(ids))
    return ids


def test_f03_killed_deliveries(tmp_path: Path) -> None:
    """A mail server's pipe brings each mail again until it hears 0."""
    with installation(tmp_path) as place, killing(place, "deliver") as driver:
        ids = judged(driver)
    numbers = sorted(int(one.partition("-")[2].partition("@")[0]) for one in ids if one != "<kill--1@x.example>")
    assert numbers == list(range(len(numbers))) and len(numbers) >= KILLS // 4


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
def test_th18_f03_killed_readers_of_a_mailbox(tmp_path: Path) -> None:
    mails = so_many(60, 1_000)
    with dovecot() as imap:
        imap.put(*(f"From: a@b.example\r\nSubject: x\r\nMessage-ID: <m{n}@x>\r\n\r\nhello\r\n".encode() for n in range(mails)))
        with installation(tmp_path, PODPORA_IMAP_URL=imap.url()) as place, killing(place, "poll") as driver:
            assert {f"<m{n}@x>" for n in range(mails)} == set(judged(driver))


class Sender(threading.Thread):
    """A mail server's queue: brings each mail until it was answered 250, and never again after it."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(name=name, daemon=True)
        self.port, self.brought, self.refused, self.last = port, 0, 0, ""
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            while not self._is_taken(self.brought):
                self.refused += 1
            self.brought += 1

    def _is_taken(self, number: int) -> bool:
        head = f"From: a@b.example\r\nSubject: x\r\nMessage-ID: {self.id_of(number)}\r\n\r\nhello\r\n"
        client = smtplib.SMTP(timeout=20, local_hostname="sender.example")
        try:
            client.connect("127.0.0.1", self.port)
            client.sendmail("a@b.example", ["support@vendor.example"], head.encode())
        except (smtplib.SMTPException, OSError) as problem:
            self.last = f"{type(problem).__name__}: {problem}"
            self.enough.wait(0.01)
            return False
        finally:
            with suppress(OSError):
                client.close()
        return True

    def id_of(self, number: int) -> str:
        return f"<{self.name}-{number}@x.example>"


def test_f03_killed_servers(tmp_path: Path) -> None:
    with installation(tmp_path) as place:
        port = free_port()
        senders = [Sender(f"s{n}", port) for n in range(3)]
        with killing(place, "listen", str(port)) as driver:
            for sender in senders:
                sender.start()
            assert driver.stdout and driver.stdout.readline() == "killed\n"
            for sender in senders:
                sender.enough.set()
                sender.join(120)
                assert not sender.is_alive(), (sender.brought, sender.refused, sender.last)
            ids = judged(driver)
    assert set(ids) == {sender.id_of(number) for sender in senders for number in range(sender.brought)}
    assert all(sender.brought for sender in senders) and any(sender.refused for sender in senders)
