"""Which layer's value counts when the device's own administrator has set one too (CS-23). Pure; the readers are at the end.

Layers, best first: the computer's policy (group policy, managed preferences, a JSON file of root), the user's policy, the server's
bundle. `server_first=True` puts the server before them. A forced value beats any other mode on whatever layer, as on the server
(CS-2); settings of one atomic group come whole from the winner of the group (CS-5).
"""

from __future__ import annotations

import contextlib
import json
import os
import plistlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from podpora_sdk.settings import DEFAULT, FORCED, MODES, Entry, Schema

SERVER, MACHINE, USER = "server", "policy:machine", "policy:user"
LARGEST = 1_048_576


@dataclass(frozen=True)
class Layer:
    """Settings of one origin."""

    name: str
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class Won:
    """The entry that counts, and those that lost to it."""

    entry: Entry
    losers: tuple[Entry, ...] = ()


def ordered(layers: Sequence[Layer], *, server_first: bool = False) -> list[Layer]:
    """The layers, best first."""
    order = [SERVER, MACHINE, USER] if server_first else [MACHINE, USER, SERVER]
    return sorted(layers, key=lambda layer: order.index(layer.name) if layer.name in order else len(order))


def merged(layers: Sequence[Layer], schema: Schema | None = None, *, server_first: bool = False) -> dict[str, Won]:
    """Which entry of which layer counts, for every key."""
    best_first = ordered(layers, server_first=server_first)
    found: dict[str, Won] = {}
    for key in dict.fromkeys(key for layer in best_first for key in layer.entries):
        group = _group(key, schema)
        ranked = sorted((layer for layer in best_first if key in layer.entries), key=lambda layer: _rank(layer, group))
        winner = min((layer for layer in best_first if group & layer.entries.keys()), key=lambda layer: _rank(layer, group))
        if key in winner.entries:
            found[key] = Won(winner.entries[key], tuple(layer.entries[key] for layer in ranked if layer is not winner))
    return found


def _group(key: str, schema: Schema | None) -> set[str]:
    name = schema[key].atomic_group if schema and key in schema else ""
    return {other for other, setting in schema.items() if setting.atomic_group == name} if schema and name else {key}


def _rank(layer: Layer, group: set[str]) -> int:
    """Sorting is stable, so among equals the better layer stays first."""
    modes = {layer.entries[key].mode for key in group if key in layer.entries}
    return 0 if FORCED in modes else 1


def fitted(layer: Layer, schema: Schema | None) -> Layer:
    """The registry knows no flags and no fractions: 1 is what a flag calls true, and a number may stand there as text."""
    return Layer(layer.name, {key: _fitted(entry, schema) for key, entry in layer.entries.items()}) if schema else layer


def _fitted(entry: Entry, schema: Schema) -> Entry:
    setting = schema.get(entry.key)
    if setting is None or setting.fits(entry.value):
        return entry
    if setting.type == "flag" and type(entry.value) is int and entry.value in (0, 1):
        return replace(entry, value=bool(entry.value))
    if setting.type in ("number", "integer") and isinstance(entry.value, str) and len(entry.value) < 40:
        with contextlib.suppress(ValueError):
            return replace(entry, value=int(entry.value) if setting.type == "integer" else float(entry.value))
    return entry


def layer_from(name: str, values: Any) -> Layer:
    """`{key: value}` or `{key: {"value": …, "mode": …}}`; a bare value is forced, as administrators expect. What is neither is left out."""
    entries = {}
    for key, given in values.items() if isinstance(values, dict) else ():
        if isinstance(given, dict) and "value" in given:
            mode = given.get("mode", FORCED)
            if mode in MODES:
                entries[str(key)] = Entry(str(key), given["value"], mode, name)
        elif not isinstance(given, dict):
            entries[str(key)] = Entry(str(key), given, FORCED, name)
    return Layer(name, entries)


def local_layers(vendor: str, product: str) -> list[Layer]:
    """The policies of this computer. What can't be read counts as not there; never raises."""
    if sys.platform == "win32":
        return _registry(vendor, product)
    if sys.platform == "darwin":
        name = f"{vendor}.{product}.plist"
        folder = Path("/Library/Managed Preferences")
        return _files((MACHINE, folder / name), (USER, folder / os.environ.get("USER", "-") / name))
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return _files((MACHINE, Path("/etc") / vendor / product / "policy.json"), (USER, config / vendor / product / "policy.json"))


def _files(*paths: tuple[str, Path]) -> list[Layer]:
    return [layer for name, path in paths if (layer := file_layer(name, path)).entries]


def file_layer(name: str, path: Path) -> Layer:
    """A JSON or property-list file as a layer; empty when there is none or it can't be read."""
    with contextlib.suppress(OSError, ValueError, RecursionError, plistlib.InvalidFileException):
        if path.stat().st_size <= LARGEST:
            raw = path.read_bytes()
            return layer_from(name, plistlib.loads(raw) if path.suffix == ".plist" else json.loads(raw))
    return Layer(name, {})


def _registry(vendor: str, product: str) -> list[Layer]:
    import winreg

    registry: Any = winreg
    path = rf"Software\Policies\{vendor}\{product}"
    found = []
    for name, root in ((MACHINE, registry.HKEY_LOCAL_MACHINE), (USER, registry.HKEY_CURRENT_USER)):
        values: dict[str, Any] = {}
        with contextlib.suppress(OSError), registry.OpenKey(root, path) as key:
            for number in range(registry.QueryInfoKey(key)[1]):
                label, value, _ = registry.EnumValue(key, number)
                values[label] = value
            for number in range(registry.QueryInfoKey(key)[0]):
                if registry.EnumKey(key, number).lower() == "recommended":
                    with registry.OpenKey(key, "Recommended") as recommended:
                        for place in range(registry.QueryInfoKey(recommended)[1]):
                            label, value, _ = registry.EnumValue(recommended, place)
                            values.setdefault(label, {"value": value, "mode": DEFAULT})
        found.append(layer_from(name, values))
    return [layer for layer in found if layer.entries]
