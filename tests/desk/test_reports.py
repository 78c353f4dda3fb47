"""Reports: literal numbers over a small history, who may count what, and the same statements whatever the number of tickets."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from podpora.base.decisions import Decision, allow, refuse
from podpora.desk import actions, queries
from podpora.desk.models import Queue, Rating, Refusal, Tag, Ticket, TicketTag, TimeEntry
from podpora.desk.values import Grouping, Period, Purpose, Score, State, Targets, Via
from podpora.people.models import Person
from tests.make import clocks, desk, people

pytestmark = pytest.mark.django_db
AT = desk.AT
WEEK = Period(date(2026, 3, 16), date(2026, 3, 22))
HOUR = timedelta(hours=1)
END = datetime(2026, 3, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def history() -> Person:
    """Three tickets of one technician: answered in time and solved in time, answered late, untouched; and one a week before."""
    clocks.sla(targets=Targets(120, solution=480), of=clocks.round_the_clock())
    technician = people.staff(name="Tereza")
    desk.ticket(at=AT - timedelta(days=7))
    good, late, _fresh = (desk.ticket(at=AT + n * HOUR, subject="Kalendář se nesynchronizuje") for n in range(3))
    desk.answer(good, technician, at=AT + HOUR, then=State.SOLVED)
    desk.answer(late, technician, at=AT + 4 * HOUR)
    for ticket, score in ((good, Score.GOOD), (late, Score.BAD)):
        Rating.objects.update_or_create(ticket=ticket, defaults={"score": score, "rated_at": AT + 5 * HOUR, "token_digest": None})
    TimeEntry.objects.create(code="TE-1", ticket=good, person=technician, minutes=25, worked_at=AT)
    tag = Tag.objects.create(name="calendar")
    TicketTag.objects.bulk_create([TicketTag(ticket=good, tag=tag), TicketTag(ticket=late, tag=tag)])
    Ticket.objects.filter(pk=good.pk).update(app_version="10.1", language="cs")
    return technician


def numbers(by: Grouping = Grouping.QUEUE) -> dict[str, tuple[int, int, int, int]]:
    rows = queries.groups(queries.readable(None), WEEK, by, at=END, language="en")
    return {row.name: (row.measured.opened, row.measured.solved, row.measured.kept, row.measured.missed) for row in rows}


def test_the_numbers_of_a_period_and_of_the_one_before(history: Person) -> None:
    found = queries.report(WEEK, Grouping.QUEUE, None, at=END, language="en")
    now = found.now
    assert (now.opened, now.solved, now.first_response, now.solution) == (3, 1, 120.0, 60.0)
    assert (now.kept, now.missed, now.kept_share) == (2, 4, 33)  # two of four that nobody answered or solved in time are still open
    assert (now.good, now.bad, now.good_share, now.spent) == (1, 1, 50, 25)
    assert (found.before.opened, found.before.solved, found.before.kept_share) == (1, 0, 0)
    assert [point for point in found.volume if any(point[1:])] == [(date(2026, 3, 16), 3, 1)]
    assert found.backlog == [(1, 0), (3, 0), (7, 2), (30, 1), (None, 0)]
    assert (found.topics, found.words) == ([("calendar", 2)], [("kalendář", 3), ("nesynchronizuje", 3)])


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (Grouping.QUEUE, {"VIP support": (3, 1, 2, 4)}),
        (Grouping.TECHNICIAN, {"Tereza": (3, 1, 2, 4)}),
        (Grouping.VERSION, {"10.1": (1, 1, 2, 0), "": (2, 0, 0, 4)}),
        (Grouping.TAG, {"calendar": (2, 1, 2, 2), "": (1, 0, 0, 2)}),
        (Grouping.LANGUAGE, {"cs": (1, 1, 2, 0), "": (2, 0, 0, 4)}),
    ],
)
def test_by_group(history: Person, by: Grouping, rows: dict[str, tuple[int, int, int, int]]) -> None:
    assert numbers(by) == rows


def test_vi_3_a_technician_counts_the_tickets_of_his_queues_and_a_manager_all(history: Person) -> None:
    stranger, manager = people.staff(), people.manager()
    actions.set_members(Queue.objects.get(), [history], by=clocks.BY, at=AT)
    counted = {who: queries.report(WEEK, Grouping.QUEUE, who, at=END, language="en") for who in (stranger, history, manager)}
    assert [counted[who].now.opened for who in (stranger, history, manager)] == [0, 3, 3]
    assert counted[stranger].groups == [] and counted[stranger].words == []


def test_who_asked_without_support_and_where_he_was_sent() -> None:
    person, free = people.person(), allow("support.not_needed")
    desk.ticket(support=free, purpose=Purpose.GENERAL)
    for _twice in range(2):
        actions.note_refusal(person, refuse("support.expired", through=date(2026, 1, 1), licence="L-1"), Via.WEB, at=AT)
    actions.note_refusal(people.person(), Decision(), Via.API, at=AT)
    assert Refusal.objects.count() == 1
    found = queries.report(WEEK, Grouping.QUEUE, None, at=END, language="en")
    assert found.without_support == [("pro", "General questions", 1)]
    assert {(code, n) for code, _way, n in found.refusals} == {("support.expired", 1)}
    assert {way for _code, way, _n in found.refusals} >= {"buy", "forum"}
    technician = queries.report(WEEK, Grouping.QUEUE, people.staff(), at=END, language="en")
    assert technician.refusals == ()


def test_an_empty_period_is_empty() -> None:
    found = queries.report(WEEK, Grouping.TAG, None, at=END, language="cs")
    assert (found.now.opened, found.now.first_response, found.groups, found.words) == (0, None, [], [])
    assert len(found.volume) == 7


@pytest.mark.parametrize("tickets", [1, 3])
def test_as_many_statements_whatever_there_is(django_assert_num_queries: DjangoAssertNumQueries, tickets: int) -> None:
    for _ in range(tickets):
        desk.ticket()
    with django_assert_num_queries(20):
        queries.report(WEEK, Grouping.QUEUE, None, at=END, language="en")
