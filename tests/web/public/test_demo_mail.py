"""The mail of the demo, and that it does not exist elsewhere."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from podpora.jobs.actions import run_due
from podpora.mail.actions import queue_mail
from podpora.mail.models import OutgoingMail
from tests.make.mail import letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


@pytest.fixture
def mail(at: datetime) -> OutgoingMail:
    evil = "<html><head></head><body><script>alert(1)</script><a href='https://x.example/'>x</a></body></html>"
    sent = queue_mail(letter(subject="<b>Key</b>", text="See http://127.0.0.1:8000/licences/ <script>", html=evil), at=at)
    run_due(at=at)
    return sent


def test_newest_first_and_by_address(client: Client, at: datetime) -> None:
    codes = [queue_mail(letter(to_address=f"p{n}@x.example"), at=at).code for n in range(3)]
    shown = [line[0].code for line in client.get("/demo/mail/").context["lines"]]
    assert shown == codes[::-1]
    found = [line[0].code for line in client.get("/demo/mail/?to=P1%40X").context["lines"]]
    assert found == codes[1:2]
    assert client.get("/demo/mail/?to=nobody&page=9").status_code == 200


def test_the_text_is_shown_with_links_and_nothing_runs(client: Client, mail: OutgoingMail) -> None:
    response = client.get(f"/demo/mail/{mail.code}/")
    page = response.content.decode()
    assert '<a href="http://127.0.0.1:8000/licences/">' in page
    assert "&lt;script&gt;" in page
    assert "<b>Key</b>" not in page
    assert "alert(1)" not in page
    policy = response["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_the_html_is_shown_in_a_frame_in_which_nothing_runs(client: Client, mail: OutgoingMail) -> None:
    response = client.get(f"/demo/mail/{mail.code}/letter/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_outside_the_demo_there_is_no_such_page(client: Client, mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", False)
    for path in ("/demo/mail/", f"/demo/mail/{mail.code}/", f"/demo/mail/{mail.code}/letter/"):
        assert client.get(path).status_code == 404


def test_no_such_mail(client: Client) -> None:
    assert client.get("/demo/mail/M-NONE/").status_code == 404
    assert client.get("/demo/mail/M-NONE/letter/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries(client: Client, at: datetime, count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        queue_mail(letter(), at=at)
    with django_assert_num_queries(2):
        client.get("/demo/mail/")
