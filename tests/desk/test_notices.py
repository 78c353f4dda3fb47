"""Who is mailed what, in which thread. VI-2, TH-4, AU-2 of DESK.md."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from podpora.base.actors import system
from podpora.desk import actions
from podpora.desk.values import Purpose, Side, State
from podpora.journeys import contact
from podpora.mail.models import OutgoingMail
from podpora.people.models import Membership
from podpora.people.values import Role
from tests.make import desk, people

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
Told = Callable[[str], list[OutgoingMail]]


def test_all_mails_of_a_ticket_are_one_thread(told: Told) -> None:
    technician = people.staff()
    ticket = desk.ticket()
    first = desk.answer(ticket, technician)
    asked = desk.ask_again(ticket)
    second = desk.answer(ticket, technician)
    root = ticket.messages.order_by("pk").first()
    assert root is not None
    (receipt,) = told("ticket.received")
    one, two = told("ticket.answered")
    (replied,) = told("ticket.replied")
    (assigned,) = told("ticket.assigned")
    assert receipt.message_id == root.message_id
    assert (one.message_id, one.in_reply_to, one.references) == (first.message_id, root.message_id, [root.message_id])
    assert (replied.message_id, replied.in_reply_to) == (asked.message_id, first.message_id)
    assert two.references == [root.message_id, first.message_id, asked.message_id]
    assert two.message_id == second.message_id
    assert assigned.references[0] == root.message_id
    assert {mail.subject for mail in OutgoingMail.objects.all()} == {f"[{ticket.code}] The calendar stops"}
    ids = list(OutgoingMail.objects.values_list("message_id", flat=True))
    assert len(ids) == len(set(ids))


def test_who_acts_is_not_mailed_and_colleagues_are(told: Told) -> None:
    technician, other = people.staff(), people.staff()
    company = people.company()
    colleague = people.member(company)
    requester = people.member(company, Role.ADMIN)
    ticket = desk.ticket(requester, company)
    actions.add_participant(ticket, colleague.email, side=Side.CUSTOMER, by=people.actor(requester), at=AT)
    actions.add_participant(ticket, "guest@else.example", side=Side.STAFF, by=people.actor(technician), at=AT)
    desk.ask_again(ticket)
    assert sorted(mail.to_address for mail in told("ticket.answered")) == sorted([colleague.email, "guest@else.example"])
    assert [mail.to_address for mail in told("ticket.replied")] == [ticket.assignee.email if ticket.assignee else ""]
    OutgoingMail.objects.all().delete()
    desk.answer(ticket, other)
    assert sorted(m.to_address for m in told("ticket.answered")) == sorted([requester.email, colleague.email, "guest@else.example"])


def test_vi_5_who_left_the_company_gets_no_more_mail(told: Told) -> None:
    company = people.company()
    requester = people.member(company)
    ticket = desk.ticket(requester, company)
    Membership.objects.filter(person=requester, customer=company).delete()
    desk.answer(ticket, people.staff())
    assert told("ticket.answered") == []


def test_taking_a_ticket_oneself_mails_nobody(told: Told) -> None:
    technician, other = people.staff(), people.staff()
    ticket = desk.ticket()
    OutgoingMail.objects.all().delete()
    actions.assign(ticket, other, by=people.actor(other), at=AT)
    assert told("ticket.assigned") == []
    actions.assign(ticket, technician, by=people.actor(other), at=AT)
    assert [mail.to_address for mail in told("ticket.assigned")] == [technician.email]


def test_vi_2_a_note_reaches_no_customer_in_any_mail(told: Told) -> None:
    tereza, tomas = people.staff(), people.staff()
    company = people.company()
    ticket = desk.ticket(people.member(company), company)
    actions.add_participant(ticket, "guest@else.example", side=Side.STAFF, by=people.actor(tereza), at=AT)
    actions.assign(ticket, tereza, by=people.actor(tereza), at=AT)
    desk.note(ticket, tomas, "CANARY-IN-A-NOTE")
    desk.answer(ticket, tomas)
    desk.ask_again(ticket)
    actions.change_state(ticket, State.SOLVED, by=people.actor(tomas), at=AT)
    leaked = [mail for mail in OutgoingMail.objects.all() if "CANARY-IN-A-NOTE" in f"{mail.subject}{mail.text}{mail.html}"]
    assert [(mail.kind, mail.to_address) for mail in leaked] == [("ticket.noted", tereza.email)]


def test_solved_without_a_word_tells_until_when_it_may_be_reopened(told: Told) -> None:
    ticket = desk.ticket()
    actions.change_state(ticket, State.SOLVED, by=people.actor(people.staff()), at=AT)
    (mail,) = told("ticket.solved")
    assert mail.to_address == ticket.requester.email
    assert "30 March 2026" in mail.text or "March 30, 2026" in mail.text or "30 Mar 2026" in mail.text


def test_s26_a_subject_cannot_add_a_header_or_a_line(told: Told) -> None:
    desk.ticket(subject="Hi\r\nBcc: evil@example.com", text="Subject: x\nAction: click | https://evil.example")
    (mail,) = told("ticket.received")
    assert "\n" not in mail.subject
    assert "Bcc" in mail.subject  # as words of the one subject


def test_au_5_a_receipt_to_an_address_that_nobody_proved_has_no_word_of_the_submitter(told: Told) -> None:
    guest = people.guest(name="BUY CHEAP at evil.example")
    ticket = desk.ticket(guest, people.customer_of(guest), subject="Win at evil.example", text="Click evil.example now")
    (receipt,) = told("ticket.received")
    assert receipt.to_address == guest.email and ticket.code in receipt.subject
    sent = f"{receipt.to_name} {receipt.subject} {receipt.text} {receipt.html}"
    assert "evil.example" not in sent and "BUY CHEAP" not in sent


def test_au_5_a_stranger_who_types_a_known_address_has_no_word_in_its_receipt(told: Told) -> None:
    victim = people.person()
    letter = contact.Letter(victim.email, "Evil", Purpose.GENERAL, "Win at evil.example", "Click evil.example")
    contact.write_to_us(letter, by=system("visitor"), at=AT)
    (receipt,) = told("ticket.received")
    assert "evil.example" not in f"{receipt.subject} {receipt.text} {receipt.html}"


def test_who_wrote_himself_reads_his_words_in_the_receipt(told: Told) -> None:
    person = people.person()
    letter = contact.Letter("", "", Purpose.GENERAL, "An invoice", "Where is it?", person=person)
    contact.write_to_us(letter, by=people.actor(person), at=AT)
    (receipt,) = told("ticket.received")
    assert "An invoice" in receipt.subject and "Where is it?" in receipt.text
