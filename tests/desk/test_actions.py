"""What can happen to a ticket, on a real database."""

from datetime import UTC, datetime, timedelta

import pytest

from podpora.audit.models import Entry
from podpora.base.actors import system
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries
from podpora.desk.models import Attachment, Message, Participant, Ticket
from podpora.desk.values import MAX_FILES, Draft, Event, MessageKind, Priority, Purpose, Side, State, SupportSnapshot, Upload, Words
from podpora.files.queries import content_of
from podpora.people.actions import set_presence
from podpora.people.models import Person
from podpora.people.values import Role, StaffRole
from tests.make import desk, people

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def away(*who: Person) -> None:
    for person in who:
        set_presence(person, present=False, by=people.actor(person), at=AT)


def test_a_ticket_has_a_number_a_history_and_a_technician() -> None:
    technician = people.staff()
    first, second = desk.ticket(), desk.ticket()
    assert second.number == first.number + 1
    assert first.code == f"T-{first.number}"
    assert first.assignee == technician
    assert first.is_vip
    assert (first.state, first.waiting_since, first.revision) == (State.NEW, AT, 1)
    assert [change.state for change in first.state_changes.all()] == [State.NEW]
    words = first.messages.get(kind=MessageKind.PUBLIC)
    assert words.message_id.startswith(f"<{first.code}.{words.code}.")
    assert Entry.objects.filter(verb="ticket.opened", subject=f"ticket:{first.code}").count() == 1


def test_a_double_submit_opens_one_ticket_and_writes_one_message() -> None:
    who = people.person()
    first = desk.ticket(who, once="abc")
    assert desk.ticket(who, once="abc") == first
    assert desk.ticket(people.person(), once="abc") != first  # another person's token is another one
    message = desk.ask_again(first, once="def")
    assert desk.ask_again(first, once="def") == message
    note = desk.note(first, people.staff(), once="ghi")
    assert first.messages.filter(kind=MessageKind.NOTE).get() == note


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        ({"subject": "  ", "text": ""}, {"subject": ["required"], "text": ["required"]}),
        ({"subject": "x" * 201}, {"subject": ["too_long"]}),
        ({"text": "x" * 50_001}, {"text": ["too_long"]}),
        ({"text": "a\x00b"}, {"text": ["ticket.not_text"]}),
        ({"subject": "a\x00b"}, {"subject": ["ticket.not_text"]}),
        ({"uploads": [Upload("a", b"")]}, {"files": ["ticket.file_empty"]}),
        ({"uploads": [Upload("a", b"x")] * (MAX_FILES + 1)}, {"files": ["ticket.too_many_files"]}),
    ],
)
def test_bad_input_names_its_field_and_leaves_nothing(draft: dict[str, object], fields: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidInput) as problem:
        desk.ticket(**draft)  # type: ignore[arg-type]
    assert problem.value.fields == fields
    assert not Ticket.objects.exists()


def test_as_1_tickets_go_round_the_present_technicians() -> None:
    technicians = [people.staff() for _ in range(3)]
    absent = people.staff()
    people.manager()
    away(absent)
    taken = [desk.ticket().assignee for _ in range(7)]
    counts = [taken.count(person) for person in technicians]
    assert sum(counts) == 7
    assert max(counts) - min(counts) <= 1
    assert absent not in taken


def test_as_1_each_queue_has_its_own_turn_and_its_own_people() -> None:
    tereza, tomas = people.staff(), people.staff()
    actions.set_members(desk.queue(Purpose.GENERAL), [tomas], by=system(), at=AT)
    assert [desk.ticket(purpose=Purpose.GENERAL).assignee for _ in range(3)] == [tomas] * 3
    assert [desk.ticket(purpose=Purpose.VIP).assignee for _ in range(2)] == [tereza, tomas]
    actions.set_members(desk.queue(Purpose.GENERAL), [], by=system(), at=AT)
    assert {desk.ticket(purpose=Purpose.GENERAL).assignee for _ in range(2)} == {tereza, tomas}


def test_as_1_nobody_present_leaves_it_unassigned_and_tells_the_managers(told) -> None:  # type: ignore[no-untyped-def]
    manager = people.manager()
    away(people.staff())
    ticket = desk.ticket()
    assert ticket.assignee is None
    assert [mail.to_address for mail in told("ticket.unassigned")] == [manager.email]
    assert ticket.messages.filter(event=Event.NOBODY_PRESENT).exists()
    assert not told("ticket.assigned")


def test_vi_4_nobody_is_technician_in_his_own_ticket() -> None:
    tereza = people.staff()
    tomas = people.staff()
    company = people.company()
    people.member(company, Role.VIEWER, tereza)
    tickets = [desk.ticket(company.memberships.get(role=Role.OWNER).person, company) for _ in range(3)]
    assert {ticket.assignee for ticket in tickets} == {tomas}
    with pytest.raises(Refused) as refusal:
        actions.assign(tickets[0], tereza, by=people.actor(tomas), at=AT)
    assert refusal.value.decision.code == "ticket.own"


