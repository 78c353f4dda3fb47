"""Nothing of the SDK is undocumented: calls, commands, codes, settings of the environment."""

import re
from pathlib import Path

import pytest
from podpora_sdk import Licensing, command
from podpora_sdk.texts import TEXTS

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/sdk.md").read_text()


def test_every_call_is_documented() -> None:
    calls = [name for name in vars(Licensing) if not name.startswith("_") and callable(getattr(Licensing, name))]
    assert [name for name in calls if f"`{name}(" not in PAGE] == []


def test_every_command_and_setting_is_documented() -> None:
    assert [name for name in command.COMMANDS if f"`{name}`" not in PAGE] == []
    names = re.findall(r'_told\("([A-Z_]+)"\)', (ROOT / "sdk/python/src/podpora_sdk/command.py").read_text())
    assert [name for name in names if f"{name}`" not in PAGE and name != "OWNER"] == []


def test_every_code_is_documented() -> None:
    known = set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE + (ROOT / "docs/reference/codes.md").read_text()))
    assert {code for code in TEXTS if not code.startswith("done.") and code != "ok"} - known == set()
