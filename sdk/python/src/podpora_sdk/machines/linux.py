"""Linux: /etc/machine-id, DMI, the disk under /, the built-in network card. Nothing here needs root; what does is left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path


def parts(root: Path = Path("/")) -> Mapping[str, str]:
    """`root` is another one in tests only."""
    found = {}
    readers: dict[str, Callable[[Path], str]] = {"machine": _machine, "board": _board, "disk": _disk, "network": _network}
    for name, reader in readers.items():
        try:
            value = reader(root)
        except (OSError, ValueError):
            continue
        if value:
            found[name] = value
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _machine(root: Path) -> str:
    return _text(root / "etc/machine-id") or _text(root / "var/lib/dbus/machine-id")


def _board(root: Path) -> str:
    """Serial numbers need root on most systems. A model's name is no identifier: a whole office has the same."""
    folder = root / "sys/class/dmi/id"
    return (
        _text(folder / "product_uuid")
        or _text(folder / "board_serial")
        or _text(root / "sys/firmware/devicetree/base/serial-number")
    )


def _disk(root: Path) -> str:
    """The hardware's number of the disk under /, else of the first fixed disk."""
    number = root.stat().st_dev
    folder = root / "sys/dev/block" / f"{os.major(number)}:{os.minor(number)}"
    candidates = [folder.resolve(), folder.resolve().parent] if folder.exists() else []
    block = root / "sys/class/block"
    if block.is_dir():
        candidates += [
            p.resolve() for p in sorted(block.iterdir()) if _text(p / "removable") == "0" and not p.name.startswith("loop")
        ]
    for disk in candidates:
        for name in ("wwid", "device/wwid", "device/serial", "serial", "device/cid"):
            if value := _text(disk / name):
                return value
    return ""


def _network(root: Path) -> str:
    """The address of the first card that is a device of its own with an address burnt in; not USB: docks and dongles wander."""
    folder = root / "sys/class/net"
    for card in sorted(folder.iterdir()) if folder.is_dir() else []:
        device = card / "device"
        if not device.exists() or "/usb" in str(device.resolve()) or _text(card / "addr_assign_type") not in ("", "0"):
            continue
        if address := _text(card / "address"):
            return address
    return ""
