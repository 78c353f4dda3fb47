"""Asking the server in the background, so that nobody waits for it and the server is never stormed (CS-15, CS-16, CS-17).

Plain arithmetic decides when; the thread only sleeps. No change: the interval (3 h) plus up to 5 minutes at random. An error: 5
minutes, doubled with every further one up to the interval, a quarter at random. `Retry-After` is always kept.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from podpora_sdk.answers import Result

INTERVAL, SALT, FIRST_RETRY = 3 * 3600, 300, 300


@dataclass(frozen=True)
class Rhythm:
    """`first`: at most so many seconds, at random, after the start; thousands of computers are switched on at 8:00."""

    interval: float = INTERVAL
    salt: float = SALT
    first_retry: float = FIRST_RETRY
    first: float = 60.0

    def next_in(self, failures: int, retry_after: int | None, chance: Callable[[], float]) -> float:
        """Seconds until the next try. `failures` in a row, 0 after a success; `chance` gives [0, 1)."""
        if failures == 0:
            wait = self.interval + self.salt * chance()
        else:
            wait = min(self.first_retry * 2.0 ** min(failures - 1, 30), self.interval) * (1 + chance() / 4)
        return max(wait, retry_after + self.salt * chance() if retry_after else 0)


class Refresher:
    """A daemon thread that calls `work` in this rhythm until it is stopped."""

    def __init__(self, work: Callable[[], Result], rhythm: Rhythm, chance: Callable[[], float] = random.random) -> None:
        self._work, self._rhythm, self._chance = work, rhythm, chance
        self._wake = threading.Event()
        self._stopped = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.failures = 0

    def start(self) -> None:
        """Start, once; again changes nothing. After stop() it may be started again."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._stopped = False
                self._wake.clear()
                self._thread = threading.Thread(target=self._run, name="podpora-sdk refresher", daemon=True)
                self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Stop; waits for a call that is under way at most so long."""
        with self._lock:
            self._stopped = True
            self._wake.set()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)

    def once(self) -> float:
        """Work once; the seconds until the next time."""
        try:
            result = self._work()
        except Exception:  # a thread that dies would never ask again
            result = Result(False, "server.unreachable", "")
        asks_again = not result.ok and result.code.startswith("server.") and result.code != "server.token_unknown"
        self.failures = self.failures + 1 if asks_again else 0
        return self._rhythm.next_in(self.failures, result.retry_after, self._chance)

    def _run(self) -> None:
        wait = self._rhythm.first * self._chance()
        while not self._wake.wait(wait) and not self._stopped:
            wait = self.once()
