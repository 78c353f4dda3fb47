"""A database that is migrated once a run, and copied wherever one is needed: migrating costs as much as fifty tests.

    of the tests themselves   tests/conftest.py lays it under each worker's database
    an installation           tests/make/installation.py, and `lay` for commands on a folder of their own
    the demo                  `lay_demo`: loaded once a day and state of the code

What was prepared is kept for as long as the code of the product stays as it is, so a single test file starts at once too.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "src" / "podpora"
FILE = "podpora.sqlite3"
_known: dict[str, str] = {}


def lay(folder: Path) -> Path:
    """Make the data folder of an installation whose (SQLite) database is migrated and empty."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(sqlite_file(), folder / FILE)
    (folder / FILE).chmod(0o600)
    return folder


def lay_demo(folder: Path) -> None:
    """Make the data folder of a demo that is loaded, as `podpora demo --no-serve` leaves it."""
    with _alone("demo") as top:
        made = top / f"demo-{_digest(SOURCES.rglob('*.py'))}-{time.strftime('%Y-%m-%d')}"
        if not made.exists():
            for old in top.glob("demo-*"):
                shutil.rmtree(old)
            new = lay(top / "demo-new")
            _run(new, {}, str(Path(sys.executable).with_name("podpora")), "demo", "--no-serve")
            new.rename(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)


def sqlite_file() -> Path:
    with _mark() as done:
        if not done.exists():
            _migrate(done.parent / "new", {})
            with closing(sqlite3.connect(done.parent / "new" / FILE)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (done.parent / "new" / FILE).replace(done)
    return done


def postgresql_name(server: str) -> str:
    """The name of the migrated database on this server, to be named as a TEMPLATE."""
    import psycopg

    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
    name = f"podpora_prepared_{checkout}_{_state()}"
    if name in _known:
        return name
    with _mark(), closing(psycopg.connect(_named(server, "postgres"), autocommit=True)) as connection:
        found = {row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'podpora_prepared_%'")}
        if name not in found:
            for old in (each for each in found if each.startswith(f"podpora_prepared_{checkout}_")):
                connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            connection.execute(f'DROP DATABASE IF EXISTS "{name}_new" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}_new"')
            _migrate(Path(tempfile.mkdtemp(prefix="podpora-prepared-")), {"PODPORA_DATABASE_URL": _named(server, f"{name}_new")})
            connection.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    _known[name] = name
    return name


def _named(server: str, database: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


def _migrate(folder: Path, more: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run(folder, more, sys.executable, "-W", "ignore", "manage.py", "migrate", "-v0", "--skip-checks")


def _run(folder: Path, more: dict[str, str], *command: str) -> None:
    """In a process of its own, on data of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PODPORA_", "DJANGO_", "PYTEST_"))}
    clean |= {"PODPORA_DATA_DIR": str(folder), "PODPORA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "podpora.config.settings"} | more
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def _mark() -> Iterator[Path]:
    """Where the prepared file of this state of the code is, or comes; for one process at a time."""
    with _alone("lock") as top:
        wanted = top / f"{_state()}.sqlite3"
        for old in top.glob("*.sqlite3"):
            if old != wanted:
                old.unlink()
        yield wanted


@contextmanager
def _alone(name: str) -> Iterator[Path]:
    """The folder of what was prepared for this checkout; for one process at a time."""
    top = Path(os.environ.get("PYTEST_PODPORA_PREPARED") or Path(tempfile.gettempdir()) / f"podpora-prepared-{os.getuid()}")
    checkout = top / hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
    checkout.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (checkout / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield checkout


def _state() -> str:
    """Any change of the code that a migration might use makes another one: migrations, models, values, plumbing, packages."""
    if "state" not in _known:
        names = ("migrations", "models", "values")
        found = [path for path in SOURCES.rglob("*.py") if path.relative_to(SOURCES).parts[0] in ("base", "config")
                 or any(path.stem == name or name in path.parts for name in names)]  # fmt: skip
        _known["state"] = _digest(found)
    return _known["state"]


def _digest(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256((ROOT / "requirements" / "runtime.txt").read_bytes())
    for path in sorted(sources):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def lie_under(connection: Any) -> None:
    """Let the databases that the test runner makes begin with what was prepared: `migrate` then finds nothing to do."""
    creation = connection.creation
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = postgresql_name(os.environ["PODPORA_DATABASE_URL"])
        return
    real = creation._create_test_db

    def create(verbosity: int, autoclobber: bool, keepdb: bool = False) -> Any:
        name = real(verbosity, autoclobber, keepdb)
        shutil.copyfile(sqlite_file(), name)
        return name

    creation._create_test_db = create
