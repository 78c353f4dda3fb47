"""How an answer went out stands beside it: for technicians each mail, for a customer his own, in plain words (AU-7, VI-2)."""

from datetime import timedelta

import pytest

from podpora.mail.models import AddressState, OutgoingMail
from podpora.mail.values import MailState
from tests.make import desk, people
from tests.make.browsing import signed_in
from tests.make.desk import AT

pytestmark = pytest.mark.django_db


def test_au7_what_became_of_an_answer_is_seen_by_both_sides() -> None:
    jana, tereza = people.person("jana@private.example"), people.manager()
    ticket = desk.ticket(jana)
    desk.answer(ticket, tereza)
    page = {"desk": signed_in(tereza), "centre": signed_in(jana)}

    def read(face: str) -> str:
        return str(page[face].get(f"/{face}/{ticket.code}/").content.decode())

    mine = OutgoingMail.objects.get(kind="ticket.answered")
    OutgoingMail.objects.create(code="M-COLLEAGUE", message_id=mine.message_id, to_address="boss@other.example", subject="x", text="x",
                                queued_at=AT, state=MailState.SENT, sent_at=AT)  # fmt: skip
    assert "E-mail to jana@private.example: Waiting" in read("desk")
    OutgoingMail.objects.filter(pk=mine.pk).update(state=MailState.SENT, sent_at=AT)
    assert "E-mail to jana@private.example: Sent" in read("desk") and "E-mail to boss@other.example: Sent" in read("desk")
    assert "Also sent to you by e-mail." in read("centre") and "boss@other.example" not in read("centre")
    OutgoingMail.objects.filter(pk=mine.pk).update(delivered_at=AT + timedelta(minutes=1))
    assert "E-mail to jana@private.example: arrived" in read("desk")
    OutgoingMail.objects.filter(pk=mine.pk).update(state=MailState.BOUNCED, last_error="5.1.1 no such user")
    AddressState.objects.create(address="jana@private.example", undeliverable_since=AT, status="5.1.1")
    seen = read("desk")
    assert "Came back" in seen and "5.1.1 no such user" in seen and "Our e-mails to jana@private.example come back (5.1.1)" in seen
    seen = read("centre")
    assert "came back to us" in seen and "no such user" not in seen and "nobody reads them there" in seen
