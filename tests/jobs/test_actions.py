"""Queueing, claiming, running, retrying: one process, handed-in time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from podpora.base.decisions import Refused
from podpora.jobs import actions, queries
from podpora.jobs.models import Job
from podpora.jobs.values import GiveUp, JobState, TryLater, UnknownJob, job

pytestmark = pytest.mark.django_db

ran: list[tuple[dict[str, Any], datetime]] = []
NAME = f"{__name__}.work"


@job(max_attempts=3)
def work(payload: dict[str, Any], *, at: datetime) -> None:
    ran.append((payload, at))
    if payload.get("fail"):
        raise RuntimeError("no luck")
    if payload.get("later"):
        raise TryLater(timedelta(minutes=5), "not now")
    if payload.get("never"):
        raise GiveUp("will not work")
    if payload.get("ask_again"):
        actions.enqueue(NAME, at=at, unique_key="the one")


@pytest.fixture(autouse=True)
def _forget() -> None:
    ran.clear()


def test_a_job_runs_once_with_its_payload_and_the_instant(at: datetime) -> None:
    actions.enqueue(NAME, {"at": at, "n": 1}, at=at)
    assert actions.run_due(at=at) == 1
    assert actions.run_due(at=at) == 0
    assert ran == [({"at": "2026-03-16T09:00:00Z", "n": 1}, at)]
    assert Job.objects.get().state == JobState.DONE


def test_an_unknown_name_is_a_mistake_of_the_caller(at: datetime) -> None:
    with pytest.raises(UnknownJob):
        actions.enqueue("podpora.jobs.jobs.nothing", at=at)
    with pytest.raises(UnknownJob):
        actions.enqueue("nowhere", at=at)


def test_a_job_is_undone_with_the_transaction_that_wanted_it(at: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.enqueue(NAME, at=at)
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_a_job_waits_until_its_time(at: datetime) -> None:
    actions.enqueue(NAME, at=at, run_after=at + timedelta(hours=1))
    assert actions.run_due(at=at) == 0
    assert actions.run_due(at=at + timedelta(hours=1)) == 1


def test_the_oldest_due_job_goes_first(at: datetime) -> None:
    for n, minutes in enumerate((3, 1, 2)):
        actions.enqueue(NAME, {"n": n}, at=at, run_after=at + timedelta(minutes=minutes))
    actions.run_due(at=at + timedelta(hours=1))
    assert [payload["n"] for payload, _ in ran] == [1, 2, 0]


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(at: datetime) -> None:
    actions.enqueue(NAME, {"fail": True}, at=at)
    assert actions.run_due(at=at) == 1
    waiting = Job.objects.get()
    assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 1)
    assert timedelta(seconds=6) < waiting.run_after - at <= timedelta(seconds=10)
    assert "no luck" in waiting.last_error
    actions.run_due(at=at + timedelta(minutes=1))
    actions.run_due(at=at + timedelta(minutes=2))
    given_up = Job.objects.get()
    assert (given_up.state, given_up.attempts, len(ran)) == (JobState.DEAD, 3, 3)
    assert actions.run_due(at=at + timedelta(days=1)) == 0


def test_a_job_that_was_given_up_can_be_tried_again(at: datetime) -> None:
    actions.enqueue(NAME, {"never": True}, at=at)
    actions.run_due(at=at)
    dead = Job.objects.get()
    assert (dead.state, dead.last_error) == (JobState.DEAD, "will not work")
    actions.retry(dead, at=at + timedelta(days=1))
    assert actions.run_due(at=at + timedelta(days=1)) == 1


def test_only_a_job_that_was_given_up_can_be_tried_again(at: datetime) -> None:
    waiting = actions.enqueue(NAME, at=at)
    with pytest.raises(Refused) as refusal:
        actions.retry(waiting, at=at)
    assert refusal.value.decision.code == "job.not_given_up"


def test_a_job_that_was_given_up_is_not_doubled_by_trying_again(at: datetime) -> None:
    dead = actions.enqueue(NAME, {"never": True}, at=at, unique_key="the one")
    actions.run_due(at=at)
    fresh = actions.enqueue(NAME, at=at, unique_key="the one")
    assert actions.retry(dead, at=at).code == fresh.code
    assert Job.objects.filter(state__in=queries.UNFINISHED).count() == 1


def test_work_that_comes_back_later_loses_no_attempt(at: datetime) -> None:
    actions.enqueue(NAME, {"later": True}, at=at)
    for n in range(20):
        assert actions.run_due(at=at + n * timedelta(minutes=5)) == 1
    waiting = Job.objects.get()
    assert (waiting.state, waiting.attempts, waiting.last_error) == (JobState.QUEUED, 0, "not now")


def test_a_key_that_waits_is_queued_once(at: datetime) -> None:
    first = actions.enqueue(NAME, {"n": 1}, at=at, unique_key="the one")
    second = actions.enqueue(NAME, {"n": 2}, at=at, unique_key="the one")
    assert first.code == second.code
    assert actions.run_due(at=at) == 1
    assert actions.enqueue(NAME, at=at, unique_key="the one").code != first.code


def test_a_key_asked_for_while_it_runs_runs_once_more(at: datetime) -> None:
    """What asked for it may have changed the world after the running job had read it."""
    actions.enqueue(NAME, {"ask_again": True}, at=at, unique_key="the one")
    job_of = actions.claim(by="me", at=at)
    assert job_of
    actions.run(job_of, at=at)
    assert Job.objects.get().state == JobState.QUEUED


def test_a_lease_that_ran_out_is_taken_over(at: datetime) -> None:
    """F21: the worker was killed; the job runs again, and the dead worker's end of it is not believed."""
    actions.enqueue(NAME, at=at)
    lost = actions.claim(by="killed", at=at)
    assert lost
    assert actions.claim(by="other", at=at + timedelta(minutes=1)) is None
    taken = actions.claim(by="other", at=at + timedelta(minutes=5))
    assert taken
    assert (taken.code, taken.attempts) == (lost.code, 2)
    assert not actions.extend_lease(lost, at=at + timedelta(minutes=5))
    assert actions.extend_lease(taken, at=at + timedelta(minutes=5))
    actions.run(lost, at=at + timedelta(minutes=5))
    assert Job.objects.get().state == JobState.RUNNING


