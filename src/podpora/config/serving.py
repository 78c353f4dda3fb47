"""Serving: what must be ready before the first request, and the processes that answer.

    podpora serve  ->  prepare (migrate, cache table, static files)  ->  supervisor.serve
                                                                          |- web processes
                                                                          `- worker (unless --no-worker)

Several `podpora serve` may start at once on one database: they prepare one after another under a lock.
"""

import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from podpora import __version__
from podpora.config import supervisor
from podpora.config.commands import CommandFailed

# Any number; the same in every process of every version.
ADVISORY_LOCK = 721_104_233
LOCK_PATIENCE = 300  # seconds


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def prepare(host: str, port: int) -> None:
    """Everything that one start needs. Raises CommandFailed with the sentence that says what is missing."""
    ensure_port_is_free(host, port)
    ensure_data_folder()
    prepare_database()
    collect_static()


def ensure_port_is_free(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise CommandFailed(f"{host!r} is not an address of this machine.") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(target)
        except OSError as error:
            raise CommandFailed(
                f"Port {port} on {host} cannot be used: {(error.strerror or str(error)).lower()}. Choose another with --port."
            ) from None


def ensure_data_folder() -> None:
    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        probe = settings.DATA_DIR / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CommandFailed(
            f"The data folder {settings.DATA_DIR} cannot be written: {(error.strerror or str(error)).lower()}."
        ) from None


def prepare_database() -> None:
    """Migrations and the cache's table, by one process at a time."""
    with _one_at_a_time():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            print("podpora: bringing the database up to date …", flush=True)
            call_command("migrate", interactive=False, verbosity=0)
        if "django_cache" not in connection.introspection.table_names():
            call_command("createcachetable", verbosity=0)
    connection.close()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A lock on the data folder (one machine) and, on PostgreSQL, in the database (several machines)."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "start.lock").open("w") as file:
        _wait_for(lambda: _locked(file))
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        _wait_for(_advisory_locked)
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _advisory_locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


def _wait_for(locked: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LOCK_PATIENCE
    while not locked():
        if time.monotonic() > deadline:
            raise CommandFailed("Another process has been preparing the database for five minutes; stop it first.")
        time.sleep(0.05)


def collect_static() -> None:
    """Static files with hashed names and compressed twins, made again only when a source changed."""
    stamp = settings.STATIC_ROOT / ".stamp"
    wanted = _static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with _one_at_a_time():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted)


def _static_fingerprint() -> str:
    """Changes whenever a static file is added, removed or edited, or the version is another."""
    seen = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            seen.update(f"{path}:{facts.st_size}:{facts.st_mtime_ns}".encode())
    return seen.hexdigest()


def serve(host: str, port: int, *, processes: int, worker: bool) -> int:
    """Answer requests until told to stop."""
    return supervisor.serve(host, port, processes=processes, worker=worker)
