"""F26: an upgrade that is interrupted goes on from wherever it was."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make.installation import ROOT
from tests.make.patience import so_many
from tests.server import environment

KILLS, ROOM = so_many(3, 40), ["people"] * so_many(1, 0)


@pytest.mark.slow
@pytest.mark.once
def test_f26_migrations_that_are_killed_go_on(tmp_path: Path) -> None:
    settings = environment(tmp_path) | {"DJANGO_SETTINGS_MODULE": "podpora.config.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.config.migrating_to_kill", "3", str(KILLS), *ROOM]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [KILLS, [], []]
