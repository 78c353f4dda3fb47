"""Several people at once, each with a connection of his own."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.desk import actions
from podpora.desk.models import Message, RoundRobin, StateChange, Ticket
from podpora.desk.values import Assignment, MessageKind, Purpose, State, Targets
from tests.make import clocks, desk, people
from tests.make.races import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def test_as_1_numbers_are_unique_and_the_turn_is_fair() -> None:
    technicians = [people.staff() for _ in range(3)]
    customers = [people.person() for _ in range(8)]
    desk.queue()
    opened = together(8, lambda n: [desk.ticket(customers[n]) for _ in range(2)])
    tickets = [ticket for pair in opened for ticket in pair]
    assert len({ticket.number for ticket in tickets}) == 16
    counts = Counter(ticket.assignee for ticket in tickets)
    assert set(counts) == set(technicians)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_first_tickets_of_a_new_installation_make_one_queue_and_one_turn() -> None:
    people.staff()
    customers = [people.person() for _ in range(4)]
    opened = together(4, lambda n: desk.ticket(customers[n], purpose=Purpose.GENERAL))
    assert {type(ticket) for ticket in opened} == {Ticket}
    assert RoundRobin.objects.count() == 1


def test_the_same_form_sent_twice_at_once_opens_one_ticket() -> None:
    who = people.person()
    desk.queue()
    opened = together(4, lambda _n: desk.ticket(who, once="token"))
    assert len({ticket.pk for ticket in opened}) == 1
    assert Message.objects.filter(kind=MessageKind.PUBLIC).count() == 1


def test_cl_1_of_two_answers_at_once_one_is_asked() -> None:
    first, second = people.staff(), people.staff()
    ticket = desk.ticket()
    results = together(2, lambda n: desk.answer(ticket, (first, second)[n], seen=1))
    assert sorted(type(result).__name__ for result in results) == ["Message", "Refused"]
    assert isinstance(next(r for r in results if not isinstance(r, Message)), Refused)


def test_a_ticket_is_in_one_state_whoever_moves_it() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    states = [State.SOLVED, State.WAITING_CUSTOMER, State.WAITING_VENDOR, State.CLOSED]
    together(4, lambda n: actions.change_state(ticket, states[n], by=people.actor(technician), at=AT))
    ticket.refresh_from_db()
    assert StateChange.objects.get(ticket=ticket, until_at=None).state == ticket.state
    assert (ticket.solved_at is None) is not ticket.is_done


def test_as_1_by_load_is_fair_under_parallel_creation() -> None:
    technicians = [people.staff() for _ in range(3)]
    customers = [people.person() for _ in range(8)]
    actions.set_assignment(desk.queue(), Assignment.BY_LOAD, None, by=people.actor(technicians[0]), at=AT)
    opened = together(8, lambda n: [desk.ticket(customers[n]) for _ in range(2)])
    counts = Counter(ticket.assignee for pair in opened for ticket in pair)
    assert set(counts) == set(technicians)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_sla_15_two_workers_at_once_tell_once() -> None:
    clocks.sla(targets=Targets(60), of=clocks.round_the_clock())
    tickets = [desk.ticket() for _ in range(4)]
    late = AT + timedelta(hours=3)
    together(3, lambda _n: actions.tell_of_clocks(by=clocks.BY, at=late))
    assert Entry.objects.filter(verb="ticket.sla_breached").count() == len(tickets)


def test_sla_4_a_recount_beside_answers_ends_where_an_answer_alone_would() -> None:
    clocks.sla(targets=Targets(60, solution=600), of=clocks.round_the_clock())
    technician = people.staff()
    tickets = [desk.ticket() for _ in range(4)]
    clocks.sla(targets=Targets(90, solution=900))

    def work(n: int) -> None:
        if n == 0:
            actions.recount(at=AT)
        else:
            desk.answer(tickets[n], technician, at=AT + timedelta(minutes=30))

    together(4, work)
    while not actions.recount(at=AT):
        pass
    rows = list(Ticket.objects.order_by("pk").values_list("first_response_diff", "solution_due_at"))
    assert rows == [(None, AT + timedelta(minutes=900))] + [(60, AT + timedelta(minutes=900))] * 3
