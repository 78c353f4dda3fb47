"""Several people at the same tickets at once: merges, undo and sending, drafts, replies into what is being merged."""

from datetime import timedelta

import pytest

from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.desk import actions, queries
from podpora.desk.models import Merge, Message, Rating, RuleRun, SavedDraft, StateChange, Ticket
from podpora.desk.values import MessageKind, ScheduledState, Side, State, Words
from tests.make import desk, people
from tests.make.races import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT = desk.AT
SYSTEM = system("test")


def test_ru_3_both_directions_at_once_merge_one_way() -> None:
    who = people.person()
    one, two = desk.ticket(who, text="one"), desk.ticket(who, text="two")
    pairs = [(one, two), (two, one)]
    ends = together(4, lambda n: actions.merge(*pairs[n % 2], by=SYSTEM, at=AT))
    assert sum(isinstance(end, Ticket) for end in ends) == 1
    assert all(isinstance(end, Ticket | Refused) for end in ends), ends
    assert Ticket.objects.filter(state=State.MERGED).count() == 1
    end = queries.end_of(one)
    assert Message.objects.filter(ticket=end, kind=MessageKind.PUBLIC).count() == 2


def test_ru_3_a_ring_of_merges_ends_in_one_ticket() -> None:
    who = people.person()
    tickets = [desk.ticket(who, text=str(n)) for n in range(4)]
    ends = together(4, lambda n: actions.merge(tickets[n], tickets[(n + 1) % 4], by=SYSTEM, at=AT))
    assert all(isinstance(end, Ticket | Refused) for end in ends), ends
    assert Ticket.objects.exclude(state=State.MERGED).count() == 1
    assert len({queries.end_of(ticket).pk for ticket in tickets}) == 1
    assert Message.objects.filter(ticket=queries.end_of(tickets[0]), kind=MessageKind.PUBLIC).count() == 4


def test_a_reply_while_merging_is_lost_nowhere() -> None:
    who = people.person()
    one, two = desk.ticket(who), desk.ticket(who)

    def act(n: int) -> object:
        if n == 0:
            return actions.merge(one, two, by=SYSTEM, at=AT)
        return actions.reply(one, Words(f"word {n}"), side=Side.CUSTOMER, by=people.actor(who), at=AT)

    ends = together(4, act)
    assert not [end for end in ends if isinstance(end, BaseException)], ends
    assert Message.objects.filter(ticket=two, kind=MessageKind.PUBLIC).count() == 5
    assert not Message.objects.filter(ticket=one, kind=MessageKind.PUBLIC).exists()


def test_unmerging_twice_at_once_moves_back_once() -> None:
    who = people.person()
    one, two = desk.ticket(who), desk.ticket(who)
    actions.merge(one, two, by=SYSTEM, at=AT)
    ends = together(3, lambda _n: actions.unmerge(one, by=SYSTEM, at=AT))
    assert sorted(type(end).__name__ for end in ends) == ["Refused", "Refused", "Ticket"]
    two.refresh_from_db()
    assert (two.took_in, Merge.objects.get().undone_at) == (0, AT)


def test_undo_and_sending_at_one_moment_one_of_them_happens() -> None:
    technician = people.staff()
    by = people.actor(technician)
    for _round in range(3):
        ticket = desk.ticket()
        scheduled = actions.schedule(ticket, Words("Now or never"), AT + timedelta(seconds=20), by=by, at=AT)
        acts = [
            lambda s=scheduled: actions.withdraw(s, by=by, at=AT),
            lambda s=scheduled: actions.send_due(s.code, at=AT + timedelta(seconds=20)),
        ]
        together(4, lambda n, acts=acts: acts[n % 2]())
        scheduled.refresh_from_db()
        sent = Message.objects.filter(ticket=ticket, side=Side.STAFF, kind=MessageKind.PUBLIC).count()
        assert (scheduled.state, sent) in ((ScheduledState.SENT, 1), (ScheduledState.WITHDRAWN, 0))


