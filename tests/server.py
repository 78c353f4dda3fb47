"""A real `podpora serve` (or demo) in its own processes on throw-away data: for browser stories and faults."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.make import prepared

PODPORA = str(Path(sys.executable).with_name("podpora"))
START = 120.0  # seconds that a busy machine may need
BEGIN_ON_TABLES = ("demo", "seed", "init", "restore")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a command on its own data: nothing of the suite's leaks in."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PODPORA_", "DJANGO_", "PYTEST_"))}
    return clean | {"PODPORA_DATA_DIR": str(data_dir), "PODPORA_DEMO": "1"} | more


def podpora(data_dir: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end. What makes data begins on a database that is migrated already."""
    if arguments == ("demo", "--no-serve") and not data_dir.exists() and not more:
        prepared.lay_demo(data_dir)
    if arguments[0] in BEGIN_ON_TABLES and "PODPORA_DATABASE_URL" not in more and not (data_dir / prepared.FILE).exists():
        prepared.lay(data_dir)
    return subprocess.run(
        [PODPORA, *arguments],
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )


@dataclass
class Site:
    """A server that answers."""

    url: str
    data_dir: Path
    process: "subprocess.Popen[bytes]"
    log: Path
    environment: dict[str, str]

    def podpora(self, *arguments: str) -> str:
        """What a command prints, run beside the server on the same data."""
        result = subprocess.run(
            [PODPORA, *arguments], env=self.environment, capture_output=True, text=True, check=True, timeout=120
        )
        return result.stdout.strip()

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def served(command: str, folder: Path, *arguments: str, **more: str) -> Iterator[Site]:
    """`podpora COMMAND` on a free port, stopped at the end."""
    port, log = free_port(), folder / "server.log"
    settings = environment(folder / "var", **more)
    if "PODPORA_DATABASE_URL" not in more and not (folder / "var" / prepared.FILE).exists():
        (prepared.lay_demo if command == "demo" else prepared.lay)(folder / "var")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [PODPORA, command, "--port", str(port), *arguments], env=settings, stdout=output, stderr=subprocess.STDOUT
        )
    site = Site(
        f"http://127.0.0.1:{port}", folder / "var", process, log, settings | {"PODPORA_SITE_URL": f"http://127.0.0.1:{port}"}
    )
    try:
        wait_until_served(site)
        yield site
    finally:
        if process.poll() is None:
            site.stop()
        shutil.rmtree(folder / "var", ignore_errors=True)


def wait_until_served(site: Site) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if site.process.poll() is not None:
            raise AssertionError(f"the server ended with {site.process.returncode}:\n{site.log.read_text()}")
        try:
            if site.status("/healthz") == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer within {START:.0f} s:\n{site.log.read_text()}")
