"""A whole installation of its own, for tests that kill real processes: data folder, database, environment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests import settings as test_settings
from tests.make import prepared

_number = count()
ROOT = prepared.ROOT


@contextmanager
def installation(folder: Path, **more: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh, migrated installation on the engine that is tested."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PODPORA_", "DJANGO_"))}
    environment = {
        **kept,
        "PODPORA_DATA_DIR": str(folder),
        "PODPORA_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "podpora.config.settings",
    }
    environment |= {"PODPORA_LOG_FORMAT": "json", **more}
    if test_settings.ENGINE != "postgresql":
        prepared.lay(folder)
        yield environment
        return
    name = f"podpora_killing_{os.getpid()}_{next(_number)}"
    parts = urlsplit(test_settings.DATABASE_URL)
    with _server() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{prepared.postgresql_name(test_settings.DATABASE_URL)}"')
    try:
        environment["PODPORA_DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
        yield environment
    finally:
        with _server() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _server() -> Iterator[Any]:
    import psycopg

    parts = urlsplit(test_settings.DATABASE_URL)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        yield connection.cursor()