def test_the_same_answer_is_sent_once_by_many_workers() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    scheduled = actions.schedule(ticket, Words("Once"), AT, by=people.actor(technician), at=AT)
    together(5, lambda _n: actions.send_due(scheduled.code, at=AT))
    assert Message.objects.filter(ticket=ticket, side=Side.STAFF, kind=MessageKind.PUBLIC).count() == 1


def test_two_windows_save_one_draft_and_one_is_told() -> None:
    technician = people.staff()
    ticket = desk.ticket()
    ends = together(4, lambda n: actions.save_draft(ticket, technician, actions.Writing(f"text {n}"), at=AT))
    assert sum(isinstance(end, SavedDraft) for end in ends) == 1
    assert all(isinstance(end, SavedDraft | Refused) for end in ends), ends
    assert SavedDraft.objects.count() == 1


def test_two_colleagues_take_one_draft_and_one_gets_it() -> None:
    first, *others = (people.staff() for _ in range(4))
    draft = actions.save_draft(desk.ticket(), first, actions.Writing("half"), at=AT)
    together(3, lambda n: actions.take_draft(draft, others[n], by=people.actor(others[n]), at=AT))
    assert SavedDraft.objects.count() == 1
    assert SavedDraft.objects.get().person in others


def test_waking_rules_and_questions_happen_once_whoever_runs_the_job() -> None:
    technician = people.staff()
    by = people.actor(technician)
    asleep, waits, solved = (desk.ticket() for _ in range(3))
    rule = actions.RulePlan("Remind", [{"do": "note", "text": "reminder"}], state="waiting_customer", after_minutes=5)
    actions.save_time_rule(rule, by=SYSTEM, at=AT)
    actions.snooze(asleep, AT + timedelta(hours=1), by=by, at=AT)
    desk.answer(waits, technician, then=State.WAITING_CUSTOMER)
    desk.answer(solved, technician, then=State.SOLVED)
    late = AT + timedelta(hours=2)
    jobs = [
        lambda: actions.wake_due(by=SYSTEM, at=late),
        lambda: actions.run_time_rules(at=late),
        lambda: actions.ask_due(by=SYSTEM, at=late),
    ]
    ends = together(6, lambda n: jobs[n % 3]())
    assert not [end for end in ends if isinstance(end, BaseException)], ends
    assert Message.objects.filter(ticket=asleep, event="woken").count() == 1
    assert Message.objects.filter(ticket=waits, kind=MessageKind.NOTE, text="reminder").count() == 1
    assert (RuleRun.objects.count(), Rating.objects.count()) == (1, 1)


def test_two_technicians_answer_merge_and_close_at_one_instant() -> None:
    """Whoever comes first: every word stands once where the customer reads it, the ticket is in one state, and nobody sees an error."""
    who, first, second = people.person(), people.staff(), people.staff()
    for _round in range(3):
        one, two = desk.ticket(who, text="one"), desk.ticket(who, text="two")
        acts = [
            lambda one=one: desk.answer(one, first, "An answer", once=f"answer:{one.code}"),
            lambda one=one: desk.answer(one, first, "An answer", once=f"answer:{one.code}"),  # S21: the same form, sent twice
            lambda one=one, two=two: actions.merge(one, two, by=people.actor(second), at=AT),
            lambda one=one: actions.change_state(one, State.CLOSED, by=people.actor(second), at=AT),
        ]
        ends = together(4, lambda n, acts=acts: acts[n]())
        assert not [end for end in ends if isinstance(end, BaseException) and not isinstance(end, Refused)], ends
        one.refresh_from_db()
        place = queries.end_of(one)
        said = Message.objects.filter(kind=MessageKind.PUBLIC, side=Side.STAFF, ticket__in=[one, two])
        assert [message.ticket_id for message in said] in ([place.pk], [])
        assert said.count() == any(isinstance(end, Message) for end in ends[:2])
        for ticket in (one, two):
            assert StateChange.objects.filter(ticket=ticket, until_at=None).count() == 1
        customers = Message.objects.filter(kind=MessageKind.PUBLIC, side=Side.CUSTOMER, ticket__in=[one, two])
        assert sorted(customers.values_list("text", flat=True)) == ["one", "two"]
