"""What tests of the SDK share: a program with a clock and a store of the test's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from podpora_sdk import Licensing, MemoryStore, Options
from podpora_sdk.clock import Clock
from podpora_sdk.http import Answer, Call
from tests.vectors.making import NOW, PINNED, PRODUCT, RAW, x_of


@dataclass
class Time:
    """A clock that stands where the test puts it."""

    now: float = NOW

    def clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: self.now)


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
        made = replace(
            self.options, clock=self.options.clock or self.time.clock(), raw_parts=lambda: self.raw, device_name="Jana's laptop"
        )
        return Licensing(PRODUCT, self.version, self.server, self.keys, self.store, made)


def program(store: Path | Any = None, **more: Any) -> Program:
    return Program(**({"store": store} if store is not None else {}), **more)
