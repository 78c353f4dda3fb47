"""Machines never answer machines, loops end, strangers are no letter-box for others. DESK 3, TRUST S43, S44, A4, A5, A11."""

from datetime import datetime, timedelta

import pytest

from podpora.base.actors import system
from podpora.desk import actions
from podpora.desk.models import Ticket
from podpora.desk.values import State
from podpora.mail.models import IncomingMail, OutgoingMail
from podpora.mail.rules.acknowledging import MOST_TO_ALL, Answered, may_answer
from podpora.mail.rules.outgoing import message
from podpora.mail.values import IncomingState
from tests.make import desk, people
from tests.make.mailboxes import mailbox
from tests.make.posted import deliver, letters, raw_mail

pytestmark = pytest.mark.django_db
REPORT = b"""From: MAILER-DAEMON@mx.example
To: support@vendor.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=%(kind)s; boundary=B

--B
Content-Type: text/plain

It did not arrive.
--B
Content-Type: message/%(kind)s

%(facts)s
--B--
"""


@pytest.fixture(autouse=True)
def support() -> None:
    mailbox()


MACHINES = [
    ("Auto-Submitted", "auto-replied"), ("Auto-Submitted", "auto-generated (failure)"), ("Precedence", "bulk"), ("Precedence", "list"),
    ("List-Id", "<list.example>"), ("X-Auto-Response-Suppress", "All"), ("X-Autoreply", "yes"), ("X-Loop", "yes"), ("Return-Path", "<>"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), MACHINES, ids=[f"{name} {value}" for name, value in MACHINES])
def test_au_1_a_machine_gets_no_automatic_answer(name: str, value: str, at: datetime) -> None:
    """No acknowledgement, nothing that a rule writes, no question how it was; though its address is proven. A person may answer."""
    robot, technician, by = people.person("robot@elsewhere.example"), people.staff(), system("tests")
    actions.save_trigger(actions.RulePlan("Thanks", [{"do": "reply", "en": "We have it."}]), by=by, at=at)
    mail = deliver(f"{name}: {value}\n".encode() + raw_mail(sender=robot.email))
    ticket = Ticket.objects.filter(code=mail.ticket).first() or desk.ticket(people.person())
    desk.answer(ticket, technician, then=State.SOLVED, at=at)
    actions.ask_due(by=by, at=at + timedelta(hours=2))
    assert {letter.kind for letter in letters(robot.email)} <= {"ticket.answered"}


@pytest.mark.parametrize("sender", ["no-reply@slack.example", "mailer-daemon@x.example", "postmaster@x.example"])
def test_a4_what_nobody_reads_waits_for_a_technician(sender: str) -> None:
    mail = deliver(raw_mail("Your code is 1234", sender=sender))
    assert (mail.state, mail.reason) == (IncomingState.QUARANTINED, "mail.auto_mailer")
    assert not Ticket.objects.exists()


def test_an_absence_notice_without_a_ticket_waits(at: datetime) -> None:
    mail = deliver(raw_mail(subject="Out of office", auto_submitted="auto-replied"))
    assert (mail.state, mail.reason) == (IncomingState.QUARANTINED, "mail.auto_reply")


def test_a_mail_through_a_list_is_a_ticket_without_an_acknowledgement() -> None:
    mail = deliver(b"List-Id: <support.list>\nPrecedence: list\n" + raw_mail())
    assert mail.state == IncomingState.TICKETED
    assert not letters("jana@private.example")


def test_a_subject_alone_is_no_reason() -> None:
    assert deliver(raw_mail(subject="Out of Office does not work")).state == IncomingState.TICKETED
    assert len(letters("jana@private.example")) == 1


def test_au_3_our_own_mail_that_comes_back_is_set_aside(at: datetime) -> None:
    deliver(raw_mail())
    (receipt,) = letters("jana@private.example")
    back = deliver(message(receipt.letter(), mail_from="Podpora <podpora@vendor.example>", at=at))
    assert (back.state, back.reason) == (IncomingState.DROPPED, "mail.own_mail")
    assert Ticket.objects.count() == 1


