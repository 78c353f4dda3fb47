"""F02: kill -9 of a real worker in the middle of sending loses nothing and sends at most one extra copy per kill."""

import os
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.make.installation import ROOT, installation
from tests.make.patience import so_many
from tests.make.smtp import Sink, smtp_sink

MAILS, KILLS = so_many(40, 1500), so_many(6, 100)


class Killer:
    """Kills the worker that is just sending: now and then before the server has answered, now and then right after."""

    def __init__(self) -> None:
        self.pid = 0
        self.kills = 0
        self.seen = 0
        self.taken: list[bytes] = []

    def answer(self, raw: bytes) -> str | None:
        self.seen += 1
        self.taken.append(raw)  # the other side has it, whether or not it can still say so
        if self.pid and self.kills < KILLS and self.seen % 3 == 0:
            pid, self.pid = self.pid, 0
            self.kills += 1
            os.kill(pid, signal.SIGKILL)
        return "250 ok"


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_sends_at_most_one_extra_copy(tmp_path: Path) -> None:
    killer = Killer()
    with smtp_sink(Sink(answer_data=killer.answer)) as sink, installation(tmp_path, PODPORA_SMTP_URL=sink.url) as environment:
        command = [sys.executable, "-W", "ignore", "-m", "tests.mail.worker_to_kill", str(MAILS), str(KILLS)]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as driver:
            assert driver.stdout
            lines = []
            for line in driver.stdout:
                lines.append(line.strip())
                killer.pid = int(line) if line.strip().isdigit() else 0
            assert driver.stderr
            errors = driver.stderr.read()
    assert lines[-1:] == ["done"], errors
    arrived = Counter(str(message_from_bytes(raw)["To"]) for raw in killer.taken)
    assert killer.kills == KILLS
    assert len(arrived) == MAILS  # nothing is lost
    assert sum(arrived.values()) - MAILS <= KILLS
    ids = {(str(m["To"]), str(m["Message-ID"])) for m in map(message_from_bytes, killer.taken)}
    assert len(ids) == MAILS  # a copy carries the same Message-ID …
    assert len(set(killer.taken)) == MAILS  # … and is the same to the byte
