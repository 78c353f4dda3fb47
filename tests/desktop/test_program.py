"""The sample program as its user starts it: a process of its own, pinned to a server, in another language without losing its licence."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.conftest import Computer, Vendor, until

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def copy(tmp_path: Path, qt: Any) -> Path:
    """The program in a folder of its own, without keys."""
    shutil.copytree(
        ROOT / "examples/desktop/sample_mail", tmp_path / "sample_mail", ignore=shutil.ignore_patterns("pinned.py", "__pycache__")
    )
    return tmp_path


def run(folder: Path, *arguments: str, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def environment() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": str(ROOT / "sdk/python/src"), "QT_QPA_PLATFORM": "offscreen"}


def test_it_says_which_command_is_missing_and_is_pinned_by_it(copy: Path, vendor: Vendor) -> None:
    refused = run(copy, "sample_mail")
    assert refused.returncode == 2
    assert "python -m sample_mail.pin" in refused.stderr
    for wrong, code in (("http://licences.example", 2), ("http://127.0.0.1:9", 1), ("ftp://127.0.0.1", 2)):
        failed = run(copy, "sample_mail.pin", wrong)
        assert failed.returncode == code
        assert failed.stderr.count("\n") == 1
    assert run(copy, "sample_mail.pin", vendor.site.url).returncode == 0
    assert vendor.keys()[0] in (copy / "sample_mail" / "pinned.py").read_text()
    command = [sys.executable, "-m", "sample_mail", "--folder", str(copy / "kept"), "--language", "cs", "--theme", "dark"]
    with subprocess.Popen(command, cwd=copy, env=environment(), stderr=subprocess.PIPE, text=True) as program:
        with pytest.raises(subprocess.TimeoutExpired):  # it runs until its user ends it
            program.wait(4)
        program.terminate()
        _, errors = program.communicate(timeout=20)
    assert "Traceback" not in errors


def test_another_language_keeps_the_licence_and_closes_the_old_window(
    computer: Callable[..., Computer], vendor: Vendor, qt: Any
) -> None:
    from sample_mail.app import Program
    from sample_mail.build import Build

    pc, licence = computer(), vendor.sell()
    pc.activated(licence.key)
    program = Program(qt, Build(pc.server, pc.keys), pc.folder)
    first = program.show("en", "light", in_background=False)
    assert first.menuBar().actions()[-1].text() == "&Help"
    program.again("cs", "dark")
    until(lambda: not first.isVisible())
    [second] = program.windows
    assert second.menuBar().actions()[-1].text() == "&Nápověda"
    assert program.context is not None
    program.context.licensing.stop()
    second.close()
