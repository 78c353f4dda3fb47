"""The SDK inside a program, against the real server on a socket."""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from podpora_sdk import Licensing, Options

from podpora.base import clock
from podpora.licensing import queries
from podpora.licensing.actions import ensure_signing_key
from tests.make import licensing as make

Started = Callable[..., Licensing]


@pytest.fixture
def now() -> datetime:
    return clock.now().replace(microsecond=0)


@pytest.fixture
def program(live_server: Any, tmp_path: Path, now: datetime) -> Started:
    """`program()`: the sample program on a computer of its own; `name` is another computer, `version` another version."""
    make.product()
    ensure_signing_key(at=now)
    keys = queries.jwk_set(at=now)["keys"]

    def started(name: str = "laptop", version: str = "10.1.0", **options: Any) -> Licensing:
        raw = {part: f"{part} of {name}" for part in ("machine", "board", "disk", "network")}
        made = Options(raw_parts=functools.partial(dict, raw), device_name=name, **options)
        return Licensing("postak", version, live_server.url, keys, tmp_path / name, made)

    return started
