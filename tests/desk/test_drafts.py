"""Drafts that the server keeps, and answers that are sent later."""

from datetime import timedelta

import pytest

from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.desk import actions
from podpora.desk.models import Message, SavedDraft, Scheduled, Ticket
from podpora.desk.values import (
    MessageKind,
    ScheduledState,
    Side,
    Upload,
    Words,
)
from podpora.files.models import StoredFile
from podpora.jobs.actions import run_due
from podpora.jobs.models import Job
from podpora.mail.models import OutgoingMail
from podpora.people.models import Person
from tests.make import desk, people

pytestmark = pytest.mark.django_db
AT = desk.AT
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SYSTEM = system("test")


def events(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, kind=MessageKind.EVENT).order_by("pk").values_list("event", flat=True))


def mails(kind: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk"))


# Tags


def test_a_draft_is_kept_and_two_windows_do_not_overwrite_each_other() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    first = actions.save_draft(ticket, technician, actions.Writing("half"), at=AT)
    actions.save_draft(ticket, technician, actions.Writing("half an", version=first.version), at=AT)
    with pytest.raises(Refused, match=r"ticket\.draft_changed"):
        actions.save_draft(ticket, technician, actions.Writing("other", version=first.version), at=AT)
    assert SavedDraft.objects.get().text == "half an"
    desk.answer(ticket, technician, "half an answer")
    assert not SavedDraft.objects.exists()


def test_a_colleague_takes_a_draft_over() -> None:
    first, second = people.staff(name="Tereza První"), people.staff()
    ticket = desk.ticket()
    draft = actions.save_draft(ticket, first, actions.Writing("half"), at=AT)
    taken = actions.take_draft(draft, second, by=people.actor(second), at=AT)
    assert (taken.person, taken.text, taken.given_by) == (second, "half", "Tereza První")
    assert [mail.to_address for mail in mails("ticket.draft_given")] == [first.email]
    mine = actions.save_draft(ticket, first, actions.Writing("mine"), at=AT)
    with pytest.raises(Refused, match=r"ticket\.draft_taken"):
        actions.take_draft(mine, second, by=people.actor(second), at=AT)


# Sending later


def later(ticket: Ticket, technician: Person, text: str = "Later.", *, after: timedelta = DAY, **more: object) -> Scheduled:
    return actions.schedule(ticket, Words(text, **more), AT + after, by=people.actor(technician), at=AT)  # type: ignore[arg-type]


def test_an_answer_is_sent_at_its_moment_once_and_nothing_sees_it_before() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    scheduled = later(ticket, technician, uploads=[Upload("log.txt", b"lines", "text/plain")])
    assert Message.objects.filter(kind=MessageKind.PUBLIC).count() == 1
    assert actions.send_due(scheduled.code, at=AT + DAY - MINUTE) is ScheduledState.WAITING
    for _twice in range(2):
        assert actions.send_due(scheduled.code, at=AT + DAY) is ScheduledState.SENT
    message = Message.objects.get(kind=MessageKind.PUBLIC, side=Side.STAFF)
    assert (message.text, message.author, message.files, message.written_at) == ("Later.", technician, 1, AT + DAY)
    assert StoredFile.objects.count() == 1
    ticket.refresh_from_db()
    assert ticket.first_answered_at == AT + DAY  # SLA-8
    with pytest.raises(Refused, match=r"ticket\.sent_already"):
        actions.withdraw(scheduled, by=people.actor(technician), at=AT + DAY)


def test_the_job_sends_it() -> None:
    scheduled = later(desk.ticket(), people.staff(), after=20 * timedelta(seconds=1))
    assert Job.objects.filter(unique_key=f"desk.scheduled:{scheduled.code}").get().run_after == AT + timedelta(seconds=20)
    run_due(at=AT + timedelta(seconds=20))
    scheduled.refresh_from_db()
    assert scheduled.state == ScheduledState.SENT


def test_undone_it_is_a_draft_again() -> None:
    technician = people.staff()
    by = people.actor(technician)
    ticket = desk.ticket()
    scheduled = later(ticket, technician, "Oh no", uploads=[Upload("a.txt", b"a")])
    for _twice in range(2):
        actions.withdraw(scheduled, by=by, at=AT)
    assert actions.send_due(scheduled.code, at=AT + DAY) is ScheduledState.WITHDRAWN
    assert (SavedDraft.objects.get().text, StoredFile.objects.count()) == ("Oh no", 0)
    assert Message.objects.filter(side=Side.STAFF).count() == 0


def test_cl_1_when_the_customer_wrote_meanwhile_it_is_held_and_its_writer_asked() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    scheduled = later(ticket, technician)
    desk.ask_again(ticket, "Wait, it works!")
    assert actions.send_due(scheduled.code, at=AT + DAY) is ScheduledState.HELD
    assert [mail.to_address for mail in mails("ticket.held")] == [technician.email]
    actions.send_now(scheduled, by=people.actor(technician), at=AT + DAY)
    scheduled.refresh_from_db()
    assert scheduled.state == ScheduledState.SENT
    with pytest.raises(Refused, match=r"ticket\.newer_message"):
        later(ticket, people.staff(), seen=1)


def test_vi_5_who_may_read_the_ticket_no_more_sends_nothing() -> None:
    technician, other = people.staff(), people.staff()
    ticket = desk.ticket()
    scheduled = later(ticket, technician)
    actions.set_members(ticket.queue, [other], by=SYSTEM, at=AT)
    assert actions.send_due(scheduled.code, at=AT + DAY) is ScheduledState.HELD
    assert mails("ticket.held") == []


def test_the_same_form_twice_is_one_answer_and_the_past_is_no_moment() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    assert later(ticket, technician, once="x") == later(ticket, technician, once="x")
    for wrong in (-MINUTE, 367 * DAY):
        with pytest.raises(InvalidInput):
            later(ticket, technician, after=wrong)


# Mentions and followers
