"""Issue 4.4: an answer that was written for later is sent once, however often the workers die."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.make.installation import ROOT, installation
from tests.make.patience import so_many

ANSWERS, KILLS = so_many(15, 200), so_many(4, 100)


@pytest.mark.slow
def test_answers_for_later_are_sent_once_whatever_is_killed(tmp_path: Path) -> None:
    chance = random.Random(7)  # when a worker dies, nothing secret
    command = [sys.executable, "-W", "ignore", "-m", "tests.desk.answers_to_kill", str(ANSWERS), str(KILLS)]
    with (
        installation(tmp_path) as environment,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as driver,
    ):
        assert driver.stdout
        assert driver.stderr
        told, killed = "", 0
        for line in driver.stdout:
            told = line.strip()
            if told.isdigit() and killed < KILLS:
                time.sleep(chance.uniform(0.02, 0.3))  # somewhere in its work
                with suppress(ProcessLookupError):  # it had nothing left to do
                    os.kill(int(told), signal.SIGKILL)
                    killed += 1
        errors = driver.stderr.read()
    assert told.startswith("{"), errors
    assert killed
    assert json.loads(told) == {"waiting": 0, "most": 1, "said": ANSWERS, "mailed": ANSWERS}
