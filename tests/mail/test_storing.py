"""Raw mail is kept before anything acts on it, and once."""

from datetime import datetime

import pytest
from django.db import transaction

from podpora.jobs.models import Job
from podpora.mail import queries
from podpora.mail.actions import store_incoming
from podpora.mail.models import IncomingMail
from podpora.mail.values import IncomingState
from tests.make.posted import raw_mail

pytestmark = pytest.mark.django_db


def test_bytes_are_kept_as_they_came_and_a_job_reads_them(at: datetime) -> None:
    raw = raw_mail("Dobrý den")
    stored = store_incoming(raw, source="smtp", envelope_from="jana@private.example", envelope_to=["support@vendor.example"], at=at)
    mail = queries.incoming_with_code(stored.code)
    assert (stored.is_new, mail.state, mail.envelope_from) == (True, IncomingState.STORED, "jana@private.example")
    assert (queries.raw_of(mail), mail.size, mail.raw) == (raw, len(raw), None)
    assert Job.objects.get().payload == {"mail": mail.code}


def test_a_large_mail_lies_in_the_storage_of_files(at: datetime) -> None:
    raw = raw_mail("x" * 100_000)
    mail = queries.incoming_with_code(store_incoming(raw, source="pipe", at=at).code)
    assert mail.raw is not None and mail.raw_bytes == b""
    assert queries.raw_of(mail) == raw


def test_it_is_undone_with_its_transaction_and_nothing_stays_behind(at: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        store_incoming(raw_mail(), source="smtp", at=at)
        raise ZeroDivisionError
    assert not IncomingMail.objects.exists()
    assert not Job.objects.exists()


def test_th_1_the_same_mail_again_is_counted_and_not_kept(at: datetime) -> None:
    first = store_incoming(raw_mail(), source="imap", at=at)
    carried = b"Received: from a by b; Mon, 16 Mar 2026 09:00:00 +0000\r\n" + raw_mail()
    again = store_incoming(carried, source="smtp", at=at)
    assert (again.code, again.is_new) == (first.code, False)
    assert IncomingMail.objects.get().duplicates == 1
    assert Job.objects.count() == 1


def test_th_1_without_a_message_id_the_bytes_count(at: datetime) -> None:
    raw = raw_mail(message_id="")
    assert store_incoming(raw, source="imap", at=at).is_new
    assert not store_incoming(raw, source="imap", at=at).is_new
    assert store_incoming(raw + b"more", source="imap", at=at).is_new


def test_th_1_one_message_for_each_mailbox(at: datetime) -> None:
    assert store_incoming(raw_mail(), source="smtp", envelope_to=["support@vendor.example"], at=at).is_new
    assert store_incoming(raw_mail(), source="smtp", envelope_to=["billing@vendor.example"], at=at).is_new
    assert not store_incoming(raw_mail(), source="smtp", envelope_to=["Support+abc@vendor.example"], at=at).is_new


def test_another_text_under_a_known_message_id_is_not_lost(at: datetime) -> None:
    store_incoming(raw_mail("One"), source="smtp", at=at)
    other = store_incoming(raw_mail("Quite another"), source="smtp", at=at)
    assert other.is_new
    assert queries.incoming_with_code(other.code).reasons == ["mail.same_id"]
    assert not store_incoming(raw_mail("Quite another"), source="smtp", at=at).is_new


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\xff" * 1000,
        b"Message-ID: <a\x00b@c>\r\n\r\n",
        b"Message-ID: <" + b"x" * 900 + b"@y>\n\n",
        b"Message-ID: <\xff@y>\n\n",
    ],
    ids=["nothing", "nul", "no text", "nul in an id", "long id", "id in bytes"],
)
def test_any_bytes_are_kept(raw: bytes, at: datetime) -> None:
    mail = queries.incoming_with_code(store_incoming(raw, source="smtp", envelope_to=["a\x00\r\n@b", "<c@d>"], at=at).code)
    assert queries.raw_of(mail) == raw
    assert mail.envelope_to == ["a@b", "c@d"]
