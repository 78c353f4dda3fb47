"""The page of background jobs."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from podpora.audit.models import Entry
from podpora.base import clock
from podpora.jobs import actions
from podpora.jobs.models import Job
from podpora.jobs.values import JobState
from podpora.people.values import StaffRole
from tests.make import people
from tests.make.browsing import signed_in

pytestmark = pytest.mark.django_db
NAME = "podpora.jobs.jobs.run_task"


@pytest.fixture
def client() -> Client:
    return signed_in(people.manager())


@pytest.fixture
def dead(client: Client, at: datetime) -> Job:
    Job.objects.all().delete()
    job = actions.enqueue(NAME, {"task": "podpora.jobs.jobs.clean_up"}, at=at)
    actions.run_due(at=at)
    return job


def test_only_who_may_see_jobs_sees_them(dead: Job) -> None:
    technician = signed_in(people.staff(StaffRole.TECHNICIAN))
    for path in ("/office/jobs/", f"/office/jobs/{dead.code}/"):
        assert technician.get(path).status_code == 404
        assert signed_in(people.person()).get(path).status_code == 404
        assert signed_in().get(path).status_code == 302
    assert technician.post(f"/office/jobs/{dead.code}/retry/").status_code == 404
    assert Job.objects.get(pk=dead.pk).state == JobState.DEAD


def test_a_job_that_was_given_up_is_shown_with_its_error_and_tried_again(client: Client, dead: Job) -> None:
    assert dead.code in client.get("/office/jobs/?state=dead").content.decode()
    assert "is not a task" in client.get(f"/office/jobs/{dead.code}/").content.decode()
    assert client.get(f"/office/jobs/{dead.code}/retry/").status_code == 405
    page = client.post(f"/office/jobs/{dead.code}/retry/", follow=True).content.decode()
    assert "The job will be tried again." in page
    assert Job.objects.get(pk=dead.pk).state == JobState.QUEUED
    assert Entry.objects.filter(verb="job.retried", subject=f"job:{dead.code}").count() == 1
    again = client.post(f"/office/jobs/{dead.code}/retry/", follow=True).content.decode()
    assert "was not given up" in again
    assert Entry.objects.filter(verb="job.retried").count() == 1


@pytest.mark.parametrize("query", ["", "?state=nonsense", "?page=x", "?page=99", "?q=%00", "?state=done&q=%25"])
def test_the_list_takes_any_question(client: Client, dead: Job, query: str) -> None:
    assert client.get(f"/office/jobs/{query}").status_code == 200


def test_no_such_job(client: Client) -> None:
    assert client.get("/office/jobs/J-NONE/").status_code == 404


def test_without_a_worker_the_page_says_so(client: Client) -> None:
    assert "podpora worker" in client.get("/office/jobs/").content.decode()
    actions.say_seen("here", at=clock.now())
    assert "podpora worker" not in client.get("/office/jobs/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries(client: Client, at: datetime, count: int, django_assert_num_queries: Any, settings: Any) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    for _ in range(count):
        actions.enqueue(NAME, {}, at=at)
    client.get("/office/jobs/")
    with django_assert_num_queries(8):  # session, person, count, jobs, states, workers, schedules, age
        client.get("/office/jobs/")