def test_an_answer_opens_the_ticket_and_stops_the_first_clock() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    desk.note(ticket, technician, at=AT + HOUR)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_answered_at, ticket.waiting_since) == (State.NEW, None, AT)  # SLA-8: a note is no answer
    desk.answer(ticket, technician, at=AT + 2 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_answered_at, ticket.waiting_since) == (State.OPEN, AT + 2 * HOUR, None)
    desk.ask_again(ticket, at=AT + 3 * HOUR)
    desk.ask_again(ticket, at=AT + 4 * HOUR)
    ticket.refresh_from_db()
    assert ticket.waiting_since == AT + 3 * HOUR  # SLA-10: the first one that is not answered
    desk.answer(ticket, technician, then=State.WAITING_CUSTOMER, at=AT + 5 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_answered_at) == (State.WAITING_CUSTOMER, AT + 2 * HOUR)
    desk.ask_again(ticket, at=AT + 6 * HOUR)
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN


def test_sla_4_the_history_has_every_interval() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    desk.answer(ticket, technician, then=State.WAITING_CUSTOMER, at=AT + HOUR)
    desk.ask_again(ticket, at=AT + 2 * HOUR)
    actions.change_state(ticket, State.SOLVED, by=people.actor(technician), at=AT + 3 * HOUR)
    history = [(c.state, c.from_at, c.until_at) for c in ticket.state_changes.all()]
    assert history == [
        (State.NEW, AT, AT + HOUR),
        (State.WAITING_CUSTOMER, AT + HOUR, AT + 2 * HOUR),
        (State.OPEN, AT + 2 * HOUR, AT + 3 * HOUR),
        (State.SOLVED, AT + 3 * HOUR, None),
    ]


def test_sc_3_writing_reopens_a_solved_ticket_for_14_days() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    desk.answer(ticket, technician, then=State.SOLVED, at=AT)
    desk.ask_again(ticket, at=AT + timedelta(days=10))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopened, ticket.solved_at) == (State.OPEN, 1, None)
    actions.change_state(ticket, State.SOLVED, by=people.actor(technician), at=AT + timedelta(days=11))
    with pytest.raises(Refused) as refusal:
        desk.ask_again(ticket, at=AT + timedelta(days=25))
    assert refusal.value.decision.code == "ticket.too_late_to_reopen"
    assert ticket.messages.filter(side=Side.CUSTOMER, kind=MessageKind.PUBLIC).count() == 2


def test_a_customer_closes_and_reopens() -> None:
    ticket = desk.ticket()
    by = people.actor(ticket.requester)
    closed = actions.close(ticket, by=by, at=AT + HOUR)
    assert (closed.state, closed.solved_at, closed.rank) == (State.CLOSED, AT + HOUR, 250)
    with pytest.raises(Refused):
        actions.close(ticket, by=by, at=AT + HOUR)
    again = actions.reopen(ticket, by=by, at=AT + 2 * HOUR)
    assert (again.state, again.reopened, again.waiting_since) == (State.OPEN, 1, AT + 2 * HOUR)
    with pytest.raises(Refused):
        actions.reopen(ticket, by=by, at=AT + 2 * HOUR)


def test_solved_tickets_are_closed_when_nobody_may_reopen_them() -> None:
    technician = people.staff()
    old, young = desk.ticket(), desk.ticket()
    actions.change_state(old, State.SOLVED, by=people.actor(technician), at=AT)
    actions.change_state(young, State.SOLVED, by=people.actor(technician), at=AT + timedelta(days=1))
    assert actions.close_forgotten(by=system(), at=AT + timedelta(days=14)) == 1
    assert actions.close_forgotten(by=system(), at=AT + timedelta(days=14)) == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.solved_at, young.state) == (State.CLOSED, AT, State.SOLVED)


def test_cl_1_an_answer_written_over_a_newer_message_is_asked_about() -> None:
    tereza, tomas = people.staff(name="Tereza"), people.staff(name="Tomáš")
    ticket = desk.ticket()
    desk.answer(ticket, tereza, "Mine.", seen=1)
    with pytest.raises(Refused) as refusal:
        desk.answer(ticket, tomas, "Over it.", seen=1)
    assert refusal.value.decision.code == "ticket.newer_message"
    assert refusal.value.decision.facts("ticket.newer_message")["author"] == "Tereza"
    assert [m.text for m in queries.newer_than(Ticket.objects.get(pk=ticket.pk), 1, tomas.pk)] == ["Mine."]
    desk.answer(ticket, tomas, "After reading.", seen=2)
    desk.answer(ticket, tomas, "My own does not count.", seen=2)
    actions.set_priority(ticket, Priority.HIGH, by=people.actor(tereza), at=AT)
    desk.answer(ticket, tereza, "Nor do events.", seen=4)
    ticket.refresh_from_db()
    assert ticket.revision == 5


