"""F01, reduced: kill -9 at random points of orders, payments and refunds leaves no half state; a retry gives the same result."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make.installation import ROOT, installation
from tests.make.patience import so_many

ORDERS, KILLS = so_many(12, 60), so_many(12, 200)


@pytest.mark.slow
def test_F01_a_killed_shop_leaves_no_half_states(tmp_path: Path) -> None:
    with installation(tmp_path) as environment:
        command = [sys.executable, "-W", "ignore", "-m", "tests.orders.shop_to_kill", str(ORDERS), str(KILLS), "7"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert len(told) == KILLS + 1, done.stderr
    assert [found for found in told if found] == []
