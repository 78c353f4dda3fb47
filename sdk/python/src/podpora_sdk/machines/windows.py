"""Windows: MachineGuid, the SMBIOS table, the system volume, the network card. By system calls: no PowerShell, no flashing window."""

from __future__ import annotations

import ctypes
import os
import uuid
from collections.abc import Mapping
from typing import Any


def parts() -> Mapping[str, str]:
    found = {}
    for name, reader in (("machine", _machine), ("board", _board), ("disk", _disk), ("network", _network)):
        try:
            value = reader()
        except Exception:  # noqa: S112 - a part that can't be read is left out
            continue
        if value:
            found[name] = value
    return found


def _machine() -> str:
    import winreg

    registry: Any = winreg
    access = registry.KEY_READ | registry.KEY_WOW64_64KEY
    with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0, access) as key:
        return str(registry.QueryValueEx(key, "MachineGuid")[0])


def _board() -> str:
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there on Windows
    signature = int.from_bytes(b"RSMB", "big")
    size = kernel.GetSystemFirmwareTable(signature, 0, None, 0)
    table = ctypes.create_string_buffer(size)
    kernel.GetSystemFirmwareTable(signature, 0, table, size)
    return smbios_identifier(table.raw[8:])


def smbios_identifier(table: bytes) -> str:
    """The system's UUID (structure 1), else the board's serial number (structure 2)."""
    serial, place = "", 0
    while place + 4 <= len(table):
        kind, length = table[place], table[place + 1]
        end = table.find(b"\0\0", place + length)
        if length < 4 or end < 0:
            break
        if kind == 1 and length >= 24 and len(set(table[place + 8 : place + 24])) > 1:
            return str(uuid.UUID(bytes_le=table[place + 8 : place + 24]))
        if kind == 2 and length >= 8:
            texts, number = table[place + length : end].split(b"\0"), table[place + 7]
            serial = texts[number - 1].decode("ascii", "replace") if 0 < number <= len(texts) else ""
        place = end + 2
    return serial


def _disk() -> str:
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    number = ctypes.c_uint32()
    drive = os.environ.get("SystemDrive", "C:") + "\\"  # noqa: SIM112 - Windows writes it so
    done = kernel.GetVolumeInformationW(ctypes.c_wchar_p(drive), None, 0, ctypes.byref(number), None, None, None, 0)
    return f"{number.value:08x}" if done else ""


def _network() -> str:
    number = uuid.getnode()
    return f"{number:012x}" if not number >> 40 & 1 else ""  # the bit says that Python made it up
