"""What is compiled into a build of the program: who it is, where its server is, and which keys it trusts.

A vendor writes the keys into the source once. Here `python -m sample_mail.pin URL` does, because every installation of Podpora has
keys of its own; the result is the module `pinned.py`, a part of the build and never read from anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

from sample_mail import NAME, PRODUCT, RELEASED_ON, VERSION


@dataclass(frozen=True)
class Build:
    """One build."""

    server: str
    keys: tuple[str, ...]
    product: str = PRODUCT
    name: str = NAME
    version: str = VERSION
    released_on: date = RELEASED_ON


class NotPinned(Exception):
    """This build trusts no key yet."""


def built(version: str = "") -> Build:
    """This build. NotPinned before `python -m sample_mail.pin`."""
    try:
        pinned = import_module("sample_mail.pinned")
    except ModuleNotFoundError:
        raise NotPinned from None
    return Build(str(pinned.SERVER), tuple(pinned.KEYS), version=version or VERSION)


def write_pinned(server: str, keys: list[str], folder: Path | None = None) -> Path:
    """Make the module `pinned.py`."""
    path = (folder or Path(__file__).parent) / "pinned.py"
    path.write_text(f'"""Made by `python -m sample_mail.pin`: the keys of one server."""\n\nSERVER = {server!r}\nKEYS = {keys!r}\n')
    return path
