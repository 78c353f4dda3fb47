"""F03: kill -9 of a real worker while it reads mail: no mail is lost, none is in two messages, none is acknowledged twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.make.installation import ROOT, installation
from tests.make.patience import so_many

MAILS, KILLS = so_many(40, 400), so_many(6, 100)


@pytest.mark.slow
def test_a_killed_worker_loses_no_mail_and_doubles_none(tmp_path: Path) -> None:
    chance, kills, last = random.Random(7), 0, ""
    with installation(tmp_path) as environment:
        command = [sys.executable, "-W", "ignore", "-m", "tests.journeys.reader_to_kill", str(MAILS), str(KILLS)]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as driver:
            assert driver.stdout and driver.stderr
            for line in driver.stdout:
                last = line.strip()
                if last.isdigit() and kills < KILLS:
                    time.sleep(0.05 + chance.random() * 0.6)
                    os.kill(int(last), signal.SIGKILL)
                    kills += 1
            errors = driver.stderr.read()
    assert kills == KILLS, errors
    assert json.loads(last) == {"states": ["ticketed"], "tickets": MAILS, "messages": MAILS, "different": MAILS, "receipts": MAILS}
