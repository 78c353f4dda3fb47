"""Who gets a ticket: by turn, load, skill and language; who stands in; what comes back (AS-1, AS-2, AS-3, SC-10, SLA-20)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.desk import actions, queries, rules
from podpora.desk.models import Absence, Queue, Ticket
from podpora.desk.values import AbsenceWish, Assignment, Candidate, Need, ProfileWish, Purpose, State, Targets
from podpora.notifications.models import InboxEntry
from podpora.people.models import Person
from podpora.people.values import StaffRole
from tests.make import clocks, desk, people

AT = desk.AT  # a Monday, 9:00 UTC
TODAY = date(2026, 3, 16)
ROUND, LOAD = Assignment.ROUND_ROBIN, Assignment.BY_LOAD


# The rules.


def test_as_1_nobody_is_nobody_and_never_everybody() -> None:
    away, full, asleep = Candidate(1, is_away=True), Candidate(2, load=5, cap=5), Candidate(3, is_working=False)
    assert rules.choose(ROUND, [], Need(), None) is None
    assert rules.choose(ROUND, [away, full, asleep], Need(), None) is None
    assert rules.choose(ROUND, [Candidate(4)], Need(frozenset({"mac"})), None) is None
    assert rules.choose(Assignment.MANUAL, [Candidate(4)], Need(), None) is None


def test_as_1_by_load_takes_the_least_and_goes_round_among_equals() -> None:
    people_ = [Candidate(1, 3), Candidate(2, 1), Candidate(3, 1)]
    choice = rules.choose(LOAD, people_, Need(), 2)
    assert choice is not None and (choice.person, choice.why, choice.among, choice.load) == (3, "load", 2, 1)


def test_skills_are_all_needed_and_a_language_counts_where_somebody_speaks_it() -> None:
    both = Candidate(1, skills=frozenset({"mac", "imap"}), languages=frozenset({"cs", "de"}))
    one = Candidate(2, skills=frozenset({"mac"}), languages=frozenset({"cs"}))
    assert [c.id for c in rules.eligible([both, one], Need(frozenset({"mac"})))] == [1, 2]
    assert [c.id for c in rules.eligible([both, one], Need(frozenset({"mac", "imap"})))] == [1]
    assert [c.id for c in rules.eligible([both, one], Need(language="de"))] == [1]
    assert [c.id for c in rules.eligible([both, one], Need(language="pl"))] == [1, 2]
    away = Candidate(3, languages=frozenset({"pl"}), is_away=True)
    assert rules.eligible([both, one, away], Need(language="pl")) == [], "somebody speaks it: he is waited for"


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6, unique=True), st.integers(1, 40))
def test_as_1_by_turn_is_fair_whoever_is_there(ids: list[int], tickets: int) -> None:
    last, taken = None, dict.fromkeys(ids, 0)
    for _ in range(tickets):
        choice = rules.choose(ROUND, [Candidate(each) for each in ids], Need(), last)
        assert choice is not None
        last = choice.person
        taken[last] += 1
    assert max(taken.values()) - min(taken.values()) <= 1


@pytest.mark.parametrize(
    ("away", "who"),
    [
        ({1: 2}, 2), ({1: None}, None), ({1: 2, 2: 3}, 3), ({1: 2, 2: 3, 3: 4, 4: 5}, 5), ({1: 2, 2: None}, None),
        ({1: 2, 2: 1}, None), ({1: 2, 2: 3, 3: 2}, None), ({1: 1}, None), ({2: 3}, None),
    ],
)  # fmt: skip
def test_as_2_stand_ins_are_transitive_and_circles_end(away: dict[int, int | None], who: int | None) -> None:
    assert rules.stand_in_for(1, away) == who


# On real tickets.


@pytest.fixture
def team(db: None) -> list[Person]:
    return [people.staff() for _ in range(3)]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("queue", "assignee").get(pk=ticket.pk)


def assigned(**more: object) -> Person | None:
    return fresh(desk.ticket(**more)).assignee  # type: ignore[arg-type]


def away(person: Person, stand_in: Person | None = None, *, days: int = 5, start: date = TODAY) -> Absence:
    wish = AbsenceWish(start, start + timedelta(days=days - 1), stand_in.code if stand_in else "")
    return actions.add_absence(person, wish, by=clocks.BY, at=AT)


def test_as_1_by_turn_over_real_tickets(team: list[Person]) -> None:
    assert [assigned() for _ in range(6)] == team + team


def test_as_1_why_he_was_chosen_stands_in_the_history(team: list[Person]) -> None:
    ticket = desk.ticket()
    assert ticket.messages.filter(kind="event").get().event == "assigned_in_turn"
    entry = Entry.objects.get(verb="ticket.assigned", subject=f"ticket:{ticket.code}")
    assert (entry.facts["why"], entry.facts["among"]) == ("turn", 3)


def test_sla_20_load_counts_only_tickets_whose_clock_runs(team: list[Person]) -> None:
    clocks.sla(targets=Targets(600, solution=6000))
    first, second, third = team
    waiting = desk.ticket()
    desk.answer(waiting, first, then=State.WAITING_CUSTOMER)
    done = desk.ticket()
    desk.answer(done, second, then=State.SOLVED)
    desk.ticket()
    assert queries.loads(person.pk for person in team) == {third.pk: 1}
    actions.set_assignment(desk.queue(), LOAD, None, by=clocks.BY, at=AT)
    assert {assigned(), assigned()} == {first, second}
    event = Ticket.objects.order_by("-pk").first()
    assert event is not None and event.messages.filter(event="assigned_by_load").count() == 1


def test_a_cap_skips_who_has_enough(team: list[Person]) -> None:
    actions.set_profile(team[0], ProfileWish(cap=1), by=clocks.BY, at=AT)
    assert [assigned() for _ in range(5)] == [team[0], team[1], team[2], team[1], team[2]]


def test_outside_of_his_hours_nobody_gets_new_tickets(team: list[Person]) -> None:
    clocks.calendar("mornings")
    actions.set_profile(team[0], ProfileWish(calendar="mornings"), by=clocks.BY, at=AT)
    sunday = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
    assert [assigned(at=sunday) for _ in range(3)] == [team[1], team[2], team[1]]
    assert assigned(at=AT) == team[2]
    assert assigned(at=AT) == team[0]


def test_by_skill_of_queue_and_platform(team: list[Person]) -> None:
    names = ("Apple", "Apple")
    actions.save_skill("mac", names, platforms=["macOS", " "], by=clocks.BY, at=AT)
    actions.set_profile(team[1], ProfileWish(["mac"]), by=clocks.BY, at=AT)
    ticket = desk.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(platform="macOS 15")
    assert queries.need_of(fresh(ticket)).skills == {"mac"}
    actions.save_skill("mac", names, queues=["vip"], by=clocks.BY, at=AT)
    chosen = desk.ticket()
    assert fresh(chosen).assignee == team[1]
    event = chosen.messages.get(event="assigned_by_skill")
    assert event.event_facts == {"to": str(team[1]), "skills": "mac"}
    actions.set_profile(team[1], ProfileWish(), by=clocks.BY, at=AT)
    assert assigned() is None


def test_as_1_nobody_can_the_managers_are_told_once_and_the_next_who_can_gets_it(team: list[Person]) -> None:
    manager = people.manager()
    for person in team:
        away(person)
    ticket = desk.ticket()
    assert (fresh(ticket).assignee, fresh(ticket).waits_for_turn) == (None, True)
    told = InboxEntry.objects.filter(kind="ticket.unassigned")
    assert [entry.person_id for entry in told] == [manager.pk]
    later = AT + timedelta(days=2)
    assert actions.assign_waiting(by=clocks.BY, at=later) == 0
    actions.end_absence(Absence.objects.get(person=team[1]), by=clocks.BY, at=later)
    assert actions.assign_waiting(by=clocks.BY, at=later) == 1
    assert (fresh(ticket).assignee, told.count()) == (team[1], 1)
    assert actions.assign_waiting(by=clocks.BY, at=later) == 0


def test_manual_queues_wait_without_an_alarm(team: list[Person]) -> None:
    actions.set_assignment(desk.queue(), Assignment.MANUAL, None, by=clocks.BY, at=AT)
    assert assigned() is None
    assert not InboxEntry.objects.filter(kind="ticket.unassigned").exists()


def test_as_2_the_absent_get_nothing_new_and_past_the_end_it_is_off_everywhere(team: list[Person]) -> None:
    away(team[0], team[1], days=2)
    assert [assigned() for _ in range(3)] == [team[1], team[2], team[1]]
    ends = AT + timedelta(days=1)
    assert queries.stand_in_of(team[0], at=ends) == team[1]
    after = AT + timedelta(days=2)
    assert (queries.stand_in_of(team[0], at=after), queries.absent_for(team[1], at=after)) == (None, [])
    assert team[0] in {assigned(at=after) for _ in range(3)}


def test_as_2_the_stand_in_is_told_and_has_a_view(team: list[Person]) -> None:
    mine, theirs = desk.ticket(), desk.ticket()
    assert (fresh(mine).assignee, fresh(theirs).assignee) == (team[0], team[1])
    away(team[0], team[1])
    away(team[1], team[2])
    desk.ask_again(mine)
    heard = set(InboxEntry.objects.filter(kind="ticket.replied").values_list("person_id", flat=True))
    assert heard == {team[0].pk, team[2].pk}, "through the one who is away himself"
    seen = queries.of_view(queries.sight_of(team[2]).tickets, "stand_in", team[2], at=AT)
    assert set(seen) == {mine, theirs}
    assert queries.absent_for(team[2], at=AT) == [team[0].pk, team[1].pk]
    later = AT + timedelta(days=5)
    assert not queries.of_view(queries.sight_of(team[2]).tickets, "stand_in", team[2], at=later).exists()


def test_as_2_what_makes_no_sense_is_refused(team: list[Person]) -> None:
    row = away(team[0], team[1])
    for wish, field in (
        (AbsenceWish(TODAY, TODAY - timedelta(days=1)), "ends_on"),
        (AbsenceWish(TODAY, TODAY + timedelta(days=500)), "ends_on"),
        (AbsenceWish(TODAY + timedelta(days=30), TODAY + timedelta(days=31), team[0].code), "stand_in"),
        (AbsenceWish(TODAY + timedelta(days=30), TODAY + timedelta(days=31), people.person().code), "stand_in"),
        (AbsenceWish(TODAY + timedelta(days=4), TODAY + timedelta(days=6)), "starts_on"),
    ):
        with pytest.raises(InvalidInput) as problem:
            actions.add_absence(team[0], wish, by=clocks.BY, at=AT)
        assert list(problem.value.fields) == [field]
    actions.change_absence(row, AbsenceWish(TODAY, TODAY + timedelta(days=6)), by=clocks.BY, at=AT)
    with pytest.raises(Refused, match=r"absence\.over"):
        actions.end_absence(row, by=clocks.BY, at=AT + timedelta(days=30))


def test_as_2_back_earlier_keeps_the_days_that_were(team: list[Person]) -> None:
    row = away(team[0], days=10)
    actions.end_absence(row, by=clocks.BY, at=AT + timedelta(days=3))
    assert Absence.objects.get().ends_on == TODAY + timedelta(days=2)
    other = away(team[0], start=TODAY + timedelta(days=20))
    actions.end_absence(other, by=clocks.BY, at=AT)
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("how", ["inactive", "role", "away"])
def test_sc_10_when_somebody_leaves_his_tickets_find_others(team: list[Person], how: str) -> None:
    ticket = desk.ticket()
    assert fresh(ticket).assignee == team[0]
    assert actions.hand_on_orphans(by=clocks.BY, at=AT) == 0
    if how == "inactive":
        Person.objects.filter(pk=team[0].pk).update(is_active=False)
    elif how == "role":
        Person.objects.filter(pk=team[0].pk).update(staff_role=StaffRole.NONE)
    else:
        away(team[0])
    assert actions.hand_on_orphans(by=clocks.BY, at=AT) == 1
    assert fresh(ticket).assignee == team[1]
    assert actions.hand_on_orphans(by=clocks.BY, at=AT) == 0


def test_sc_10_with_a_stand_in_an_absent_one_keeps_his_tickets(team: list[Person]) -> None:
    ticket = desk.ticket()
    away(team[0], team[1])
    assert actions.hand_on_orphans(by=clocks.BY, at=AT) == 0
    assert fresh(ticket).assignee == team[0]


def test_sc_10_an_absent_one_keeps_what_nobody_else_can_take(team: list[Person]) -> None:
    ticket = desk.ticket()
    for person in team:
        away(person)
    assert actions.hand_on_orphans(by=clocks.BY, at=AT) == 0
    assert fresh(ticket).assignee == team[0]


def test_as_3_without_a_deed_in_minutes_of_service_it_goes_back(team: list[Person]) -> None:
    clocks.sla(of=clocks.calendar())
    actions.set_assignment(desk.queue(), ROUND, 120, by=clocks.BY, at=AT)
    late = datetime(2026, 3, 16, 15, 30, tzinfo=UTC)  # 16:30 in Prague: half an hour before closing
    ticket = desk.ticket(at=late)
    due = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
    assert (fresh(ticket).assignee, fresh(ticket).give_back_at) == (team[0], due)
    assert actions.give_back_idle(by=clocks.BY, at=due - timedelta(seconds=1)) == 0
    assert actions.give_back_idle(by=clocks.BY, at=due) == 1
    assert fresh(ticket).assignee == team[1]
    assert list(ticket.messages.filter(kind="event").order_by("pk").values_list("event", flat=True)) == [
        "assigned_in_turn", "given_back", "assigned_in_turn",
    ]  # fmt: skip
    assert actions.give_back_idle(by=clocks.BY, at=due) == 0


def test_as_3_a_deed_begins_it_anew_and_a_waiting_ticket_is_not_watched(team: list[Person]) -> None:
    clocks.sla(of=clocks.round_the_clock())
    actions.set_assignment(desk.queue(), ROUND, 60, by=clocks.BY, at=AT)
    ticket, hour = desk.ticket(), timedelta(hours=1)
    desk.ask_again(ticket, at=AT + hour / 2)
    assert fresh(ticket).give_back_at == AT + hour, "the customer's word is no deed"
    desk.note(ticket, team[0], at=AT + hour / 2)
    assert fresh(ticket).give_back_at == AT + hour * 1.5
    desk.answer(ticket, team[0], then=State.WAITING_CUSTOMER, at=AT + hour)
    assert fresh(ticket).give_back_at is None
    desk.ask_again(ticket, at=AT + hour * 5)
    assert fresh(ticket).give_back_at == AT + hour * 6


def test_as_3_nobody_else_is_there_it_waits_in_the_queue(db: None) -> None:
    only = people.staff()
    clocks.sla(of=clocks.round_the_clock())
    actions.set_assignment(desk.queue(), ROUND, 60, by=clocks.BY, at=AT)
    ticket = desk.ticket()
    assert fresh(ticket).assignee == only
    assert actions.give_back_idle(by=clocks.BY, at=AT + timedelta(hours=2)) == 1
    assert fresh(ticket).assignee is None


def test_what_is_wrong_with_a_profile_or_a_queue_is_named(team: list[Person]) -> None:
    wishes = (ProfileWish(["none"]), ProfileWish(languages=["czech"]), ProfileWish(cap=0), ProfileWish(calendar="none"))
    for wish, field in zip(wishes, ("skills", "languages", "cap", "calendar"), strict=True):
        with pytest.raises(InvalidInput) as problem:
            actions.set_profile(team[0], wish, by=clocks.BY, at=AT)
        assert list(problem.value.fields) == [field]
    with pytest.raises(InvalidInput):
        actions.set_assignment(desk.queue(Purpose.GENERAL), ROUND, 0, by=clocks.BY, at=AT)
    with pytest.raises(InvalidInput):
        actions.save_skill("x", ("", "X"), queues=["none"], products=["none"], by=clocks.BY, at=AT)
    skill = actions.save_skill("x", ("X", "X"), by=clocks.BY, at=AT)
    actions.set_profile(team[0], ProfileWish(["x"]), by=clocks.BY, at=AT)
    with pytest.raises(Refused, match=r"skill\.in_use"):
        actions.delete_skill(skill, by=clocks.BY, at=AT)
    assert Queue.objects.get(code="general").assignment == ROUND
