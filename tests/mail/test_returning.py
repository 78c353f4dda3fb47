"""Mail that comes back: tied to what we sent by a sealed return address, and to nothing else (AU-2, AU-7, AU-8, A12, A13)."""

from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

import pytest

from podpora.audit.models import Entry
from podpora.base.actors import system
from podpora.journeys import mailroom
from podpora.mail import actions, queries, rules
from podpora.mail.models import AddressState, IncomingMail, OutgoingMail
from podpora.mail.rules.bounces import Bounce
from podpora.mail.values import MailState
from tests.make.mail import letter
from tests.make.mailboxes import mailbox
from tests.make.smtp import Sink, smtp_sink

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BY = system("tests")


def queued(to: str = "jana@private.example", **more: Any) -> OutgoingMail:
    return actions.queue_mail(letter(to_address=to, **more), at=AT)


def sent(mail: OutgoingMail, settings: Any, sink: Sink | None = None) -> Sink:
    with smtp_sink(sink) as server:
        settings.SMTP_URL = server.url
        actions.send_mail(mail.code, at=AT)
    mail.refresh_from_db()
    return server


def report(
    to: str, *, recipient: str = "jana@private.example", status: str = "5.1.1", action: str = "failed", message_id: str = ""
) -> bytes:
    """What a mail server writes when it can't deliver (RFC 3464)."""
    original = f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n" if message_id else ""
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.private.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <{status}.{action}.{abs(hash((to, message_id)))}@mx>\r\nAuto-Submitted: auto-replied\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.private.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n{original}--b--\r\n"
    ).encode()


def comes(raw: bytes, *to: str) -> IncomingMail:
    (kept,) = actions.receive(raw, source="smtp", envelope_from="", recipients=to, at=AT)
    mailroom.process(kept.code, at=AT)
    return IncomingMail.objects.get(code=kept.code)


# The return address.


