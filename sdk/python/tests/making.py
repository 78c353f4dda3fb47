"""What tests of the SDK share: a program with a clock and a store of the test's own."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from podpora_sdk import Licensing, MemoryStore, Options, Store
from podpora_sdk.clock import Clock
from podpora_sdk.http import Answer, Call
from podpora_sdk.store import COPIES
from tests.vectors.making import NOW, PINNED, PRODUCT, RAW, x_of


@dataclass
class Time:
    """A clock that stands where the test puts it."""

    now: float = NOW

    def clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: self.now)


class TimedStore(Store):
    """A store on a disk whose clock is the test's: files are as old as the test says."""

    def __init__(self, *places: Any, time: Time, second: Path | None = None) -> None:
        super().__init__(*places, second=second)
        self.time = time

    def update(self, change: Any) -> bool:
        written = super().update(change)
        self._age()
        return written

    def set_mark(self, mark: int) -> None:
        super().set_mark(mark)
        self._age()

    def _age(self) -> None:
        for path in [*self._marks(), *(place.folder / name for place in self._places for name in COPIES)]:
            with contextlib.suppress(OSError):
                os.utime(path, (self.time.now, self.time.now))


class NoNetwork:
    """A transport that must not be used."""

    def send(self, call: Call) -> Answer:
        raise AssertionError(f"the network was asked: {call.path}")


@dataclass
class Program:
    """How a test's program is built."""

    store: Any = field(default_factory=MemoryStore)
    version: str = "10.2.1"
    time: Time = field(default_factory=Time)
    raw: dict[str, str] = field(default_factory=lambda: dict(RAW))
    keys: list[Any] = field(default_factory=lambda: [x_of(PINNED)])
    options: Options = field(default_factory=lambda: Options(transport=NoNetwork()))
    server: str = "https://licences.vendor.example"

    def started(self) -> Licensing:
        store = TimedStore(self.store, time=self.time) if isinstance(self.store, Path) else self.store
        made = replace(
            self.options, clock=self.options.clock or self.time.clock(), raw_parts=lambda: self.raw, device_name="Jana's laptop"
        )
        return Licensing(PRODUCT, self.version, self.server, self.keys, store, made)


def program(store: Path | Any = None, **more: Any) -> Program:
    return Program(**({"store": store} if store is not None else {}), **more)
