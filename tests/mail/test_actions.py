"""Queueing and sending one mail, into the folder of the demo."""

import email
import email.policy
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from podpora.base.actors import system
from podpora.jobs.actions import run_due
from podpora.jobs.models import Job
from podpora.mail import actions
from podpora.mail.actions import sending
from podpora.mail.models import OutgoingMail
from podpora.mail.values import MailState
from tests.make.mail import letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    return tmp_path / "mail"


def read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def only_mail(folder: Path) -> EmailMessage:
    (path,) = folder.glob("*.eml")
    return read(path)


def test_the_vendors_name_may_have_accents(at: datetime, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending.vendor, "name", lambda: 'Poštolka "CZ", s.r.o.')
    actions.queue_mail(letter(), at=at)
    run_due(at=at)
    assert only_mail(folder)["From"].addresses[0].display_name == 'Poštolka "CZ", s.r.o.'


def test_a_letter_is_written_down_sent_and_marked(at: datetime, folder: Path) -> None:
    mail = actions.queue_mail(letter(sender_name="Tereza"), at=at)
    assert mail.state == MailState.QUEUED
    assert not folder.exists()
    run_due(at=at + timedelta(minutes=1))
    mail.refresh_from_db()
    assert (mail.state, mail.sent_at) == (MailState.SENT, at + timedelta(minutes=1))
    sent = only_mail(folder)
    assert sent["To"] == "Jana Nová <jana@private.example>"
    assert sent["From"] == "Tereza via Podpora <podpora@vendor.example>"
    assert sent["Subject"] == "Vaše licence"
    assert sent["Message-ID"] == mail.message_id
    assert sent["Auto-Submitted"] == "auto-generated"
    text, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert text and text.get_content().splitlines() == ["Dobrý den,", "", "zde je klíč."]
    assert html and html.get_content().strip() == "<p>Dobrý den</p>"


def test_a_letter_is_undone_with_its_transaction(at: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.queue_mail(letter(), at=at)
        raise ZeroDivisionError
    assert not OutgoingMail.objects.exists()
    assert not Job.objects.exists()


def test_a_letter_with_once_is_queued_once(at: datetime, folder: Path) -> None:
    first = actions.queue_mail(letter(once="order:A-1:paid"), at=at)
    second = actions.queue_mail(letter(once="order:A-1:paid", subject="Again"), at=at)
    assert first.code == second.code
    run_due(at=at)
    assert only_mail(folder)["Subject"] == "Vaše licence"
    third = actions.queue_mail(letter(once="order:A-1:paid"), at=at)
    assert third.state == MailState.SENT
    assert run_due(at=at) == 0


@pytest.mark.parametrize("bad", ["x\r\nBcc: evil@x.example", "x\nBcc: evil@x.example", "x\u2028Bcc: evil@x.example",
                                 "=?utf-8?q?x=0d=0aBcc:_evil=40x.example?=", "x" * 2000 + "\r\nBcc: evil@x.example"])  # fmt: skip
def test_no_header_can_be_slipped_in(bad: str, at: datetime, folder: Path) -> None:
    """S26, A13: one header, no further recipient, and the queue lives on."""
    forged = letter(
        subject=bad, to_name=bad, sender_name=bad, reply_to=bad, in_reply_to=bad, references=(bad,), headers={"X-Kind": bad}
    )
    actions.queue_mail(forged, at=at)
    run_due(at=at)
    sent = only_mail(folder)
    assert sent["Bcc"] is None
    assert [address.addr_spec for address in sent["To"].addresses] == ["jana@private.example"]
    assert len(sent.get_all("Subject", [])) == len(sent.get_all("From", [])) == 1
    assert sent["Reply-To"] is sent["In-Reply-To"] is sent["References"] is None


@pytest.mark.parametrize("bad", ["", "jana", "jana@", "@x.example", "a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example",
                                 "<a@x.example>", "a b@x.example", "ä@x.example", "a..b@x.example", "a@-x.example", "a@" + "x" * 400])  # fmt: skip
def test_a_letter_to_no_address_stops_neither_the_caller_nor_the_queue(bad: str, at: datetime, folder: Path) -> None:
    lost = actions.queue_mail(letter(to_address=bad), at=at)
    good = actions.queue_mail(letter(), at=at)
    run_due(at=at)
    lost.refresh_from_db()
    good.refresh_from_db()
    assert (lost.state, good.state) == (MailState.FAILED, MailState.SENT)


def test_an_international_domain_is_written_the_way_of_smtp(at: datetime, folder: Path) -> None:
    actions.queue_mail(letter(to_address="jana@příklad.example"), at=at)
    run_due(at=at)
    assert only_mail(folder)["To"].addresses[0].addr_spec == "jana@xn--pklad-zsa96e.example"


def test_the_headers_of_a_conversation(at: datetime, folder: Path) -> None:
    references = tuple(f"<ticket-1.{n}.{'abcdef0123456789' * 5}@vendor.example>" for n in range(40))
    mail = letter(
        message_id="<ticket-1.41@vendor.example>",
        in_reply_to=references[-1],
        references=references,
        reply_to="support+x@vendor.example",
    )
    actions.queue_mail(mail, at=at)
    run_due(at=at)
    sent = only_mail(folder)
    assert sent["Message-ID"] == "<ticket-1.41@vendor.example>"
    assert sent["In-Reply-To"] == references[-1]
    assert sent["Reply-To"] == "support+x@vendor.example"
    assert sent["References"].split() == [references[0], *references[-20:]]
    (path,) = folder.glob("*.eml")
    assert max(map(len, path.read_bytes().split(b"\r\n"))) <= 200


def test_a_mail_that_a_person_wrote_is_not_marked_as_automatic(at: datetime, folder: Path) -> None:
    actions.queue_mail(letter(automatic=False), at=at)
    run_due(at=at)
    assert only_mail(folder)["Auto-Submitted"] is None


def test_without_a_server_mail_waits_and_is_given_up_after_two_days(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", False)
    mail = actions.queue_mail(letter(), at=at)
    for hour in range(0, 48):
        run_due(at=at + timedelta(hours=hour))
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.QUEUED, "PODPORA_SMTP_URL is not set.")
    run_due(at=at + timedelta(hours=48, minutes=10))
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED
    monkeypatch.setattr(settings, "DEMO", True)
    actions.send_again(mail, by=system("tests"), at=at + timedelta(hours=50))
    run_due(at=at + timedelta(hours=50))
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_texts_of_old_mail_are_forgotten_and_codes_sooner(at: datetime) -> None:
    code = actions.queue_mail(letter(kind="account.code"), at=at)
    key = actions.queue_mail(letter(kind="order.paid"), at=at)
    run_due(at=at)
    assert actions.forget_texts(at=at + timedelta(hours=23)) == 0
    assert actions.forget_texts(at=at + timedelta(hours=25)) == 1
    code.refresh_from_db()
    key.refresh_from_db()
    assert (code.text, code.html) == ("", "")
    assert key.text
    assert actions.forget_texts(at=at + timedelta(days=61)) == 1
    assert actions.forget_texts(at=at + timedelta(days=61)) == 0
