"""F02 for webhooks: kill -9 between sending and marking loses nothing and sends at most one extra copy per kill, with the same id."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.make.hooks import Answer, Got, Receiver, receiver
from tests.make.installation import ROOT, installation
from tests.make.patience import so_many

EVENTS, KILLS = so_many(20, 500), so_many(4, 60)


class Killer:
    """Kills the worker that is just sending, before it hears the answer."""

    def __init__(self) -> None:
        self.pid = 0
        self.kills = 0
        self.lock = threading.Lock()

    def answer(self, got: Got, before: int) -> Answer:
        with self.lock:
            if self.pid and self.kills < KILLS and before % 3 == 2:
                pid, self.pid = self.pid, 0
                self.kills += 1
                os.kill(pid, signal.SIGKILL)
        return 200, {}, b"ok"


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_sends_at_most_one_extra_copy(tmp_path: Path) -> None:
    killer = Killer()
    with receiver(Receiver(answer=killer.answer)) as sink, installation(tmp_path, PODPORA_WEBHOOK_HOSTS=sink.host) as environment:
        command = [sys.executable, "-W", "ignore", "-m", "tests.audit.hooks_to_kill", sink.url, str(EVENTS), str(KILLS)]
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
    arrived = Counter(json.loads(got.body)["data"]["licence"] for got in sink.got)
    assert killer.kills == KILLS
    assert len(arrived) == EVENTS  # nothing is lost
    assert sum(arrived.values()) - EVENTS <= KILLS
    assert len({(got.id, got.body) for got in sink.got}) == EVENTS  # a copy has the same id and is the same to the byte
