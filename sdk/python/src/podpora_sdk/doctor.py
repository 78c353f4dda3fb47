"""What is wrong with this installation? Every condition looked at, in plain sentences."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podpora_sdk.clock import TOLERANCE
from podpora_sdk.device import PARTS
from podpora_sdk.errors import Refusal
from podpora_sdk.http import Call
from podpora_sdk.store import MemoryStore, Store

if TYPE_CHECKING:
    from podpora_sdk.licensing import Licensing

OK, WARNING, FAILED = "ok", "warning", "failed"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    level: str
    says: str


def examine(licensing: Licensing) -> list[Finding]:
    """Store, device, keys, clock, server, certificate. Changes nothing but a test of whether the store can be written."""
    return [*_store(licensing), *_device(licensing), *_server(licensing), *_licence(licensing)]


def _store(licensing: Licensing) -> Iterator[Finding]:
    store = licensing.holding.store
    where = ", ".join(map(str, store.folders)) if isinstance(store, Store) else type(store).__name__
    written = store.update(lambda doc: None)
    yield Finding("store", OK if written else WARNING, where if written else f"can't be written, kept in memory only: {where}")
    if isinstance(store, MemoryStore):
        yield Finding("store", WARNING, "nothing is kept after the program's end")


def _device(licensing: Licensing) -> Iterator[Finding]:
    parts = licensing.holding.fingerprint()
    missing = [name for name in PARTS if name not in parts]
    level = OK if len(parts) >= 2 else WARNING
    said = f"known by {', '.join(sorted(parts))}" + (f"; not readable: {', '.join(missing)}" if missing else "")
    yield Finding("device", level, said)


def _server(licensing: Licensing) -> Iterator[Finding]:
    begin = time.monotonic()
    try:
        answer = licensing.server.send(Call("GET", "keys"))
    except Refusal as refusal:
        yield Finding("server", FAILED, f"{licensing.server.address}: {refusal.why or refusal.code}")
        return
    yield Finding("server", OK, f"{licensing.server.address} answers in {(time.monotonic() - begin) * 1000:.0f} ms")
    keys, announced = answer.body.get("keys"), answer.body.get("announcements")
    kids = [str(key.get("kid")) for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    licensing.holding.learn(announced if isinstance(announced, list) else ())
    trusted = [kid for kid in kids if kid in licensing.holding.ring.kids]
    if trusted:
        yield Finding("keys", OK, f"{len(trusted)} of the server's {len(kids)} keys are trusted")
    else:
        yield Finding(
            "keys", FAILED, "none of the server's keys is pinned or announced: the wrong server, or the wrong keys in the program"
        )
    yield from _clock(licensing, answer.headers.get("date", ""))


def _clock(licensing: Licensing, date: str) -> Iterator[Finding]:
    from email.utils import parsedate_to_datetime

    try:
        ahead = licensing.holding.clock.now() - int(parsedate_to_datetime(date).timestamp())
    except (TypeError, ValueError):
        return
    level = OK if abs(ahead) < 300 else WARNING if abs(ahead) < TOLERANCE else FAILED
    yield Finding("clock", level, f"{abs(ahead)} s {'ahead of' if ahead >= 0 else 'behind'} the server's")


def _licence(licensing: Licensing) -> Iterator[Finding]:
    state = licensing.state()
    yield Finding("licence", OK if state.may_run else FAILED, f"{state.reason}: {state.message}")
    for notice in state.notices:
        yield Finding("notice", WARNING, f"{notice.code}: {notice.message}")
    if state.lease_ends_at:
        yield Finding("lease", OK, f"works without the server until {state.lease_ends_at:%Y-%m-%d %H:%M} UTC")