def test_a_job_that_kills_its_worker_each_time_is_given_up(at: datetime) -> None:
    actions.enqueue(NAME, at=at)
    for n in range(3):
        assert actions.claim(by=f"worker {n}", at=at + n * timedelta(hours=1))
    assert actions.claim(by="worker 3", at=at + timedelta(hours=4)) is None
    assert Job.objects.get().state == JobState.DEAD


def test_a_renewed_lease_is_not_taken_over(at: datetime) -> None:
    actions.enqueue(NAME, at=at)
    mine = actions.claim(by="me", at=at)
    assert mine
    for n in range(1, 10):
        actions.extend_lease(mine, at=at + n * timedelta(minutes=1))
        assert actions.claim(by="other", at=at + n * timedelta(minutes=1)) is None


def test_once(at: datetime) -> None:
    assert actions.once("mail:7", at=at)
    assert not actions.once("mail:7", at=at)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert actions.once("mail:8", at=at)
        raise ZeroDivisionError
    assert actions.once("mail:8", at=at)


def test_the_age_of_the_queue(at: datetime) -> None:
    assert queries.queue_age(at) is None
    actions.enqueue(NAME, at=at)
    actions.enqueue(NAME, at=at, run_after=at + timedelta(hours=2))
    assert queries.queue_age(at + timedelta(minutes=7)) == timedelta(minutes=7)


def test_finished_jobs_are_cleared_away_after_some_days(at: datetime) -> None:
    actions.enqueue(NAME, at=at)
    actions.enqueue(NAME, {"never": True}, at=at)
    actions.enqueue(NAME, at=at, run_after=at + timedelta(days=365))
    actions.run_due(at=at)
    assert actions.clean_up(at=at + timedelta(days=6)) == 0
    assert actions.clean_up(at=at + timedelta(days=8)) == 1
    assert actions.clean_up(at=at + timedelta(days=91)) == 1
    assert Job.objects.get().state == JobState.QUEUED
