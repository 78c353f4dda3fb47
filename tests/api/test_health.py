"""/healthz, /readyz and /metrics."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from podpora.api import readiness
from podpora.base.actors import Actor
from podpora.jobs.models import Job, Worker
from podpora.people.actions import create_token
from podpora.people.values import StaffRole
from tests.make import people

FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    monkeypatch.setattr("podpora.base.clock.now", lambda: at)
    return at


@pytest.fixture
def worker(now: datetime) -> Worker:
    return Worker.objects.create(name="w1", started_at=now, seen_at=now)


def test_healthz_asks_nothing(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_all_is_there(client: Client, worker: Worker) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "problems": [], "warnings": []})


@pytest.mark.django_db
@pytest.mark.parametrize(("silence", "codes"), [(59, []), (60, ["worker"]), (3600, ["worker"])])
def test_a_worker_must_have_been_seen(client: Client, worker: Worker, now: datetime, silence: int, codes: list[str]) -> None:
    Worker.objects.update(seen_at=now - timedelta(seconds=silence))
    response = client.get("/readyz")
    assert [problem["code"] for problem in response.json()["problems"]] == codes
    assert response.status_code == (503 if codes else 200)


@pytest.mark.django_db
def test_no_worker_at_all(client: Client, now: datetime) -> None:
    assert [problem["code"] for problem in client.get("/readyz").json()["problems"]] == ["worker"]


@pytest.mark.django_db
def test_an_old_queue_is_said(client: Client, worker: Worker, now: datetime) -> None:
    Job.objects.create(name="x", run_after=now - timedelta(minutes=6), enqueued_at=now)
    assert [problem["code"] for problem in client.get("/readyz").json()["problems"]] == ["queue"]


@pytest.mark.django_db
def test_a_database_that_is_away_is_said(client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(at: datetime) -> str:
        raise OperationalError("away")

    monkeypatch.setattr(readiness, "QUESTIONS", [away])
    monkeypatch.setattr(readiness.connection, "close", lambda: None)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert [problem["code"] for problem in response.json()["problems"]] == ["database"]


@pytest.mark.django_db
def test_a_full_disk_is_said(client: Client, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FREE_BYTES", 10**18)
    assert [problem["code"] for problem in client.get("/readyz").json()["problems"]] == ["disk"]


@pytest.mark.django_db
def test_metrics_for_this_machine(client: Client, worker: Worker) -> None:
    page = client.get("/metrics").content.decode()
    assert 'podpora_jobs{state="queued"} 0.0' in page
    assert "podpora_worker_silence_seconds 0.0" in page


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [FAR, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, {"HTTP_FORWARDED": "for=203.0.113.9"}])
def test_metrics_are_not_there_for_strangers(client: Client, now: datetime, headers: dict[str, str]) -> None:
    assert client.get("/metrics", **headers).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("scope", "status"), [("metrics", 200), ("all", 200), ("orders", 404)])
def test_metrics_with_a_token(client: Client, now: datetime, by: Actor, scope: str, status: int) -> None:
    secret = create_token("scraper", [scope], by=by, at=now)
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {secret}", **FAR).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [(StaffRole.NONE, 404), (StaffRole.TECHNICIAN, 404), (StaffRole.MANAGER, 200)])
def test_s16_a_customers_token_does_not_count_the_whole_house(
    client: Client, now: datetime, by: Actor, role: StaffRole, status: int
) -> None:
    """Anybody may make a token with every scope for himself; what it sees is still his alone."""
    person = people.staff(role) if role else people.person()
    secret = create_token("mine", ["all"], person, by=by, at=now)
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {secret}", **FAR).status_code == status
