"""Fixtures of the whole suite."""

import gc
import os
import random
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from podpora.base import vendor
from podpora.base.actors import Actor, system
from tests.make import emptying, prepared
from tests.make.patience import so_many

# The ordinary run always tries the same examples, however busy the machine is; PODPORA_TEST_THOROUGH tries new and many more.
settings.register_profile(
    "podpora",
    max_examples=so_many(30, 500),
    derandomize=so_many(1, 0) == 1,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("podpora")

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What does not depend on the engine runs once, with the SQLite half. PODPORA_TEST_ORDER is the seed of a random order."""
    from tests.settings import ENGINE

    twice = [
        item for item in items if ENGINE == "postgresql" and (item.get_closest_marker("once") or "/tests/house/" in str(item.path))
    ]
    if seed := os.environ.get("PODPORA_TEST_ORDER"):
        random.Random(seed).shuffle(items)
    else:
        # A file goes to one worker whole: the dear ones begin, so that none is left alone at the end.
        dear = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in dear)
    if twice:
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in twice]


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of garbage need not walk through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database begins as a copy of one that is migrated already."""
    from django.db import connection

    prepared.lie_under(connection)


@pytest.fixture
def at() -> datetime:
    """An ordinary instant: Monday 16 March 2026, 10:00 in Prague."""
    return datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def by() -> Actor:
    """Who acts when it does not matter who."""
    return system("tests")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and cached pages of one test are not those of the next."""
    from django.core.cache import cache

    from podpora.api import limits

    yield
    cache.clear()
    limits.forget()


@pytest.fixture(autouse=True)
def _vendor_is_known() -> None:
    """The name in every header costs a question now and then; tests that count questions know it."""
    vendor.remember("Podpora", 3600)


@pytest.fixture(autouse=True, scope="session")
def _no_outside_world() -> Iterator[None]:
    """Tests reach this machine only: anything else is a mistake and fails loudly."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}:{address[1]}")
        real(self, address)

    socket.socket.connect = connect
    yield
    socket.socket.connect = real


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied() -> Iterator[None]:
    with emptying.of_what_is_filled():
        yield
