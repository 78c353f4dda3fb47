"""A mail that can't be read stops no other and is not lost (TH-17, F15); bad input of every kind (S50, B7, B8)."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.base import clock
from podpora.desk.models import Ticket
from podpora.jobs.actions import run_due
from podpora.journeys import mailroom
from podpora.mail import queries
from podpora.mail.actions import begin, read_unfinished, retry_mail, store_incoming
from podpora.mail.models import IncomingMail
from podpora.mail.rules import parsing
from podpora.mail.values import DEATHS, IncomingState
from tests.make import people
from tests.make.mailboxes import mailbox
from tests.make.posted import deliver, raw_mail

pytestmark = pytest.mark.django_db
READ = (IncomingState.TICKETED, IncomingState.QUARANTINED, IncomingState.DROPPED)


@pytest.fixture(autouse=True)
def support() -> None:
    mailbox()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A fault of ours: mails with POISON in them can't be read."""
    honest = parsing.parse

    def parse(raw: bytes) -> object:
        if b"POISON" in raw:
            raise RuntimeError("a fault of ours")
        return honest(raw)

    monkeypatch.setattr(mailroom, "parse", parse)
    return monkeypatch


def test_th_17_poison_is_set_aside_with_its_reason_and_others_go_on(broken: pytest.MonkeyPatch, at: datetime) -> None:
    poison = store_incoming(raw_mail("POISON"), source="smtp", at=at)
    for n in range(5):
        store_incoming(raw_mail(message_id=f"<{n}@x>"), source="smtp", at=at)
    run_due(at=at, queue="default")
    mail = queries.incoming_with_code(poison.code)
    assert (mail.state, mail.reasons) == (IncomingState.FAILED, ["mail.failed"])
    assert "a fault of ours" in mail.last_error
    assert Ticket.objects.count() == 5


def test_th_17_it_is_tried_three_times_by_itself_and_then_by_the_button(broken: pytest.MonkeyPatch, at: datetime) -> None:
    code = store_incoming(raw_mail("POISON"), source="smtp", at=at).code
    for hours in range(12):
        run_due(at=at + timedelta(hours=hours), queue="default")
    mail = queries.incoming_with_code(code)
    assert (mail.failures, mail.next_attempt_at) == (4, None)
    broken.undo()
    retry_mail(mail, by=people.actor(people.staff()), at=at + timedelta(days=1))
    run_due(at=at + timedelta(days=1), queue="default")
    assert queries.incoming_with_code(code).state == IncomingState.TICKETED


def test_th_17_a_new_release_tries_again(broken: pytest.MonkeyPatch, at: datetime) -> None:
    mail = deliver(raw_mail("POISON"))
    broken.undo()
    assert read_unfinished(at=at) == 0
    IncomingMail.objects.update(tried_with="0.0.9")
    assert read_unfinished(at=at) == 1
    run_due(at=at, queue="default")
    assert queries.incoming_with_code(mail.code).state == IncomingState.TICKETED


def test_a_mail_that_kills_its_workers_is_set_aside(at: datetime) -> None:
    code = store_incoming(raw_mail(), source="smtp", at=at).code
    for _ in range(DEATHS):
        assert begin(code, at=at)
    assert not begin(code, at=at)
    mail = queries.incoming_with_code(code)
    assert (mail.state, mail.reason) == (IncomingState.FAILED, "mail.stopped")


def test_a_mail_whose_job_is_gone_is_found_again(at: datetime) -> None:
    from podpora.jobs.models import Job

    code = store_incoming(raw_mail(), source="smtp", at=at).code
    Job.objects.all().delete()
    assert read_unfinished(at=at) == 1
    run_due(at=at, queue="default")
    assert queries.incoming_with_code(code).state == IncomingState.TICKETED


def test_read_twice_done_once(at: datetime) -> None:
    mail = deliver(raw_mail())
    mailroom.process(mail.code, at=at)
    assert Ticket.objects.count() == 1


HOSTILE = {
    "nothing": b"",
    "nul": b"\x00" * 1000,
    "no text": bytes(range(256)) * 40,
    "nested html": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 20_000 + b"x" + b"</div>" * 20_000,
    "ten thousand recipients": b"From: a@b.example\nTo: " + b", ".join(b"p%d@x.example" % n for n in range(10_000)) + b"\n\nx",
    "two senders": b"From: a@b.example\nFrom: c@d.example\n\nx",
    "thirty thousand parts": b"From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n"
    + b"--B\n\nx\n" * 30_000
    + b"--B--\n",
    "nested parts": b"From: a@b.example\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (n, n) for n in range(600))
    + b"\nx",
    "twenty thousand references": b"From: a@b.example\nReferences: " + b" ".join(b"<%d@x>" % n for n in range(20_000)) + b"\n\nx",
    "one line": b"From: a@b.example\n\n" + b"x" * 1_000_000,
    "bad charset": b"From: a@b.example\nContent-Type: text/plain; charset=rot13\nContent-Transfer-Encoding: base64\n\n!!!!",
    "bad date": b"From: a@b.example\nDate: Mon, 99 Foo -1 99:99:99 +9999\n\nx",
    "group": b"From: undisclosed:;\nReply-To: a@b.example\n\nx",
    "brackets": b"From: a@b.example\nMessage-ID: <[abc@x]>\nTo: (c):\nCc: (x): a@b.com;\n\nx",
    "long address": b"From: " + b"a" * 400 + b"@b.example\n\nx",
    "half characters": b"From: =?utf-8?q?=ED=A0=80?= <a@b.example>\nSubject: \xed\xa0\x80 \xff\n\n\xed\xa0\x80",
    "injection": b"From: =?utf-8?q?a=0D=0ABcc:_v@e.example?= <a@b.example>\nSubject: =?utf-8?q?x=0D=0ABcc:_v@e.example?=\n\nx",
    "names": b"From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n"
    b'Content-Disposition: attachment; filename="../../\xe2\x80\xaegnp.exe"\n\nx\n--B--\n',
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_s50_b7_hostile_mails_end_soon_with_a_reason(raw: bytes) -> None:
    begun = clock.monotonic()
    mail = deliver(raw)
    assert clock.monotonic() - begun < 10
    assert mail.state in READ, mail.last_error
    assert mail.reasons
    assert queries.raw_of(mail) == raw


@given(st.binary(max_size=600), st.integers(0, 10_000))
def test_any_bytes_within_a_mail_are_survived(junk: bytes, seed: int) -> None:
    """A real mail with bytes changed, and bytes that are no mail."""
    chance = random.Random(seed)
    raw = bytearray(raw_mail(files=(("a.txt", b"line"),), html="<p>x</p>", message_id=f"<{seed}@x>"))
    for _ in range(chance.randrange(40)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    at = chance.randrange(len(raw))
    for one in (bytes(raw[:at]) + junk + bytes(raw[at:]), junk):
        mail = deliver(one)
        assert mail.state in READ, mail.last_error
        assert mail.reasons
