"""Two workers, two schedulers: real parallel connections."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from podpora.jobs import actions, queries, values
from podpora.jobs.models import Job, OnceKey, Worker
from podpora.jobs.values import JobState, job, periodic
from tests.make.races import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NAME = f"{__name__}.work"
ran: list[int] = []


@job
def work(payload: dict[str, Any], *, at: datetime) -> None:
    ran.append(payload["n"])


@pytest.fixture(autouse=True)
def _forget() -> None:
    ran.clear()


def test_many_workers_run_each_job_once(at: datetime) -> None:
    for n in range(60):
        actions.enqueue(NAME, {"n": n}, at=at)
    results = together(6, lambda n: actions.run_due(at=at))
    assert sum(results) == 60
    assert Counter(ran) == Counter(range(60))
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_one_key_from_many_sides_is_one_job(at: datetime) -> None:
    results = together(8, lambda n: actions.enqueue(NAME, {"n": n}, at=at, unique_key="the one").code)
    assert len(set(results)) == 1
    assert Job.objects.count() == 1


def test_once_from_many_sides_is_once(at: datetime) -> None:
    results = together(8, lambda n: actions.once("payment:7", at=at))
    assert sorted(results) == [False] * 7 + [True]
    assert OnceKey.objects.count() == 1


def test_two_schedulers_at_once_run_each_periodic_job_once(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """F20; and after three days' pause once, too."""
    values.periodic_jobs()  # those of the rooms register now, not in the middle of the test
    monkeypatch.setattr(values, "_register", {})

    @periodic(every=timedelta(hours=1))
    def hourly(payload: dict[str, Any], *, at: datetime) -> None:
        ran.append(1)

    for moment in (at, at + timedelta(days=3), at + timedelta(days=3, hours=1)):
        before = len(ran)
        results = together(4, lambda n, moment=moment: actions.enqueue_periodic(at=moment))
        assert sum(results) == 1
        actions.run_due(at=moment)
        assert len(ran) == before + 1


def test_a_worker_says_that_it_lives_runs_what_is_due_and_stops_cleanly(at: datetime) -> None:
    for n in range(3):
        actions.enqueue(NAME, {"n": n}, at=at)
    stop = threading.Event()
    seen: list[datetime | None] = []

    def watch() -> None:
        try:
            while len(ran) < 3:
                stop.wait(0.02)
            seen.append(queries.worker_seen_at())
        finally:
            stop.set()
            connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    worker = threading.Thread(target=actions.run_forever, args=(stop,))
    worker.start()
    worker.join(20)
    watcher.join(20)
    assert not worker.is_alive()
    assert sorted(ran) == [0, 1, 2]
    assert seen[0] is not None
    assert not Worker.objects.exists()
