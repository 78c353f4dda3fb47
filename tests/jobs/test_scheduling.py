"""Periodic jobs with one scheduler and handed-in time; the bridge for django-tasks; the commands."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from podpora.base import clock
from podpora.config.command import main
from podpora.jobs import actions, values
from podpora.jobs.models import Job, Schedule
from podpora.jobs.values import JobState, periodic

pytestmark = pytest.mark.django_db
ran: list[Any] = []


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    values.periodic_jobs()
    monkeypatch.setattr(values, "_register", {name: entry for name, entry in values._register.items() if not entry.every})


def beat(every: timedelta) -> None:
    @periodic(every=every)
    def hourly(payload: dict[str, Any], *, at: datetime) -> None:
        ran.append(at)


@task
def add(a: int, b: int) -> None:
    ran.append(a + b)


def test_a_periodic_job_runs_on_its_beat(at: datetime) -> None:
    beat(timedelta(hours=1))
    for minutes in range(0, 181, 10):
        actions.enqueue_periodic(at=at + timedelta(minutes=minutes))
        actions.run_due(at=at + timedelta(minutes=minutes))
    assert ran == [at + timedelta(hours=n) for n in range(4)]


def test_a_periodic_job_that_still_waits_is_not_queued_twice(at: datetime) -> None:
    beat(timedelta(hours=1))
    for hours in range(3):
        actions.enqueue_periodic(at=at + timedelta(hours=hours))
    assert Job.objects.count() == 1


def test_a_changed_beat_is_taken_over_and_work_that_is_gone_leaves(at: datetime) -> None:
    beat(timedelta(hours=1))
    actions.enqueue_periodic(at=at)
    beat(timedelta(hours=2))
    actions.enqueue_periodic(at=at)
    assert Schedule.objects.get().every_seconds == 7200
    values._register.clear()
    actions.enqueue_periodic(at=at)
    assert not Schedule.objects.exists()


def test_a_task_of_django_is_a_job() -> None:
    result = add.enqueue(1, b=2)
    assert result.status == TaskResultStatus.READY
    actions.run_due(at=clock.now())
    result.refresh()
    assert result.status == TaskResultStatus.SUCCESSFUL
    assert ran == [3]
    with pytest.raises(TaskResultDoesNotExist):
        add.get_result("J-NONE")


def test_a_task_of_django_can_wait() -> None:
    add.using(run_after=clock.now() + timedelta(hours=1)).enqueue(1, 2)
    assert actions.run_due(at=clock.now()) == 0
    assert actions.run_due(at=clock.now() + timedelta(hours=2)) == 1


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


def test_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    code = actions.enqueue("podpora.jobs.jobs.run_task", {"task": "podpora.jobs.jobs.clean_up"}, at=clock.now()).code
    assert command("worker", "--once") == 0
    assert capsys.readouterr().out == "podpora: 1 job ran.\n"
    assert command("jobs", "list") == 0
    out = capsys.readouterr().out
    assert "dead: 1" in out
    assert code in out
    assert command("jobs", "dead") == 0
    assert "is not a task" in capsys.readouterr().out
    assert command("jobs", "retry", code) == 0
    assert Job.objects.get().state == JobState.QUEUED
    assert command("jobs", "retry", code) == 1
    assert "not given up" in capsys.readouterr().err
    assert command("jobs", "retry") == 1
    assert command("jobs", "retry", "J-NONE") == 1
    assert command("jobs", "retry", "--all") == 0
    assert command("jobs", "nonsense") == 2
    assert command("worker", "--threads", "0") == 2
