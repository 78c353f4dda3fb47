"""A PostgreSQL for the tests: one that is named or stands on this machine, else a throw-away cluster of our own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

USUAL = (
    "postgresql://podpora:podpora@127.0.0.1:5432/postgres",
    "postgresql://postgres:postgres@127.0.0.1:5432/postgres",
)
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    """Yields (address, how it was found); the address is empty when there is none, and then `how` says why."""
    named = os.environ.get("PODPORA_TEST_DATABASE_URL", "")
    if named:
        yield (named, "PODPORA_TEST_DATABASE_URL") if _usable(named) else ("", "PODPORA_TEST_DATABASE_URL cannot be used")
        return
    for address in USUAL:
        if _usable(address):
            yield address, "the one on 127.0.0.1:5432"
            return
    binaries = _binaries()
    if binaries is None:
        yield "", "no server answers on 127.0.0.1:5432 and no initdb is installed"
        return
    with _own_cluster(binaries) as address:
        yield address, "a throw-away cluster"


def _usable(address: str) -> bool:
    """Can we log in, and make databases?"""
    try:
        with psycopg.connect(address, connect_timeout=3) as connection:
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def _binaries() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first."""
    folders = [
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True),
    ]
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@contextmanager
def _own_cluster(binaries: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="podpora-pg-"))
    user, become = _not_root()
    if user:
        shutil.chown(folder, user)
    cluster, port = folder / "cluster", _free_port()
    options = " ".join([f"-p {port} -h 127.0.0.1 -k {folder}", *(f"-c {setting}" for setting in FAST)])
    control = [*become, str(binaries / "pg_ctl"), "-D", str(cluster), "-l", str(folder / "log"), "-w", "-t", "60"]
    try:
        make = [
            *become,
            str(binaries / "initdb"),
            "-D",
            str(cluster),
            "-U",
            "podpora",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(make, check=True, capture_output=True, cwd=folder)
        subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd=folder)
        yield f"postgresql://podpora@127.0.0.1:{port}/postgres"
    except subprocess.CalledProcessError as error:
        print(f"podpora: a throw-away PostgreSQL could not be made: {(error.stderr or b'').decode(errors='replace').strip()}")
        yield ""
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)


def _not_root() -> tuple[str, list[str]]:
    """PostgreSQL refuses to run as root: the user it runs as instead, and the command that becomes him."""
    if os.geteuid() != 0:
        return "", []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    if runuser := shutil.which("runuser"):
        return user, [runuser, "-u", user, "--"]
    entry = pwd.getpwnam(user)
    return user, [shutil.which("setpriv") or "setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