def test_every_mail_has_a_return_address_of_its_own(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Vendor <support@vendor.example>"
    first, second = queued(), queued()
    sink = sent(second, settings, sent(first, settings))
    assert [queries.bounced_code(one) for one in sink.senders] == [first.code, second.code]
    assert all(
        one.startswith("support+bounce.m-") and one.endswith("@vendor.example") and len(one.partition("@")[0]) <= 64
        for one in sink.senders
    )
    assert message_from_bytes(sink.messages[0])["From"] == "Vendor <support@vendor.example>" or "support@vendor.example" in str(
        message_from_bytes(sink.messages[0])["From"]
    )


def test_the_operator_may_name_an_address_for_it(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounce@vendor.example"
    path = queries.return_path("M-23456789AB")
    assert path.startswith("bounce+m-23456789ab.") and queries.bounced_code(path.upper()) == "M-23456789AB"


@pytest.mark.parametrize(
    "change",
    [lambda p: p.replace("m-2", "m-3"), lambda p: p[:30] + ("0" if p[30] != "0" else "1") + p[31:], lambda p: "x@y", lambda p: ""],
)
def test_a12_nobody_else_makes_one(settings: Any, change: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounce@vendor.example"
    assert queries.bounced_code(change(queries.return_path("M-23456789AB"))) == ""


def test_of_a_long_address_the_plain_one_is_used(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = f"{'x' * 40}@vendor.example"
    assert queries.return_path("M-23456789AB") == f"{'x' * 40}@vendor.example"


# AU-2: what our own machines write.


def headers_of(**more: Any) -> Any:
    made = letter(**({"message_id": "<a@vendor.example>"} | more))
    return message_from_bytes(rules.message(made, mail_from="Vendor <support@vendor.example>", at=AT))


def test_au2_automatic_mail_says_so() -> None:
    first, answer = headers_of(), headers_of(in_reply_to="<q@private.example>")
    assert (first["Auto-Submitted"], first["X-Auto-Response-Suppress"], first["Precedence"]) == ("auto-generated", "All", None)
    assert (answer["Auto-Submitted"], answer["X-Auto-Response-Suppress"], answer["Precedence"]) == ("auto-replied", "All", "bulk")
    assert headers_of(in_reply_to="<q@private.example>", headers={"Precedence": "list"}).get_all("Precedence") == ["list"]
    written = headers_of(automatic=False, in_reply_to="<q@private.example>")
    assert written["Auto-Submitted"] is None and written["Precedence"] is None


@pytest.mark.parametrize(
    "bad", ["x\r\nBcc: evil@x.example", "x\nBcc: evil@x.example", "=?utf-8?q?x=0D=0ABcc:_evil@x.example?=", "x\x00\x0bBcc: e"]
)
def test_a13_no_header_is_smuggled_and_the_queue_goes_on(settings: Any, bad: str) -> None:
    hostile = queued(
        subject=bad, to_name=bad, sender_name=bad, reply_to=bad, in_reply_to=bad, references=(bad,), headers={"X-A": bad, bad: "x"}
    )
    after = queued()
    sink = sent(after, settings, sent(hostile, settings))
    assert len(sink.messages) == 2 and sink.recipients == ["jana@private.example"] * 2
    for raw in sink.messages:
        assert message_from_bytes(raw)["Bcc"] is None
    assert after.state == MailState.SENT


# Reports.


def test_au7_nobody_there_marks_the_mail_and_the_address(settings: Any) -> None:
    mailbox("podpora@vendor.example")
    mail = queued()
    path = sent(mail, settings).senders[0]
    kept = comes(report(path), path)
    mail.refresh_from_db()
    assert kept.state == "dropped" and kept.reason == "mail.bounce"
    assert mail.state == MailState.BOUNCED and mail.last_error == f"5.1.1 ({kept.code})"
    state = AddressState.objects.get()
    assert (state.address, state.status, state.mail, state.undeliverable_since) == ("jana@private.example", "5.1.1", kept.code, AT)
    assert Entry.objects.filter(verb="mail.undeliverable").count() == 1
    assert list(queries.undeliverable(["Jana@Private.example", "x@y.example"])) == ["jana@private.example"]


def test_the_return_address_is_proof_also_without_the_original_and_by_its_header(settings: Any) -> None:
    mailbox("podpora@vendor.example")
    mail = queued()
    path = sent(mail, settings).senders[0]
    comes(report(path, recipient="forwarded@elsewhere.example"), "podpora@vendor.example")  # fetched: only the header names it
    mail.refresh_from_db()
    assert mail.state == MailState.BOUNCED and AddressState.objects.get().address == "jana@private.example"


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.3.4"])
def test_a_full_mailbox_is_no_wrong_address(settings: Any, status: str) -> None:
    mailbox("podpora@vendor.example")
    mail = queued()
    path = sent(mail, settings).senders[0]
    comes(report(path, status=status), path)
    mail.refresh_from_db()
    assert mail.state == MailState.BOUNCED and not AddressState.objects.exists()


def test_au7_a_delay_changes_nothing(settings: Any) -> None:
    mailbox("podpora@vendor.example")
    mail = queued()
    path = sent(mail, settings).senders[0]
    kept = comes(report(path, status="4.4.1", action="delayed"), path)
    mail.refresh_from_db()
    assert mail.state == MailState.SENT and mail.last_error.startswith("4.4.1") and kept.reason == "mail.delayed"
    assert not AddressState.objects.exists()


def test_au8_a12_a_forged_report_disables_nobody(settings: Any) -> None:
    mailbox("podpora@vendor.example")
    mine, other = (
        queued("jana@private.example", message_id="<shared.0001@vendor.example>"),
        queued("petr@lapsed.example", message_id="<shared.0001@vendor.example>"),
    )
    for mail in (mine, other):
        sent(mail, settings)
    forged = [
        report("podpora@vendor.example"),  # guessed
        report("podpora@vendor.example", message_id="<shared.0001@vendor.example>"),  # by somebody who got a copy of the same mail
        report("podpora+bounce.m-23456789ab.00000000000000000000@vendor.example", message_id="<x@y.example>"),
    ]
    for raw in forged:
        kept = comes(raw, "podpora@vendor.example")
        assert kept.state in ("quarantined", "dropped")
    for mail in (mine, other):
        mail.refresh_from_db()
        assert mail.state == MailState.SENT
    assert not AddressState.objects.exists()


def test_a_mail_that_went_to_one_alone_is_known_by_its_id(settings: Any) -> None:
    mailbox("podpora@vendor.example")
    mail = queued()
    sent(mail, settings)
    comes(report("podpora@vendor.example", message_id=mail.message_id, recipient="petr@lapsed.example"), "podpora@vendor.example")
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    comes(report("podpora@vendor.example", message_id=mail.message_id), "podpora@vendor.example")
    mail.refresh_from_db()
    assert mail.state == MailState.BOUNCED


# What an undeliverable address means.


def marked(address: str = "jana@private.example") -> None:
    actions.note_return([queries.return_path(queued(address).code)], Bounce(address, "5.1.1"), mail="ML-1", at=AT)


def test_au7_no_automatic_mail_goes_there_but_what_people_write_and_ask_for(settings: Any) -> None:
    marked()
    automatic, written, code = (
        queued(kind="order.paid"),
        queued(automatic=False, kind="ticket.answered"),
        queued(kind="account.reset"),
    )
    other = queued("petr@lapsed.example")
    sink = Sink()
    for mail in (automatic, written, code, other):
        sent(mail, settings, sink)
    assert [mail.state for mail in (automatic, written, code, other)] == ["failed", "sent", "sent", "sent"]
    assert "came back" in automatic.last_error and len(sink.messages) == 3


def test_sent_again_by_a_person_it_counts_as_good(settings: Any) -> None:
    marked()
    mail = queued()
    sent(mail, settings)
    assert mail.state == MailState.FAILED
    actions.send_again(mail, by=BY, at=AT)
    assert sent(mail, settings).recipients == ["jana@private.example"] and mail.state == MailState.SENT
    assert not AddressState.objects.exists()


def test_a_mail_that_came_back_can_be_sent_again() -> None:
    marked()
    mail = OutgoingMail.objects.get()
    assert actions.send_again(mail, by=BY, at=AT).state == MailState.QUEUED


def test_trusting_an_address_again_is_recorded() -> None:
    marked("Jana@private.example")
    assert actions.trust_address("jana@PRIVATE.example", by=BY, at=AT) and not actions.trust_address(
        "jana@private.example", by=BY, at=AT
    )
    assert Entry.objects.filter(verb="mail.deliverable").count() == 1


def test_how_a_message_was_delivered_is_one_query(django_assert_num_queries: Any) -> None:
    for address in ("a@x.example", "b@x.example"):
        queued(address, message_id="<one@vendor.example>")
    queued("c@x.example", message_id="<two@vendor.example>")
    with django_assert_num_queries(1):
        found = queries.deliveries(["<one@vendor.example>", "<two@vendor.example>", "<none@x>", ""])
        shown = {key: [(mail.to_address, mail.state_label) for mail in mails] for key, mails in found.items()}
    assert shown == {
        "<one@vendor.example>": [("a@x.example", "Waiting"), ("b@x.example", "Waiting")],
        "<two@vendor.example>": [("c@x.example", "Waiting")],
    }
    with django_assert_num_queries(0):
        assert queries.deliveries([]) == {} and queries.undeliverable([]) == {}
