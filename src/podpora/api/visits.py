"""When devices were last seen, gathered for a moment and written together (SPEED: at most one write an hour for each device).

A process that is killed forgets what it gathered in the last moment; then a device looks as if it had been silent for an hour longer,
and the next visit is noted. Nothing that gives or takes a right depends on it.
"""

import atexit
import logging
import threading

from django.db import DatabaseError, connection

from podpora.licensing import actions

log = logging.getLogger(__name__)
# Seconds. Each writing costs a commit, and SQLite forgets the pages that the process that answers had in memory: so seldom.
GATHERED = 5.0
MANY = 5_000  # are written at once
MOST = 20_000  # more are not remembered: the next visit will be


class Visits:
    """One for each process. `note` may be called from any thread; the first note starts the thread that writes."""

    def __init__(self) -> None:
        self._seen: dict[int, actions.Visit] = {}
        self._lock = threading.Lock()
        self._called, self._many = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, device_pk: int, visit: actions.Visit) -> None:
        with self._lock:
            if len(self._seen) < MOST:
                self._seen[device_pk] = visit
            if len(self._seen) >= MANY:
                self._many.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_for_ever, name="visits", daemon=True)
                self._thread.start()
                atexit.register(self.write)
        self._called.set()

    def write(self) -> None:
        """Write what was gathered. What can't be written now is gathered again."""
        with self._lock:
            seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            actions.note_visits(seen)
        except DatabaseError as problem:
            log.warning("visits of %s devices wait: %s", len(seen), problem)
            with self._lock:
                self._seen = seen | self._seen

    def _write_for_ever(self) -> None:
        while True:
            self._called.wait()
            self._many.wait(GATHERED)
            self._called.clear()
            self._many.clear()
            self.write()
            connection.close()
