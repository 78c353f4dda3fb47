"""The process that `podpora serve` becomes: starts web and worker, restarts the worker, stops both cleanly.

Imports no Django, so that it costs a few megabytes. Granian itself restarts web processes that die.
"""

import contextlib
import ctypes
import signal
import subprocess
import sys
import time
from types import FrameType

PATIENCE = 15  # seconds that children have to finish what they are doing
RESTART_PAUSE = 1.0  # seconds; doubled while the worker keeps dying at once
LONGEST_PAUSE = 30.0


def main(web: list[str], jobs: list[str]) -> int:
    """Run until told to stop (0), or until the web server ends by itself (its exit code)."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server = _start(web)
    worker = _start(jobs) if jobs else None
    started_at, pause = time.monotonic(), RESTART_PAUSE
    while not stopping and server.poll() is None:
        if worker is not None and worker.poll() is not None and time.monotonic() > started_at + pause:
            pause = min(pause * 2, LONGEST_PAUSE) if time.monotonic() < started_at + 2 * LONGEST_PAUSE else RESTART_PAUSE
            worker, started_at = _start(jobs), time.monotonic()
        time.sleep(0.1)

    ended_by_itself = not stopping
    for child in (server, worker):
        _stop(child)
    if ended_by_itself:
        print("podpora: the web server ended by itself; see the lines above.", file=sys.stderr)
        return server.returncode or 1
    return 0


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    # Ctrl-C reaches only this process: the children are asked to stop once, by us.
    return subprocess.Popen(command, preexec_fn=_die_with_parent, process_group=0)  # noqa: S603, PLW1509


def _die_with_parent() -> None:
    """On Linux the kernel ends a child whose supervisor was killed, so that no port stays taken."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _stop(child: "subprocess.Popen[bytes] | None") -> None:
    if child is None or child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].split("\x1f"), sys.argv[2].split("\x1f") if sys.argv[2] else []))
