"""Bounces are read: whose address, how bad, about which mail (AU-7, AU-8, AU-9)."""

import pytest

from podpora.mail.rules.parsing import parse

DSN = """From: MAILER-DAEMON@mx.example
To: podpora@vendor.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}

--B
Content-Type: message/rfc822

From: podpora@vendor.example
Message-ID: <t.1.abc@vendor.example>
Subject: Re: x

text
--B--
"""


@pytest.mark.parametrize(("action", "status", "is_permanent"), [("failed", "5.1.1", True), ("delayed", "4.4.7", False)])
def test_au_7_a_delivery_status(action: str, status: str, is_permanent: bool) -> None:
    found = parse(DSN.format(recipient="gone@x.example", action=action, status=status).encode()).bounce
    assert found is not None
    assert (found.recipient, found.status, found.is_permanent) == ("gone@x.example", status, is_permanent)
    assert found.message_id == "<t.1.abc@vendor.example>"


def test_au_7_delivered_is_no_bounce() -> None:
    found = parse(
        DSN.format(recipient="a@x.example", action="delivered", status="2.0.0")
        .encode()
        .replace(b"Undelivered Mail Returned", b"Delivered")
    )
    assert found.bounce is None


@pytest.mark.parametrize("subject", ["Re: Undelivered Mail Returned to Sender", "My mail to you came back", "Fwd: failure notice"])
def test_a_person_who_writes_about_a_bounce_is_none(subject: str) -> None:
    text = "This came back:\n\n> <gone@x.example>: host mx.example said: 550 5.1.1 User unknown\n"
    raw = f"From: jana@private.example\nSubject: {subject}\n\n{text}".encode()
    assert parse(raw).bounce is None


def test_au_9_a_read_receipt_is_automatic_and_no_bounce() -> None:
    kind = "multipart/report; report-type=disposition-notification; boundary=B"
    raw = f"From: jana@private.example\nSubject: Read: x\nContent-Type: {kind}\n\n--B\n\nread\n--B--".encode()
    found = parse(raw)
    assert found.bounce is None
    assert "report" in found.automatic
