"""`make test`: the SDK, the whole suite on SQLite, then on PostgreSQL, then the browser stories; one last line sums it up.

Usage: python tools/run_tests.py [--only sdk|sqlite|postgresql|browser] [pytest arguments]

The last line is `N passed, N failed[, N skipped]`; the exit code is 0 only when nothing failed.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import postgresql  # noqa: E402

PARTS = ("sdk", "sqlite", "postgresql", "browser")
QT_NEEDS = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0"
KEPT = (
    "PODPORA_CHROMIUM",
    "PYTEST_PODPORA_PREPARED",
    "PODPORA_TEST_THOROUGH",
    "PODPORA_TEST_ORDER",
)  # what reaches the tests from outside


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Count") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    options, extra = parser.parse_known_args()
    parts = (options.only,) if options.only else PARTS
    total = Count()
    with compiled_once():
        if "sdk" in parts:
            total.add(sdk_part(extra))
        if {"sqlite", "postgresql"} & set(parts):
            total.add(both_halves(parts, extra))
        if "browser" in parts:
            total.add(browser_part(extra))
    print(total, flush=True)
    return 1 if total.failed or not total.passed else 0


def both_halves(parts: tuple[str, ...], extra: list[str]) -> Count:
    total = Count()
    with postgresql.server() as (address, how):
        server = {"PODPORA_TEST_DATABASE_URL": address} if address else {}
        if "sqlite" in parts:
            tell_of_qt()
            total.add(half("SQLite", extra, {"PODPORA_TEST_ENGINE": "sqlite"} | server))
        if "postgresql" in parts:
            total.add(postgresql_half(extra, address, how))
    return total


@contextmanager
def compiled_once() -> Iterator[None]:
    """Tests start many processes; without kept byte code each would compile all of Django again, and migrate a database of its own
    (tests/make/prepared.py)."""
    with tempfile.TemporaryDirectory(prefix="podpora-bytecode-") as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = os.environ["PYTEST_PODPORA_PREPARED"] = folder
        yield


def sdk_part(extra: list[str]) -> Count:
    """The Python SDK on its own (its own pytest settings; nothing of the server is on its path), and the verifier in JavaScript."""
    count = run("SDK", extra, {}, folder=ROOT / "sdk" / "python")
    count.add(javascript())
    return count


def javascript() -> Count:
    """The second implementation against the same vectors, where a Node is found."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        print("\npodpora: the JavaScript verifier did NOT run: no Node was found.", flush=True)
        return Count()
    command = [node, "--test", "--test-reporter=tap"]
    result = subprocess.run(command, cwd=ROOT / "sdk" / "javascript", capture_output=True, text=True, check=False)
    told = dict(re.findall(r"^# (pass|fail|skipped) (\d+)$", result.stdout, re.MULTILINE))
    count = Count(int(told.get("pass", 0)), int(told.get("fail", 0)), int(told.get("skipped", 0)))
    if (result.returncode and not count.failed) or not count.passed:
        count.failed += 1
    if count.failed:
        print(
            "\n".join(line for line in result.stdout.splitlines() if not line.strip().startswith(("ok", "# Sub")))[-20_000:],
            result.stderr,
        )
    print(f"podpora: JavaScript: {count}", flush=True)
    return count


def postgresql_half(extra: list[str], address: str, how: str) -> Count:
    if not address:
        print(f"\npodpora: the PostgreSQL half did NOT run: {how}. Name a server in PODPORA_TEST_DATABASE_URL.", flush=True)
        return Count()
    redis = redis_address()
    print(f"\npodpora: PostgreSQL: {how}; cache: {'Redis' if redis else 'memory (no Redis was found)'}", flush=True)
    environment = {"PODPORA_TEST_ENGINE": "postgresql", "PODPORA_TEST_DATABASE_URL": address}
    return half("PostgreSQL", extra, environment | ({"PODPORA_TEST_REDIS_URL": redis} if redis else {}))


def tell_of_qt() -> None:
    """The sample program's tests are skipped where Qt can't be loaded; that is said before, and plainly."""
    code = "from PySide6 import QtWidgets"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if found.returncode:
        why = (found.stderr.strip().splitlines() or ["?"])[-1]
        print(f"\npodpora: the sample program's tests do NOT run: {why}. On Debian: apt-get install {QT_NEEDS}", flush=True)


def browser_part(extra: list[str]) -> Count:
    if chromium() is None:
        print("\npodpora: the browser stories did NOT run: no Chromium was found. Name one in PODPORA_CHROMIUM.", flush=True)
        return Count()
    return run("browser stories", ["tests/browser", "-m", "browser", *extra], {"PODPORA_TEST_ENGINE": "sqlite"})


def half(name: str, extra: list[str], environment: dict[str, str]) -> Count:
    workers = str(min(4, (os.cpu_count() or 1) + 1))  # one more than cores: they wait for servers and disks, too
    parallel = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"] if int(workers) > 1 and "-n" not in extra else []
    return run(name, [*parallel, "-m", "not browser", *extra], environment)


def run(name: str, arguments: list[str], environment: dict[str, str], *, folder: Path = ROOT) -> Count:
    """One pytest process; its own report is shown as it comes, its counts are read from its JUnit file."""
    print(f"\npodpora: {name} …", flush=True)
    begin = time.monotonic()
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PODPORA_", "PYTEST_"))}
    clean |= {key: os.environ[key] for key in KEPT if os.environ.get(key)}
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "--no-header", f"--junitxml={report}", *arguments]
        code = subprocess.run(command, cwd=folder, env=clean | environment, check=False).returncode
        count = read(report)
    if code not in (0, 1, 5) or (code == 1 and not count.failed):
        count.failed += 1  # the run itself broke: that must never look like success
        print(f"podpora: {name}: pytest itself ended with code {code}, so not everything ran", flush=True)
    print(f"podpora: {name}: {count} in {time.monotonic() - begin:.0f} s", flush=True)
    return count


def read(report: Path) -> Count:
    if not report.exists():
        return Count()
    count = Count()
    for suite in ET.parse(report).getroot().iter("testsuite"):
        tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        count.add(Count(max(tests - failed - skipped, 0), failed, skipped))
    return count


def chromium() -> str | None:
    named = os.environ.get("PODPORA_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def redis_address() -> str:
    """A Redis that answers: the named one, else the usual port."""
    address = os.environ.get("PODPORA_TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return address if connection.recv(16).startswith((b"+PONG", b"-NOAUTH")) else ""
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