def test_au_3_a_forged_id_of_ours_gets_nothing_dropped() -> None:
    mail = deliver(raw_mail(message_id=f"<T-1.M-AAAAAAAA.{'0' * 32}@vendor.example>"))
    assert mail.state == IncomingState.TICKETED


def test_a11_our_own_address_in_from() -> None:
    mail = deliver(raw_mail(sender="support@vendor.example"))
    assert mail.state == IncomingState.QUARANTINED
    assert not OutgoingMail.objects.exists()


def test_s43_a_vacation_responder_without_headers_gets_one_answer_a_day(at: datetime) -> None:
    """Each acknowledgement is answered; only the first is sent."""
    for n in range(30):
        deliver(raw_mail("I am away.", sender="away@elsewhere.example", message_id=f"<{n}@e>"), at=at + timedelta(minutes=n))
    assert len(letters("away@elsewhere.example")) == 1
    assert Ticket.objects.count() == 30
    deliver(raw_mail("Back.", sender="away@elsewhere.example", message_id="<b@e>"), at=at + timedelta(hours=25))
    assert len(letters("away@elsewhere.example")) == 2
    assert IncomingMail.objects.filter(reasons__0="mail.new", sender="away@elsewhere.example").count() == 31


@pytest.mark.parametrize(
    ("known", "proven", "may"),
    [
        (Answered(), False, True),
        (Answered(to_address_in_a_day=1), False, False),
        (Answered(to_address=9, to_address_in_a_day=9), True, True),
        (Answered(to_address=10, to_address_in_a_day=10), True, False),
        (Answered(to_address=2, same_subject=2), True, False),
        (Answered(to_domain=300), True, False),
        (Answered(to_all=MOST_TO_ALL), True, False),
    ],
)
def test_au_4_limits(known: Answered, proven: bool, may: bool) -> None:
    assert may_answer(known, is_proven=proven) is may


def test_s44_a5_no_text_of_a_stranger_goes_to_anybody(at: datetime) -> None:
    for n in range(20):
        raw = raw_mail(
            "BUY PILLS", sender=f"PILLS <victim{n}@elsewhere.example>", subject="PILLS", cc="c@e.example", message_id=f"<{n}@e>"
        )
        deliver(raw, at=at)
    sent = OutgoingMail.objects.exclude(to_address__endswith="vendor.example")
    assert sent.count() == 20
    assert not [mail for mail in sent if "PILLS" in mail.subject + mail.text + mail.html + mail.to_name]
    assert not letters("c@e.example")


def test_au_8_a_report_about_what_we_did_not_send() -> None:
    facts = b"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; jana@private.example\nAction: failed\nStatus: 5.1.1\n"
    mail = deliver(REPORT % {b"kind": b"delivery-status", b"facts": facts})
    assert (mail.state, mail.reason) == (IncomingState.QUARANTINED, "mail.backscatter")


@pytest.mark.parametrize(
    ("kind", "reason"), [(b"feedback-report", "mail.complaint"), (b"disposition-notification", "mail.read_receipt")]
)
def test_au_9_complaints_and_read_receipts_open_no_ticket(kind: bytes, reason: str) -> None:
    mail = deliver(REPORT % {b"kind": kind, b"facts": b"Feedback-Type: abuse\n"})
    assert (mail.state, mail.reason) == (IncomingState.DROPPED, reason)
    assert not Ticket.objects.exists()


def test_au_7_a_report_about_our_answer_is_noted_and_reopens_nothing(at: datetime) -> None:
    jana = people.person("jana@private.example")
    ticket = desk.ticket(jana, at=at)
    desk.answer(ticket, people.staff(), then=State.SOLVED, at=at)
    answer = letters("jana@private.example", "ticket.answered")[0]
    facts = b"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; jana@private.example\nAction: failed\nStatus: 5.1.1\n"
    quoted = f"\n--B\nContent-Type: text/rfc822-headers\n\nMessage-ID: {answer.message_id}\n".encode()
    mail = deliver(REPORT % {b"kind": b"delivery-status", b"facts": facts + quoted}, at=at)
    ticket.refresh_from_db()
    assert (mail.ticket, mail.reason, ticket.state) == (ticket.code, "mail.bounce", "solved")
    assert ticket.messages.filter(event="not_delivered").count() == 1
