"""Measure, print a table, keep the numbers: `python -m bench [--engine E] [--only NAME] [--tickets N] [--licences N] [--processes N] [--quick]`."""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import inside, ledger, load, work
from bench.installation import DATABASE, Installation, cpu_of, free_port, installation, tree
from tools import postgresql

ROOT = Path(__file__).resolve().parent.parent
TICKETS = 2000
VISITS = 5.5  # seconds until what was gathered of the first requests is written (api/visits.py)
POLL = "settings poll without a change"
COLUMNS = ("work", "CPU ms", "1 conn /s", "8 conn /s", "p50 ms", "p95 ms", "p99 ms", "client ms", "aim")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--only", default="", help="only work whose name contains this")
    parser.add_argument("--tickets", type=int, default=TICKETS, help=f"so many tickets (default {TICKETS})")
    parser.add_argument(
        "--licences", type=int, default=work.LICENCES, help=f"so many licences and devices (default {work.LICENCES})"
    )
    parser.add_argument("--processes", type=int, default=1, help="web processes (default 1)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests")
    options = parser.parse_args()
    engines = ("sqlite", "postgresql") if options.engine == "both" else (options.engine,)
    results = {"machine": machine(), "commit": commit(), "at": datetime.now(UTC).isoformat(timespec="seconds"), "engines": {}}
    with tempfile.TemporaryDirectory(prefix="podpora-bench-") as folder, postgresql.server() as (server, how):
        for engine in engines:
            if engine == "postgresql" and not server:
                print(f"podpora: PostgreSQL was not measured: {how}.")
                continue
            results["engines"][engine] = measure_engine(engine, Path(folder), server, options)
    target = ROOT / "bench" / "results" / f"{results['at'].replace(':', '')}.json"
    target.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nwritten to {target.relative_to(ROOT)}")
    return 0


def measure_engine(engine: str, folder: Path, server: str, options: argparse.Namespace) -> dict[str, Any]:
    print(f"\n{engine}: making {options.licences} licences and {options.tickets} tickets …", flush=True)
    wanted = {"licences": options.licences, "tickets": options.tickets, "processes": options.processes}
    with installation(engine, folder, server=server, **wanted) as site:
        rows = [measure(site, each, options.quick) for each in work.WORK if options.only in each.name]
        rows += [measure_inside(site, each, options.quick) for each in inside.WORK if options.only in each.name]
        rows.append(bare(site, folder, server, options.quick))
        memory = site.memory()
    replay = _replay()
    table(rows)
    polls = [each["cpu_ms"] for each in rows if each["work"] == POLL]
    if polls:
        share = polls[0] * work.POLLS_A_SECOND / 1000
        print(f"100,000 devices that poll every 3 hours: {share:.2%} of one core (aim: < 1 %)")
    print(f"replay of a ledger of 20 grants: {replay:.3f} ms CPU (aim: < 0.2); memory of the server: {memory:.0f} MB (aim: < 200)")
    return {"work": rows, "replay_ms": replay, "memory_mb": memory}


def measure(site: Installation, each: work.Work, quick: bool) -> dict[str, Any]:
    """CPU and latencies at one connection, throughput at one and at eight."""
    make = each.prepare(site)
    count = max(each.count // (10 if quick else 1), 20)
    load.run(site.url, make, connections=8, count=max(each.warm // (10 if quick else 1), 10))
    time.sleep(VISITS)
    before = site.cpu()
    one = load.run(site.url, lambda n: make(n + each.warm), connections=1, count=count)
    time.sleep(0.1)
    used = site.cpu() - before
    eight = load.run(site.url, lambda n: make(n + each.warm + count), connections=8, count=count)
    wrong = {s: n for s, n in (one.statuses + eight.statuses).items() if s not in each.good}
    return row(each.name, used / count, one, eight, each.note + (f"; WRONG ANSWERS {wrong}" if wrong else ""))


def measure_inside(site: Installation, each: inside.Inside, quick: bool) -> dict[str, Any]:
    """One after the other, in a process beside the server."""
    used, found = inside.measured(site, each, max(each.count // (10 if quick else 1), 5))
    return row(each.name, used, found, found, each.note)


def row(name: str, cpu: float, one: load.Load, eight: load.Load, note: str) -> dict[str, Any]:
    return {
        "work": name, "cpu_ms": cpu * 1000, "per_second_1": one.per_second, "per_second_8": eight.per_second, "p50": eight.percentile(0.5),
        "p95": eight.percentile(0.95), "p99": eight.percentile(0.99), "client_ms": eight.own / len(eight.times) * 1000,
        "statuses": dict(one.statuses + eight.statuses), "note": note,
    }  # fmt: skip


def bare(site: Installation, folder: Path, server: str, quick: bool) -> dict[str, Any]:
    """The same server with one statement and one signature, on the same data."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "BENCH_SQLITE": str(folder / "sqlite" / "podpora.sqlite3")}
    threads = 1
    if site.engine == "postgresql":
        environment["BENCH_POSTGRESQL"] = server.rpartition("/")[0] + "/" + DATABASE
        threads = 4
    with _granian(environment, threads) as (url, pid):

        def make(n: int) -> load.Request:
            return load.Request("GET", f"/{1 + n * 7919 % site.licences}")

        count = 200 if quick else 2000
        load.run(url, make, connections=1, count=50)
        before = sum(cpu_of(p) for p in tree(pid)) + (site.cpu() if site.engine == "postgresql" else 0)
        one = load.run(url, make, connections=1, count=count)
        used = sum(cpu_of(p) for p in tree(pid)) + (site.cpu() if site.engine == "postgresql" else 0) - before
        eight = load.run(url, make, connections=8, count=count)
    return row("bare limit: 1 statement + 1 signature", used / count, one, eight, "what cannot be saved")


@contextmanager
def _granian(environment: dict[str, str], threads: int) -> Iterator[tuple[str, int]]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "bench.bare:application", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    process = subprocess.Popen([*command, "--blocking-threads", str(threads), "--log-level", "error"], env=environment, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{url}/1", timeout=5)
                break
            except OSError:
                time.sleep(0.05)
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _replay() -> float:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podpora.config.settings")
    os.environ.setdefault("PODPORA_SECRET_KEY", "only-for-measuring-and-of-no-use-elsewhere")
    django.setup()
    return ledger.milliseconds()


def table(rows: list[dict[str, Any]]) -> None:
    lines = [COLUMNS]
    for each in rows:
        numbers = (
            each["cpu_ms"],
            each["per_second_1"],
            each["per_second_8"],
            each["p50"],
            each["p95"],
            each["p99"],
            each["client_ms"],
        )
        lines.append((each["work"], *(f"{number:.2f}" if number < 10 else f"{number:.0f}" for number in numbers), each["note"]))
    widths = [max(len(line[n]) for line in lines) for n in range(len(COLUMNS))]
    for line in lines:
        cells = [
            cell.ljust(w) if n in (0, len(COLUMNS) - 1) else cell.rjust(w)
            for n, (cell, w) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def machine() -> dict[str, Any]:
    cpu = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), ""
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