def test_care_moves_the_ticket_and_says_so() -> None:
    tereza, tomas = people.staff(), people.staff()
    ticket = desk.ticket(support=refuse("support.expired"))
    by = people.actor(tereza)
    before = ticket.rank
    assert actions.set_priority(ticket, Priority.URGENT, by=by, at=AT).rank < before
    assert actions.move_queue(ticket, desk.queue(Purpose.GENERAL), by=by, at=AT).queue.code == "general"
    assert actions.assign(ticket, tomas, by=by, at=AT).assignee == tomas
    assert actions.assign(ticket, None, by=by, at=AT).assignee is None
    assert actions.set_private(ticket, True, by=by, at=AT).is_private
    events = list(ticket.messages.filter(kind=MessageKind.EVENT).values_list("event", flat=True))
    assert events == ["assigned_in_turn", "priority", "queue", "assigned", "unassigned", "privacy"]
    with pytest.raises(Refused) as refusal:
        actions.assign(ticket, people.staff(StaffRole.MODERATOR), by=by, at=AT)
    assert refusal.value.decision.code == "ticket.not_a_technician"


def test_doing_what_is_so_already_writes_nothing() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    by = people.actor(technician)
    count = Message.objects.count(), Entry.objects.count()
    actions.assign(ticket, technician, by=by, at=AT)
    actions.set_priority(ticket, Priority.NORMAL, by=by, at=AT)
    actions.move_queue(ticket, ticket.queue, by=by, at=AT)
    actions.change_state(ticket, State.NEW, by=by, at=AT)
    actions.set_private(ticket, False, by=by, at=AT)
    assert (Message.objects.count(), Entry.objects.count()) == count


def test_participants_members_for_customers_anybody_for_technicians() -> None:
    technician = people.staff()
    company = people.company()
    colleague = people.member(company)
    ticket = desk.ticket(company.memberships.get(role=Role.OWNER).person, company)
    by = people.actor(ticket.requester)
    assert actions.add_participant(ticket, f" {colleague.email.upper()} ", side=Side.CUSTOMER, by=by, at=AT).person == colleague
    with pytest.raises(InvalidInput) as problem:
        actions.add_participant(ticket, "stranger@other.example", side=Side.CUSTOMER, by=by, at=AT)
    assert problem.value.fields == {"email": ["ticket.not_a_member"]}
    with pytest.raises(InvalidInput):
        actions.add_participant(ticket, "not an address", side=Side.STAFF, by=by, at=AT)
    guest = actions.add_participant(ticket, "stranger@other.example", side=Side.STAFF, by=people.actor(technician), at=AT)
    assert guest.person is None
    actions.add_participant(ticket, "stranger@other.example", side=Side.STAFF, by=people.actor(technician), at=AT)
    assert Participant.objects.count() == 2


def test_sc_11_an_attachment_is_stored_without_the_password() -> None:
    log = Upload("C:\\logs\\sync.log", b"user=jana\npassword=hunter2secret\n", "text/plain")
    ticket = desk.ticket(uploads=[log])
    kept = Attachment.objects.get()
    assert (kept.name, kept.secrets_removed) == ("sync.log", 1)
    assert b"hunter2" not in content_of(kept.file)
    assert kept.size == len(content_of(kept.file))
    assert ticket.messages.get(kind=MessageKind.PUBLIC).files == 1


def test_the_support_of_the_opening_is_kept() -> None:
    who = people.person()
    ticket = actions.open_ticket(
        Draft("A bill", "Where is it?"),
        customer=people.customer_of(who),
        requester=who,
        queue=desk.queue(Purpose.LICENCE_BILLING),
        support=SupportSnapshot(),
        by=people.actor(who),
        at=AT,
    )
    assert (ticket.support_code, ticket.is_vip) == ("ok", False)
    desk.answer(ticket, people.staff(), then=State.WAITING_VENDOR)
    with pytest.raises(InvalidInput):
        actions.reply(ticket, Words(" "), side=Side.CUSTOMER, by=people.actor(who), at=AT)


def test_queues_are_made_once_and_checked() -> None:
    assert desk.queue() == desk.queue()
    with pytest.raises(InvalidInput):
        actions.create_queue(code="vip", purpose=Purpose.VIP, name_cs="A", name_en="A", by=system(), at=AT)
    with pytest.raises(InvalidInput):
        actions.create_queue(code="", purpose=Purpose.VIP, name_cs="", name_en="A", by=system(), at=AT)
    mine = actions.create_queue(
        code="calendar", purpose=Purpose.TECHNICAL, name_cs="Kalendář", name_en="Calendar", by=system(), at=AT
    )
    assert not mine.needs_support
