"""Sending through a real SMTP conversation: what each answer of the other side leads to (F11, F12)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from podpora.jobs.actions import run_due
from podpora.mail import actions, queries
from podpora.mail.models import OutgoingMail
from podpora.mail.values import MailState
from tests.make.mail import letter
from tests.make.smtp import Sink, smtp_sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with smtp_sink() as server:
        monkeypatch.setattr(settings, "SMTP_URL", server.url)
        yield server


def send(at: datetime, **parts: Any) -> OutgoingMail:
    mail = actions.queue_mail(letter(**parts), at=at)
    run_due(at=at)
    mail.refresh_from_db()
    return mail


def test_a_mail_arrives(at: datetime, sink: Sink) -> None:
    mail = send(at)
    assert mail.state == MailState.SENT
    assert sink.recipients == ["jana@private.example"]
    (raw,) = sink.messages
    assert f"Message-ID: {mail.message_id}".encode() in raw
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_a_line_that_is_a_dot_arrives(at: datetime, sink: Sink) -> None:
    send(at, text="one\n.\n..two\n", html="")
    assert b"one\r\n.\r\n..two" in sink.messages[0]


@pytest.mark.parametrize("answer", ["550 no such user", "554 5.7.1 refused"])
def test_a_permanent_answer_fails_the_mail_at_once(answer: str, at: datetime, sink: Sink) -> None:
    sink.answer_to = lambda address: answer
    mail = send(at)
    assert (mail.state, mail.last_error) == (MailState.FAILED, answer)
    run_due(at=at + timedelta(hours=1))
    assert len(sink.recipients) == 1


def test_a_temporary_answer_is_tried_again_for_two_days(at: datetime, sink: Sink) -> None:
    sink.answer_to = lambda address: "451 greylisted"
    mail = send(at)
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.QUEUED, 1, "451 greylisted")
    assert not queries.is_stuck(at=at)
    assert queries.is_stuck(at=at + timedelta(minutes=6))
    sink.answer_to = lambda address: "250 ok"
    run_due(at=at + timedelta(minutes=15))
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_temporary_answer_for_longer_than_two_days_fails_the_mail(at: datetime, sink: Sink) -> None:
    sink.answer_to = lambda address: "451 greylisted"
    mail = send(at)
    run_due(at=at + timedelta(hours=48))
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED


def test_a_line_cut_before_the_answer_gives_a_copy_of_the_same_mail(at: datetime, sink: Sink) -> None:
    """F12: at most one copy per cut, the same to the byte."""
    seen: list[bytes] = []

    def cut_once(raw: bytes) -> str | None:
        seen.append(raw)
        return None if len(seen) == 1 else "250 ok"

    sink.answer_data = cut_once
    mail = send(at)
    assert mail.state == MailState.QUEUED
    run_due(at=at + timedelta(minutes=1))
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_a_server_that_is_away_delays_all_and_loses_none(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """F11: within 15 minutes after its return everything is sent."""
    monkeypatch.setattr(settings, "SMTP_URL", "smtp://127.0.0.1:9")
    for n in range(5):
        actions.queue_mail(letter(to_address=f"p{n}@x.example"), at=at)
    for minute in range(0, 60, 1):
        run_due(at=at + timedelta(minutes=minute))
    assert OutgoingMail.objects.filter(state=MailState.QUEUED).count() == 5
    with smtp_sink() as server:
        monkeypatch.setattr(settings, "SMTP_URL", server.url)
        for minute in range(60, 75):
            run_due(at=at + timedelta(minutes=minute))
        assert sorted(server.recipients) == [f"p{n}@x.example" for n in range(5)]


def test_one_refused_address_does_not_hold_the_others(at: datetime, sink: Sink) -> None:
    sink.answer_to = lambda address: "550 no" if address.startswith("bad") else "250 ok"
    for n in range(3):
        actions.queue_mail(letter(to_address=f"{'bad' if n == 0 else 'good'}{n}@x.example"), at=at)
    run_due(at=at)
    states = dict(OutgoingMail.objects.values_list("to_address", "state"))
    assert states == {"bad0@x.example": "failed", "good1@x.example": "sent", "good2@x.example": "sent"}
