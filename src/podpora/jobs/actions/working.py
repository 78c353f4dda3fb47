"""The worker's loop: take, run, keep the lease, say that one lives, stop cleanly."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connection

from podpora.base import clock
from podpora.base.codes import random_part
from podpora.jobs.actions import running, scheduling
from podpora.jobs.models import Job, Worker
from podpora.jobs.values import LEASE

log = logging.getLogger(__name__)

IDLE_WAIT = 1.0  # seconds between two looks into an empty queue
SEEN_EVERY = 15.0
SCHEDULE_EVERY = 5.0
WAIT_AFTER_ERROR = 5.0


def worker_name() -> str:
    """Names one worker of one process: host, process id, and chance (two threads of one process are two workers)."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{random_part(4)}"


def run_forever(stop: threading.Event, *, queue: str = "", name: str = "") -> None:
    """Work until `stop` is set; the job that runs is finished first. A database that is away is waited for (F05)."""
    name = name or worker_name()
    beats = {"seen": _Beat(SEEN_EVERY), "schedule": _Beat(SCHEDULE_EVERY)}
    log.info("worker %s started", name)
    try:
        while not stop.is_set():
            _work(stop, name, queue, beats)
    finally:
        _say_goodbye(name)
        log.info("worker %s stopped", name)


def _work(stop: threading.Event, name: str, queue: str, beats: dict[str, "_Beat"]) -> None:
    try:
        worked = _one_round(name, queue, beats)
    except DatabaseError as error:
        log.warning("worker %s: the database is away: %s", name, error)
        connection.close()
        stop.wait(WAIT_AFTER_ERROR)
        return
    if not worked:
        close_old_connections()
        stop.wait(IDLE_WAIT)


def _one_round(name: str, queue: str, beats: dict[str, "_Beat"]) -> bool:
    if beats["seen"].is_due():
        say_seen(name, at=clock.now())
    if beats["schedule"].is_due():
        scheduling.enqueue_periodic(at=clock.now())
    job = running.claim(by=name, at=clock.now(), queue=queue)
    if job is None:
        return False
    with _KeptLease(job):
        running.run(job, at=clock.now())
    return True


def say_seen(name: str, *, at: datetime) -> None:
    """Write that this worker lives (what /readyz looks at)."""
    Worker.objects.update_or_create(name=name, defaults={"seen_at": at}, create_defaults={"seen_at": at, "started_at": at})


def _say_goodbye(name: str) -> None:
    try:
        Worker.objects.filter(name=name).delete()
    except DatabaseError:
        log.warning("worker %s could not take its name off the list", name)
    finally:
        connection.close()


class _Beat:
    """Says yes at most once in so many seconds."""

    def __init__(self, every: float) -> None:
        self.every = every
        self.next_at = 0.0

    def is_due(self) -> bool:
        if clock.monotonic() < self.next_at:
            return False
        self.next_at = clock.monotonic() + self.every
        return True


class _KeptLease:
    """While the job runs, a second thread renews its lease; a killed process renews nothing."""

    def __init__(self, job: Job, wait: Callable[[], float] = lambda: LEASE.total_seconds() / 3) -> None:
        self.job = job
        self.wait = wait
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._renew, name=f"lease-{job.code}", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _renew(self) -> None:
        try:
            while not self.done.wait(self.wait()):
                self._renew_once()
        finally:
            connection.close()

    def _renew_once(self) -> None:
        try:
            if not running.extend_lease(self.job, at=clock.now()):
                self.done.set()
            say_seen(self.job.leased_by, at=clock.now())
        except DatabaseError as error:
            log.warning("lease of %s could not be renewed now: %s", self.job.code, error)
            connection.close()
