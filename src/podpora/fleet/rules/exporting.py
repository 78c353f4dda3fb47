"""What counts on a device as a file for tools that set computers on the spot: JSON, the Windows registry, a property list.

They are written as the SDK reads them (RULES CS-23): forced values by their key, the others under `Recommended`.
"""

import json
import plistlib
from collections.abc import Callable, Mapping
from typing import Any

from podpora.fleet.values import Mode, Outcome

Writer = Callable[[Outcome, str, str], bytes]


def as_json(outcome: Outcome, vendor: str, product: str) -> bytes:
    """`policy.json`: `{key: {value, mode}}`."""
    return (json.dumps(_values(outcome), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def as_plist(outcome: Outcome, vendor: str, product: str) -> bytes:
    """A property list for managed preferences of macOS."""
    return plistlib.dumps(_values(outcome), sort_keys=True)


def as_registry(outcome: Outcome, vendor: str, product: str) -> bytes:
    """A file of the Windows registry (UTF-16 with its mark, CRLF), for `Software\\Policies`."""
    path = rf"HKEY_LOCAL_MACHINE\Software\Policies\{vendor}\{product}"
    lines = ["Windows Registry Editor Version 5.00", "", f"[{path}]"]
    lines += _registry(outcome, forced=True)
    recommended = _registry(outcome, forced=False)
    if recommended:
        lines += ["", rf"[{path}\Recommended]", *recommended]
    return ("\r\n".join(lines) + "\r\n").encode("utf-16")


def _values(outcome: Outcome) -> dict[str, Any]:
    return {key: {"value": won.entry.value, "mode": won.entry.mode.value} for key, won in outcome.values.items()}


def _registry(outcome: Outcome, *, forced: bool) -> list[str]:
    won = {key: found.entry for key, found in sorted(outcome.values.items())}
    return [f'"{key}"={_cell(entry.value)}' for key, entry in won.items() if (entry.mode is Mode.FORCED) is forced]


def _cell(value: Any) -> str:
    if isinstance(value, bool) or (isinstance(value, int) and 0 <= value < 2**32):
        return f"dword:{int(value):08x}"
    if isinstance(value, list):
        return f"hex(7):{_hex(''.join(f'{item}{chr(0)}' for item in value) + chr(0))}"
    text = str(value)
    if any(ord(sign) < 32 for sign in text):
        return f"hex(1):{_hex(text + chr(0))}"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _hex(text: str) -> str:
    return ",".join(f"{byte:02x}" for byte in text.encode("utf-16-le"))


WRITERS: Mapping[str, tuple[Writer, str, str]] = {
    "json": (as_json, "application/json", "linux"),
    "reg": (as_registry, "application/octet-stream", "windows"),
    "plist": (as_plist, "application/x-plist", "macos"),
}
