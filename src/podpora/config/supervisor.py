"""The processes behind `podpora serve`: web processes kept by granian, and one worker for background jobs.

    this process (granian's main; answers nothing itself)
      |- web process, 1..N      granian restarts one that dies
      `- worker                 WorkerKeeper restarts it

Everything was imported and prepared here, so both kinds are forks: they start at once and share its memory.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

PATIENCE = 15.0  # seconds that the worker has to finish what it is doing
RESTART_PAUSE = 1.0  # seconds; doubled while the worker keeps dying at once
LONGEST_PAUSE = 30.0
WORKER = [sys.executable, "-c", "from podpora.config.command import main; main(['worker'])"]
CAN_FORK = sys.platform == "linux"


def serve(host: str, port: int, *, processes: int, worker: bool) -> int:
    """Serve until told to stop by SIGTERM or SIGINT. Returns the exit code."""
    if CAN_FORK:
        multiprocessing.set_start_method("fork", force=True)
    _warm_up()
    server = Server(
        "podpora.config.entrance:entrance", address=host, port=port, interface=Interfaces.RSGI, workers=processes,
        http=HTTPModes.http1, websockets=False, log_level=LogLevels.warning,
        respawn_failed_workers=True, respawn_interval=0.5, workers_kill_timeout=10,
    )  # fmt: skip
    keeper = WorkerKeeper() if worker else None
    try:
        if keeper:
            keeper.start()
        server.serve()
    finally:
        if keeper:
            keeper.stop()
    return 0


def _warm_up() -> None:
    """Import what the first request would import, and give no connection to the children."""
    from django.core.cache import caches
    from django.db import connections
    from django.urls import get_resolver

    from podpora.config.entrance import entrance

    assert entrance
    _ = get_resolver().url_patterns
    connections.close_all()
    caches.close_all()
    # What was imported stays for ever. Frozen, it is not walked by the collector, so its pages stay shared with the children.
    gc.collect()
    gc.freeze()


class WorkerKeeper:
    """Starts the worker, starts it again when it dies, and asks it to stop at the end."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._pid = 0

    def start(self) -> None:
        # Before there are threads or sockets in this process, a fork is safe and saves memory.
        self._pid = _fork(_work) if CAN_FORK else _spawn()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)
        _signal(self._pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while not _has_ended(self._pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        _signal(self._pid, signal.SIGKILL)

    def _keep(self) -> None:
        started, pause = time.monotonic(), RESTART_PAUSE
        while not self._stopping.wait(0.25):
            if not _has_ended(self._pid):
                continue
            lived = time.monotonic() - started
            pause = RESTART_PAUSE if lived > 2 * LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            if self._stopping.wait(pause):
                return
            self._pid, started = _spawn(), time.monotonic()


def _work() -> None:
    from podpora.config.command import main

    main(["worker"])


def _fork(run: Callable[[], None]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C reaches only the main process, which asks us to stop
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        die_with_parent()
        if os.getppid() == parent:
            run()
            code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _spawn() -> int:
    return subprocess.Popen(WORKER, preexec_fn=die_with_parent, process_group=0).pid  # noqa: S603, PLW1509


def die_with_parent() -> None:
    """On Linux the kernel ends a child whose parent was killed, so that no port stays taken."""
    if sys.platform == "linux":
        prctl: Any = ctypes.CDLL(None).prctl
        prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _has_ended(pid: int) -> bool:
    """Also collects the exit code, so that no zombie stays."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _signal(pid: int, number: signal.Signals) -> None:
    if not _has_ended(pid):
        os.kill(pid, number)
