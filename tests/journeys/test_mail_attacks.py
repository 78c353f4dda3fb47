"""Attacks and machines by mail that are not told elsewhere: TRUST.md S39-S52, DESK.md TH-2, AU-6, AU-10, and SC-4."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from podpora.base.decisions import Reason
from podpora.base.reasons import sentence
from podpora.desk.models import Link, Ticket
from podpora.desk.values import Side
from podpora.mail.models import IncomingMail
from podpora.mail.values import SOURCE_LABELS, IncomingState
from podpora.people.models import Person
from tests.make import desk, people
from tests.make.mailboxes import mailbox
from tests.make.posted import deliver, letters, raw_mail

pytestmark = pytest.mark.django_db
JANA = "jana@private.example"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def support() -> None:
    mailbox()


@pytest.fixture
def jana() -> Person:
    return people.person(JANA, name="Jana Nová")


def dsn(about: str, to: str) -> bytes:
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx\r\nTo: {to}\r\nSubject: Undelivered\r\nMessage-ID: <d@mx>\r\n"
        'Content-Type: multipart/report; boundary="b"\r\n\r\n'
        "--b\r\n\r\nno\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {JANA}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {about}\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def test_th2_a_bounce_is_matched_by_the_mail_within_before_anything_else(jana: Person, at: datetime) -> None:
    first, second = desk.ticket(jana, at=at), desk.ticket(jana, at=at, subject="Another one")
    for ticket in (first, second):
        desk.answer(ticket, people.staff(), at=at)
    answers = [one for one in letters(JANA) if one.kind == "ticket.answered"]
    came = deliver(
        dsn(answers[0].message_id, answers[1].reply_to), to=answers[1].reply_to, at=at + HOUR
    )  # sent to the token of the second
    assert (came.reason, came.ticket) == ("mail.bounce", first.code)
    assert second.messages.filter(event="not_delivered").count() == 0


MACHINES: dict[str, dict[str, Any]] = {
    "freescout": {"x_autoreply": "YES", "auto_submitted": "auto-replied", "precedence": "auto_reply"},
    "zammad": {"auto_submitted": "auto-generated", "precedence": "bulk", "x_auto_response_suppress": "All"},
    "otrs": {"precedence": "bulk", "auto_submitted": "auto-generated", "x_powered_by": "OTRS"},
    "request tracker": {"precedence": "bulk", "auto_submitted": "auto-generated", "rt_originator": "x"},
    "osticket": {"auto_submitted": "auto-replied", "x_autoreply": "yes", "x_auto_response_suppress": "DR, RN, OOF, AutoReply"},
    "exchange": {"x_auto_response_suppress": "All", "auto_submitted": "auto-generated"},
    "vacation": {"auto_submitted": "auto-replied (vacation)"},
    "gmail": {"auto_submitted": "auto-replied", "precedence": "bulk", "x_autoreply": "yes"},
}


@pytest.mark.parametrize("machine", [*MACHINES, "one that says nothing of itself"])
def test_au6_another_desk_that_answers_each_mail_is_answered_at_most_once(machine: str, at: datetime) -> None:
    """It answers by itself to whatever we send; its first mail is the forged or real beginning. Ours never goes on."""
    headers = MACHINES.get(machine, {})
    deliver(raw_mail(sender="helpdesk@other.example", message_id="<0@other.example>", **headers), at=at)
    for turn in range(1, 12):
        sent = letters("helpdesk@other.example")
        if len(sent) < turn:
            break
        ours = sent[-1]
        answer = raw_mail(
            f"We got your mail. Your number is {turn}.", sender="helpdesk@other.example", to=ours.reply_to or "support@vendor.example",
            subject=f"[#{turn}] Re: {ours.subject}", message_id=f"<{turn}@other.example>", in_reply_to=ours.message_id, **headers,
        )  # fmt: skip
        deliver(answer, to=ours.reply_to or "support@vendor.example", at=at + turn * HOUR)
    assert len(letters("helpdesk@other.example")) == (0 if headers else 1)


def test_au10_every_mail_has_its_reasons_and_each_a_sentence(jana: Person, at: datetime) -> None:
    raws = [
        raw_mail(), raw_mail("away", message_id="<2@x>", auto_submitted="auto-replied"), raw_mail(sender="Nobody", message_id="<3@x>"),
        raw_mail(sender="noreply@shop.example", message_id="<4@x>"), b"only a text", dsn("<foreign@x>", "support@vendor.example"),
    ]  # fmt: skip
    for raw in raws:
        deliver(raw, at=at)
    for mail in IncomingMail.objects.all():
        assert mail.reasons and mail.reason == mail.reasons[0], mail.code
        assert all(sentence(Reason(code)) != code for code in mail.reasons)
    assert all(SOURCE_LABELS.values())


def test_s51_a_sender_fills_no_disk(jana: Person, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many files of a mail become files of a ticket; so many bytes of a sender are taken in a day: the rest waits for a person."""
    many = deliver(raw_mail(files=tuple((f"{n}.txt", b"x") for n in range(40))), at=at)
    ticket = Ticket.objects.get(code=many.ticket)
    assert sum(message.attachments.count() for message in ticket.messages.all()) == 30 and "mail.files_left_out" in many.reasons
    monkeypatch.setattr("podpora.mail.queries.answering.MOST_IN_A_DAY", 20_000)
    assert deliver(raw_mail("x" * 15_000, message_id="<2@x>"), at=at + HOUR).state == IncomingState.TICKETED
    held = deliver(raw_mail("y", message_id="<3@x>"), at=at + 2 * HOUR)
    assert (held.state, held.reason) == (IncomingState.QUARANTINED, "mail.flood")
    assert deliver(raw_mail("z", sender="petr@x.example", message_id="<4@x>"), at=at + 2 * HOUR).state == IncomingState.TICKETED
    assert deliver(raw_mail("a", message_id="<5@x>"), at=at + 30 * HOUR).state == IncomingState.TICKETED


def test_sc4_an_unknown_address_that_names_a_ticket_changes_nothing_of_it(jana: Person, at: datetime) -> None:
    named = desk.ticket(jana, at=at, text="My secret is Zanzibar.")
    before = named.messages.count()
    mail = deliver(
        raw_mail(sender="stranger@x.example", subject=f"Re: [{named.code}] The calendar stops", message_id="<9@x>"), at=at
    )
    new = Ticket.objects.get(code=mail.ticket)
    named.refresh_from_db()
    assert new.pk != named.pk and Link.objects.filter(ticket=new, other=named).exists() and named.messages.count() == before
    assert new.messages.filter(side=Side.CUSTOMER).exists() and new.is_private
    for letter in letters("stranger@x.example"):
        assert "Zanzibar" not in letter.text and named.code not in letter.text
