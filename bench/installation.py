"""A throw-away installation on one engine, filled and served, and what its processes have used."""

import contextlib
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

PODPORA = str(Path(sys.executable).with_name("podpora"))
TICK = os.sysconf("SC_CLK_TCK")
DATABASE = "podpora_bench"


@dataclass
class Installation:
    """Where it answers, and how to ask what it has used."""

    engine: str
    url: str
    environment: dict[str, str]
    pid: int
    licences: int
    tokens: dict[str, str] = field(default_factory=dict)

    def podpora(self, *arguments: str) -> str:
        done = subprocess.run([PODPORA, *arguments], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def cpu(self) -> float:
        """Seconds of processor time of the server's processes and of its database connections, so far."""
        return sum(cpu_of(pid) for pid in [*tree(self.pid), *self._backends()])

    def memory(self) -> float:
        """Megabytes of the server's processes, shared pages counted once (PSS)."""
        return sum(_pss_of(pid) for pid in tree(self.pid)) / 1024

    def _backends(self) -> list[int]:
        if self.engine != "postgresql":
            return []
        pattern = re.compile(rf"postgres: .* {DATABASE} ")
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if pattern.search(path.read_text().replace("\0", " ") + " "):
                    found.append(int(path.parent.name))
        return found

    def session(self, email: str) -> str:
        """The cookie of a signed-in demo person."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = opener.open(f"{self.url}/account/login/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"login": email, "password": "podpora-demo", "csrfmiddlewaretoken": token[1] if token else ""}
        opener.open(f"{self.url}/account/login/", urllib.parse.urlencode(form).encode())
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


@contextmanager
def installation(
    engine: str, folder: Path, *, licences: int, tickets: int, server: str = "", processes: int = 1
) -> Iterator[Installation]:
    """The demo with so many licences and tickets besides, on SQLite or on the PostgreSQL at `server`."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PODPORA_", "DJANGO_"))}
    clean |= {"PODPORA_DEMO": "1", "PODPORA_DATA_DIR": str(folder / engine), "PODPORA_SITE_URL": f"http://127.0.0.1:{port}"}
    if engine == "postgresql":
        _new_database(server)
        clean["PODPORA_DATABASE_URL"] = server.rpartition("/")[0] + "/" + DATABASE
    for command in (["demo", "--no-serve"], ["seed", "--licences", str(licences), "--tickets", str(tickets)]):
        subprocess.run([PODPORA, *command], env=clean, check=True, stdout=subprocess.DEVNULL)
    serve = [PODPORA, "serve", "--port", str(port), "--processes", str(processes)]
    process = subprocess.Popen(serve, env=clean, stdout=subprocess.DEVNULL)
    running = Installation(engine, f"http://127.0.0.1:{port}", clean, process.pid, licences)
    try:
        _wait(running.url)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _new_database(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")


def _wait(url: str) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/healthz", timeout=5)
            return
        time.sleep(0.05)
    raise TimeoutError(url)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def cpu_of(pid: int) -> float:
    """User and system time of a process, and of its children that ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(value) for value in fields[11:15]) / TICK


def _pss_of(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
    return int(found[1]) if found else 0
