"""A mail that came in, from its bytes to the ticket: the whole conversation, threading, who is who. DESK 2, TRUST A."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from podpora.desk import queries as desk_queries
from podpora.desk.models import Link, Message, Participant, Ticket
from podpora.desk.values import LinkKind, MessageKind, Side, State, Via
from podpora.jobs.actions import run_due
from podpora.mail import queries
from podpora.mail.actions import store_incoming
from podpora.mail.models import IncomingMail
from podpora.mail.values import IncomingState
from podpora.people.models import Person
from podpora.people.values import Role
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


@pytest.fixture
def tereza() -> Person:
    return people.staff(name="Tereza")


def opened(**mail: Any) -> Ticket:
    found = deliver(raw_mail(**mail))
    assert found.state == IncomingState.TICKETED, found.reasons
    return Ticket.objects.get(code=found.ticket)


def answered_id(ticket: Ticket) -> str:
    return str(ticket.messages.filter(side=Side.STAFF).order_by("-pk").values_list("message_id", flat=True)[0])


def test_a_mail_becomes_a_ticket_by_the_job(at: datetime) -> None:
    stored = store_incoming(raw_mail(), source="smtp", envelope_to=["support@vendor.example"], at=at)
    run_due(at=at, queue="default")
    mail, ticket = queries.incoming_with_code(stored.code), Ticket.objects.get()
    assert (mail.state, mail.ticket, mail.sender) == (IncomingState.TICKETED, ticket.code, JANA)
    assert (ticket.subject, ticket.requester.email, ticket.via) == ("The calendar stops", JANA, Via.MAIL)


def test_the_whole_conversation_by_mail_alone(jana: Person, tereza: Person, at: datetime) -> None:
    ticket = opened(cc="pavel@private.example")
    (receipt,) = letters(JANA, "ticket.received")
    assert ticket.code in receipt.subject
    assert receipt.in_reply_to == "<one@private.example>"
    assert "+" in receipt.reply_to and receipt.reply_to.endswith("@vendor.example")
    assert [one.email for one in ticket.participants.all()] == ["pavel@private.example"]

    desk.answer(ticket, tereza, "Restart it.", then=State.SOLVED, at=at + HOUR)
    (answer,) = letters(JANA, "ticket.answered")
    assert answer.references[0] == "<one@private.example>"
    text = "It helped not.\n\nOn Mon, 16 Mar 2026 at 10:00, Tereza wrote:\n> Restart it.\n"
    reply = raw_mail(
        text, to=answer.reply_to, subject=f"Re: {answer.subject}", message_id="<two@private.example>", in_reply_to=answer.message_id,
        files=(("log.txt", b"line"),), at=at + 2 * HOUR,
    )  # fmt: skip
    mail = deliver(reply, to=answer.reply_to, at=at + 2 * HOUR)
    ticket.refresh_from_db()
    assert (mail.state, mail.ticket, mail.reason) == (IncomingState.TICKETED, ticket.code, "mail.by_token")
    assert (ticket.state, ticket.reopened) == (State.OPEN, 1)
    message = ticket.messages.filter(kind=MessageKind.PUBLIC).last()
    assert message is not None
    assert (message.visible, message.author, message.is_unverified) == ("It helped not.", jana, False)
    assert "Restart it." in message.text
    assert [file.name for file in message.attachments.all()] == ["log.txt"]
    assert len(letters(tereza.email, "ticket.replied")) == 1
    assert Ticket.objects.count() == 1


def test_somebody_added_by_cc_gets_the_answers_and_nothing_earlier(jana: Person, tereza: Person, at: datetime) -> None:
    ticket = opened()
    desk.answer(ticket, tereza, "The first secret.", at=at)
    to = letters(JANA)[-1].reply_to
    deliver(raw_mail("Pavel joins us.", to=to, message_id="<2@x>", cc="Pavel <Pavel@private.example>"), to=to, at=at)
    desk.answer(ticket, tereza, "For both of you.", at=at + HOUR)
    texts = "".join(letter.text for letter in letters("pavel@private.example"))
    assert "For both of you." in texts
    assert "The first secret." not in texts


def test_the_text_of_a_mail_does_not_close_anything(jana: Person, at: datetime) -> None:
    ticket = opened()
    to = letters(JANA)[-1].reply_to
    deliver(raw_mail("close", to=to, subject="close", message_id="<2@x>"), to=to, at=at)
    ticket.refresh_from_db()
    assert ticket.state == State.NEW


class TestThreading:
    def test_th_3_token_of_another_is_held_and_changes_nothing(self, jana: Person, tereza: Person, at: datetime) -> None:
        ticket = opened()
        desk.answer(ticket, tereza, then=State.SOLVED, at=at)
        token = letters(JANA)[-1].reply_to
        mail = deliver(raw_mail(sender="evil@evil.example", to=token, message_id="<e@e>"), to=token, at=at + HOUR)
        assert (mail.state, mail.reason, mail.ticket) == (IncomingState.QUARANTINED, "mail.token_of_another", ticket.code)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.messages.filter(kind=MessageKind.PUBLIC).count()) == (State.SOLVED, 2)
        assert not Participant.objects.exists()

    def test_th_3_a_token_is_not_kept_as_it_is(self, jana: Person) -> None:
        ticket = opened()
        token = letters(JANA)[-1].reply_to.partition("+")[2].partition("@")[0]
        assert len(token) == 32
        row = ticket.reply_tokens.get(email=JANA)
        assert token not in (row.digest, row.nonce)

    def test_th_4_our_own_message_id(self, jana: Person, tereza: Person, at: datetime) -> None:
        ticket = opened()
        desk.answer(ticket, tereza, at=at)
        mail = deliver(raw_mail(subject="Re: hm", message_id="<2@x>", in_reply_to=answered_id(ticket)), at=at)
        assert (mail.ticket, mail.reason) == (ticket.code, "mail.by_reference")

    def test_th_4_a_wrong_seal_is_no_reference(self, jana: Person, at: datetime) -> None:
        ticket = opened()
        forged = f"<{ticket.code}.M-AAAAAAAA.{'0' * 32}@vendor.example>"
        mail = deliver(raw_mail(subject="Else", message_id="<2@x>", in_reply_to=forged), at=at)
        assert mail.state == IncomingState.TICKETED
        assert mail.ticket != ticket.code

    def test_th_5_the_customers_own_mail(self, jana: Person, at: datetime) -> None:
        ticket = opened()
        mail = deliver(raw_mail("One more thing", message_id="<2@x>", in_reply_to="<one@private.example>"), at=at)
        assert (mail.ticket, mail.reason) == (ticket.code, "mail.by_foreign_reference")

    def test_th_6_a_number_counts_from_who_takes_part(self, jana: Person, at: datetime) -> None:
        ticket = opened()
        mail = deliver(raw_mail(subject=f"[{ticket.code}] again", message_id="<2@x>"), at=at)
        assert (mail.ticket, mail.reason) == (ticket.code, "mail.by_subject")

    @pytest.mark.parametrize("number", range(1, 6))
    def test_th_6_a2_a_stranger_guesses_numbers(self, number: int, jana: Person, tereza: Person, at: datetime) -> None:
        ticket = opened()
        desk.answer(ticket, tereza, then=State.SOLVED, at=at)
        count = ticket.messages.count()
        mail = deliver(raw_mail(sender="evil@evil.example", subject=f"[T-{number}] [#{ticket.number}]", message_id="<e@e>"), at=at)
        ticket.refresh_from_db()
        assert mail.ticket != ticket.code
        assert (ticket.state, ticket.messages.count(), ticket.participants.count()) == (State.SOLVED, count, 0)
        assert Link.objects.get(other=ticket).kind == LinkKind.RELATES
        (receipt,) = letters("evil@evil.example")
        assert ticket.subject not in receipt.text + receipt.subject

    def test_th_7_texts_are_not_searched(self, jana: Person, at: datetime) -> None:
        ticket = opened()
        mail = deliver(raw_mail(f"As in [{ticket.code}]", subject="Else", message_id="<2@x>"), at=at)
        assert mail.ticket != ticket.code

    def test_th_8_another_subject_is_flagged(self, jana: Person, at: datetime) -> None:
        ticket = opened()
        to = letters(JANA)[-1].reply_to
        deliver(raw_mail("Now this.", to=to, subject="Invoice for the new year", message_id="<2@x>"), to=to, at=at)
        ticket.refresh_from_db()
        assert ticket.new_topic_flag == ticket.messages.filter(kind=MessageKind.PUBLIC).latest("pk").code

    def test_th_9_a_stranger_who_answers_the_customers_mail(self, jana: Person, at: datetime) -> None:
        ticket = opened()
        mail = deliver(raw_mail(sender="x@other.example", message_id="<2@x>", references="<one@private.example>"), at=at)
        assert (mail.state, mail.ticket == ticket.code) == (IncomingState.TICKETED, False)

    def test_th_9_vi_8_whom_the_mail_was_sent_to_is_added_as_unproven(self, at: datetime) -> None:
        ticket = opened(cc="pavel@private.example")  # Jana has no account: nobody is added
        mail = deliver(raw_mail(sender="pavel@private.example", message_id="<2@x>", in_reply_to="<one@private.example>"), at=at)
        message = Message.objects.filter(ticket=ticket, mail=mail.code).get()
        assert (message.is_unverified, message.author, message.author_name) == (True, None, "pavel@private.example")
        ticket.refresh_from_db()
        assert ticket.requester.email == JANA

    def test_th_10_merged_tickets_are_followed_and_cycles_end(self, jana: Person, at: datetime) -> None:
        first, second = opened(), opened(message_id="<b@x>", subject="Second thing entirely")
        Ticket.objects.filter(pk=first.pk).update(merged_into=second, state=State.MERGED, solved_at=at)
        mail = deliver(raw_mail("More", message_id="<c@x>", subject=f"[{first.code}] x"), at=at)
        assert mail.ticket == second.code
        Ticket.objects.filter(pk=second.pk).update(merged_into=first, state=State.MERGED, solved_at=at)
        assert deliver(raw_mail("More", message_id="<d@x>", subject=f"[{first.code}] x"), at=at).state == IncomingState.TICKETED

    def test_th_10_a_late_answer_begins_a_new_ticket(self, jana: Person, tereza: Person, at: datetime) -> None:
        ticket = opened()
        desk.answer(ticket, tereza, then=State.SOLVED, at=at)
        later = at + timedelta(days=14)
        mail = deliver(raw_mail(subject=f"Re: [{ticket.code}] The calendar stops", message_id="<2@x>"), at=later)
        new = Ticket.objects.get(code=mail.ticket)
        assert (mail.reason, new.subject) == ("mail.follow_up", "The calendar stops")
        assert Link.objects.get(ticket=new, other=ticket).kind == LinkKind.FOLLOW_UP
        ticket.refresh_from_db()
        assert ticket.state == State.SOLVED

    def test_th_11_an_absence_notice_is_added_without_effect(self, jana: Person, tereza: Person, at: datetime) -> None:
        ticket = opened()
        desk.answer(ticket, tereza, then=State.SOLVED, at=at)
        to, told = letters(JANA)[-1].reply_to, len(letters(tereza.email))
        raw = raw_mail("I am away.", to=to, subject="Out of office", message_id="<2@x>", auto_submitted="auto-replied")
        mail = deliver(raw, to=to, at=at + HOUR)
        ticket.refresh_from_db()
        assert (mail.ticket, ticket.state, ticket.waiting_since) == (ticket.code, State.SOLVED, None)
        assert len(letters(tereza.email)) == told
        assert ticket.messages.filter(mail=mail.code, is_quiet=True).exists()
        assert [said.counts for said in desk_queries.story_of(ticket).said] == [True, True, False]  # no clock hears of it

    def test_th_13_two_senders_and_none(self, at: datetime) -> None:
        raw = raw_mail().replace(b"From: ", b"From: First <first@private.example>\nFrom: ", 1)
        assert deliver(raw, at=at).sender == "first@private.example"
        nobody = deliver(raw_mail(sender="Nobody", message_id="<2@x>"), at=at)
        assert (nobody.state, nobody.reason) == (IncomingState.QUARANTINED, "mail.no_sender")

    def test_th_14_at_most_forty_people_and_never_ourselves(self, jana: Person, at: datetime) -> None:
        many = ", ".join(f"p{n}@private.example" for n in range(60))
        ticket = opened(cc=f"support@vendor.example, Support+x@vendor.example, {many}")
        assert ticket.participants.count() == 40
        assert "mail.too_many_people" in IncomingMail.objects.get().reasons

    def test_th_16_a_date_in_the_future(self, jana: Person, at: datetime) -> None:
        mail = deliver(raw_mail(at=at + timedelta(days=9000)), at=at)
        message = Message.objects.get(mail=mail.code)
        assert (message.written_at, message.sent_at) == (at, None)
        assert "2050" in message.sent_text
        assert "mail.bad_date" in mail.reasons


class TestWhoIsWho:
    def test_vi_6_a_technician_answers_by_mail(self, jana: Person, tereza: Person, at: datetime) -> None:
        opened()
        (assigned,) = letters(tereza.email, "ticket.assigned")
        text = "Do this.\n\nOn Mon, 16 Mar 2026 at 10:00, Jana wrote:\n> It stops\n"
        mail = deliver(
            raw_mail(text, sender=f"Tereza <{tereza.email}>", to=assigned.reply_to, message_id="<t@v>"), to=assigned.reply_to, at=at
        )
        message = Message.objects.get(mail=mail.code)
        assert (message.side, message.author, message.kind, message.text) == (Side.STAFF, tereza, MessageKind.PUBLIC, "Do this.")
        assert "Do this." in letters(JANA, "ticket.answered")[-1].text

    def test_a1_our_message_id_makes_nobody_a_technician(self, jana: Person, tereza: Person, at: datetime) -> None:
        ticket = opened()
        desk.answer(ticket, tereza, at=at)
        before = len(letters(JANA))
        mail = deliver(raw_mail("Send money", sender=tereza.email, message_id="<e@e>", in_reply_to=answered_id(ticket)), at=at)
        assert (mail.state, mail.reason) == (IncomingState.QUARANTINED, "mail.staff_not_proven")
        assert len(letters(JANA)) == before
        assert len(letters(tereza.email, "ticket.mail_held")) == 1

    def test_a15_a_technician_without_access_any_more(self, jana: Person, tereza: Person, at: datetime) -> None:
        opened()
        (assigned,) = letters(tereza.email, "ticket.assigned")
        Person.objects.filter(pk=tereza.pk).update(staff_role="moderator")
        mail = deliver(raw_mail(sender=tereza.email, to=assigned.reply_to, message_id="<t@v>"), to=assigned.reply_to, at=at)
        assert (mail.state, mail.reason) == (IncomingState.QUARANTINED, "mail.staff_no_access")

    def test_s39_vi_5_a_colleague_who_left_does_not_take_part(self, tereza: Person, at: datetime) -> None:
        company = people.company()
        member = people.member(company, Role.ADMIN, people.person("member@company.example"))
        ticket = desk.ticket(member, company)
        desk.answer(ticket, tereza, at=at)
        to = letters(member.email)[-1].reply_to
        company.memberships.filter(person=member).delete()
        mail = deliver(raw_mail(sender=member.email, to=to, message_id="<2@x>"), to=to, at=at)
        assert mail.state == IncomingState.QUARANTINED
        assert not Message.objects.filter(mail=mail.code).exists()

    def test_a_stranger_is_a_person_without_account_and_his_words_go_nowhere(self, at: datetime) -> None:
        ticket = opened(sender="Buy now <victim@elsewhere.example>", subject="Buy pills")
        message = ticket.messages.get(kind=MessageKind.PUBLIC)
        assert (ticket.tier, ticket.is_private, message.is_unverified) == ("unverified", True, True)
        (receipt,) = letters("victim@elsewhere.example")
        assert "pills" not in receipt.text + receipt.subject + receipt.to_name and "Buy" not in receipt.text + receipt.to_name

    def test_s42_the_real_address_is_shown(self, at: datetime) -> None:
        ticket = opened(sender='"ceo@vendor.example" <evil@evil.example>')
        assert ticket.messages.get(kind=MessageKind.PUBLIC).author_name == "ceo@vendor.example <evil@evil.example>"

    def test_s40_a_domain_that_did_not_send_it(self, jana: Person, tereza: Person, settings: object, at: datetime) -> None:
        settings.AUTHSERV_IDS = frozenset({"mx.vendor.example"})  # type: ignore[attr-defined]
        ticket = desk.ticket(jana, at=at)
        desk.answer(ticket, tereza, then=State.SOLVED, at=at)
        before = len(letters(JANA))
        bad = "mx.vendor.example; dmarc=fail header.from=private.example"
        mail = deliver(raw_mail(subject=f"[{ticket.code}] x", Authentication_Results=bad), at=at)
        new = Ticket.objects.get(code=mail.ticket)
        ticket.refresh_from_db()
        assert (new == ticket, ticket.state, new.tier, new.is_private) == (False, State.SOLVED, "unverified", True)
        assert len(letters(JANA)) == before
        assert "mail.not_authenticated" in mail.reasons

    @pytest.mark.parametrize(
        ("said", "tier"),
        [
            ("mx.vendor.example; dmarc=pass header.from=private.example", ""),
            ("mx.vendor.example; dkim=pass header.d=private.example", ""),
            ("mx.vendor.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example", "unverified"),
            ("evil.example; dmarc=pass header.from=private.example", "unverified"),
        ],
        ids=["dmarc", "aligned dkim", "not aligned", "s41 a10 foreign server"],
    )
    def test_s41_whose_results_count(self, said: str, tier: str, jana: Person, settings: object, at: datetime) -> None:
        settings.AUTHSERV_IDS = frozenset({"mx.vendor.example"})  # type: ignore[attr-defined]
        mail = deliver(raw_mail(Authentication_Results=said), at=at)
        assert Ticket.objects.get(code=mail.ticket).tier == tier

    def test_th_15_a9_steering_headers_of_strangers_do_nothing(self, jana: Person, at: datetime) -> None:
        ticket = opened(X_Podpora_Priority="urgent", X_Podpora_Queue="licences")
        assert (ticket.priority, ticket.queue.code) == (1, "general")

    def test_th_15_on_a_trusted_channel_they_count(self, jana: Person, at: datetime) -> None:
        mailbox("forms@vendor.example", is_trusted=True)
        mail = deliver(raw_mail(X_Podpora_Priority="urgent"), to="forms@vendor.example", at=at)
        assert Ticket.objects.get(code=mail.ticket).priority == 3
