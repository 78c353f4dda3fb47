"""Workers that the test kills one after another: the frame of the scripts `*_to_kill.py`, which start them in a process of their own.

Standard output: the process id of each worker; then what the script says at its end. `django.setup()` was called before.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from podpora.base import clock
from podpora.jobs.actions import run_forever


def workers_to_kill(kills: int, still_waits: Callable[[], bool], queue: str = "") -> None:
    """Real workers, one after another; the last one, which lives, stops when nothing waits any more."""
    for life in range(kills + 1):
        connection.close()
        child = os.fork()
        if child == 0:
            if life == kills:  # the leases of the killed have run out by then
                clock.start_at(clock.now() + timedelta(hours=1))
            _work(still_waits, queue)
            os._exit(0)
        say(child)
        os.waitpid(child, 0)


def _work(still_waits: Callable[[], bool], queue: str) -> None:
    stop = threading.Event()
    threading.Thread(target=_stop_when_done, args=(stop, still_waits), daemon=True).start()
    run_forever(stop, queue=queue)


def _stop_when_done(stop: threading.Event, still_waits: Callable[[], bool]) -> None:
    while still_waits():
        stop.wait(0.2)
    connection.close()
    stop.set()


def say(told: object) -> None:
    sys.stdout.write(f"{told if isinstance(told, str) else json.dumps(told)}\n")
    sys.stdout.flush()
