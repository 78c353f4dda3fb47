"""What was promised, kept on real tickets: the clocks follow what happens to them and what the vendor changes (DESK.md 1)."""

from datetime import UTC, datetime, timedelta

import pytest

from podpora.audit.models import Entry
from podpora.base.decisions import Decision, Refused, allow
from podpora.base.errors import InvalidInput
from podpora.catalog.actions import PlanPromise, set_plan
from podpora.catalog.values import Channel, Level, Tier
from podpora.desk import actions, queries
from podpora.desk.models import Calendar, ClockSettings, Holiday, RuleRun, Sla, Ticket
from podpora.desk.values import (
    CalendarWish,
    ClockRules,
    Draft,
    Hours,
    Metric,
    Priority,
    Purpose,
    SlaWish,
    State,
    SupportSnapshot,
    Targets,
)
from podpora.jobs.models import Job
from podpora.notifications.models import InboxEntry
from tests.make import catalog, clocks, desk, people

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)


def after(minutes: int) -> datetime:
    return NINE + minutes * MINUTE


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("queue", "sla").get(pk=ticket.pk)


def opened(at: datetime = NINE, tier: str = "pro", support: Decision = desk.VIP) -> Ticket:
    who = people.person(at=at)
    snapshot = SupportSnapshot(support, tier)
    return actions.open_ticket(
        Draft("Help", "It stopped."), customer=people.customer_of(who), requester=who, queue=desk.queue(Purpose.VIP),
        support=snapshot, by=people.actor(who), at=at,
    )  # fmt: skip


@pytest.fixture
def always() -> Calendar:
    return clocks.round_the_clock()


def test_a_new_ticket_has_its_deadlines_and_the_earliest_is_due_at(always: Calendar) -> None:
    clocks.sla(targets=Targets(120, solution=480), of=always)
    ticket = fresh(opened())
    assert (ticket.first_response_due_at, ticket.update_due_at, ticket.solution_due_at) == (after(120), None, after(480))
    assert ticket.due_at == after(120)
    assert ticket.sla is not None and ticket.sla.code == "vip"


def test_sc_9_waiting_for_the_customer_does_not_count_and_sla_6_clears_what_is_shown(always: Calendar) -> None:
    clocks.sla(targets=Targets(120, solution=480), of=always)
    ticket, technician = opened(), people.staff()
    desk.answer(ticket, technician, then=State.WAITING_CUSTOMER, at=after(60))
    waiting = fresh(ticket)
    assert (waiting.due_at, waiting.solution_due_at, waiting.first_response_minutes, waiting.first_response_diff) == (
        None,
        None,
        60,
        60,
    )
    desk.ask_again(ticket, at=after(60 + 2880))
    assert fresh(ticket).solution_due_at == after(480 + 2880)


def test_sla_5_through_the_states_of_a_real_ticket(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always)
    ticket, by = opened(), people.actor(people.staff())
    for minutes, state in ((30, State.WAITING_CUSTOMER), (45, State.OPEN), (60, State.SOLVED), (90, State.OPEN)):
        actions.change_state(ticket, state, by=by, at=after(minutes))
    assert fresh(ticket).due_at == datetime(2026, 3, 16, 11, 45, tzinfo=UTC)


def test_sla_8_a_note_is_no_answer(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always)
    ticket = opened()
    desk.note(ticket, people.staff(), at=after(10))
    assert fresh(ticket).first_response_due_at == after(120)
    assert fresh(ticket).first_response_minutes is None


def test_sla_9_another_queue_does_not_restart_the_clocks(always: Calendar) -> None:
    clocks.sla(targets=Targets(120, solution=480), of=always)
    ticket = opened()
    actions.move_queue(ticket, desk.queue(Purpose.GENERAL), by=people.actor(people.manager()), at=after(100))
    assert fresh(ticket).due_at == after(120)


def test_sla_10_on_a_real_ticket(always: Calendar) -> None:
    clocks.sla(targets=Targets(next_response=120), of=always)
    ticket, technician = opened(after(30)), people.staff()
    assert fresh(ticket).update_due_at == after(150)
    desk.answer(ticket, technician, at=after(120))
    assert fresh(ticket).update_due_at is None
    desk.ask_again(ticket, at=after(185))
    desk.ask_again(ticket, "And now?", at=after(200))
    assert fresh(ticket).update_due_at == after(305)
    desk.answer(ticket, technician, at=after(215))
    assert (fresh(ticket).longest_update_minutes, fresh(ticket).update_diff) == (90, 30)


def test_sla_13_what_matches_no_agreement_any_more_has_no_deadline(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always, priorities=[Priority.URGENT.value])
    ticket, by = opened(), people.actor(people.manager())
    assert fresh(ticket).due_at is None
    actions.set_priority(ticket, Priority.URGENT, by=by, at=after(1))
    assert fresh(ticket).due_at == after(120)
    actions.set_priority(ticket, Priority.LOW, by=by, at=after(2))
    low = fresh(ticket)
    assert (low.sla, low.due_at, low.first_response_due_at, low.solution_due_at, low.look_at) == (None,) * 5


def test_sla_14_the_order_is_explicit(always: Calendar) -> None:
    clocks.sla("a", Targets(100), of=always)
    clocks.sla("b", Targets(50), of=always, plans=["vip"])
    ticket = opened()
    assert fresh(ticket).due_at == after(100)
    actions.order_slas(["b", "a"], by=clocks.BY, at=NINE)
    while not actions.recount(at=NINE):
        pass
    assert fresh(ticket).due_at == after(50)
    with pytest.raises(InvalidInput):
        actions.order_slas(["b"], by=clocks.BY, at=NINE)


def test_sla_4_a_changed_calendar_recalculates_old_tickets_as_if_it_had_always_been_so(always: Calendar) -> None:
    clocks.sla(targets=Targets(120, 240, solution=480), of=always)
    technician = people.staff()
    old = [opened(at=after(n)) for n in range(3)]
    desk.answer(old[0], technician, then=State.WAITING_CUSTOMER, at=after(60))
    desk.ask_again(old[0], at=after(600))
    desk.answer(old[0], technician, then=State.SOLVED, at=after(900))
    wish = CalendarWish("Praha", "Prague", "Europe/Prague", tuple(clocks.NINE_TO_FIVE if d < 5 else () for d in range(7)))
    actions.save_calendar("always", wish, is_new=False, by=clocks.BY, at=after(1000))
    assert Job.objects.filter(unique_key="podpora.desk.jobs.recount_clocks").count() == 1
    while not actions.recount(at=after(1001)):
        pass
    told = (
        "first_response_due_at",
        "solution_due_at",
        "first_response_minutes",
        "longest_update_minutes",
        "solution_minutes",
        "solution_diff",
    )
    after_job = list(Ticket.objects.order_by("pk").values_list(*told))
    for ticket in old:
        actions.keep_clocks(fresh(ticket), at=after(1002))
    assert list(Ticket.objects.order_by("pk").values_list(*told)) == after_job
    assert after_job[1][0] == after(121)  # Monday 10:01 in Prague, two hours of service
    assert after_job[1][1] == after(480 + 16 * 60 + 1), "the night between does not count"
    settings = ClockSettings.objects.get()
    assert (settings.stale_since, settings.recount_done, settings.recount_of) == (None, 3, 3)
    assert actions.recount(at=after(1003)), "twice changes nothing"


def test_sla_16_an_impossible_calendar_is_refused(always: Calendar) -> None:
    with pytest.raises(InvalidInput) as empty:
        actions.save_calendar("x", CalendarWish("X", "X", "UTC", ((),) * 7), is_new=True, by=clocks.BY, at=NINE)
    assert empty.value.fields == {"week": ["calendar.no_window"]}
    with pytest.raises(InvalidInput) as zone:
        actions.save_calendar("x", CalendarWish("X", "X", "Mars/Base", ((Hours(1, 2),),) * 7), is_new=True, by=clocks.BY, at=NINE)
    assert zone.value.fields == {"zone": ["calendar.zone_unknown"]}
    mondays = clocks.calendar("mondays", days=1)
    days = [datetime(2026, 1, 5, tzinfo=UTC).date() + timedelta(days=7 * n) for n in range(104)]
    Holiday.objects.bulk_create(Holiday(calendar=mondays, on=day, source="hand") for day in days if day != NINE.date())
    with pytest.raises(InvalidInput) as closed:
        actions.add_holiday(mondays, NINE.date(), "the last Monday", by=clocks.BY, at=NINE)
    assert closed.value.fields == {"on": ["calendar.only_holidays"]}


def test_sla_15_each_warning_and_each_breach_is_told_once(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always, warn_minutes=30)
    ticket = opened()
    told = Entry.objects.filter(verb__startswith="ticket.sla_").order_by("pk")
    for minutes, expected in (
        (89, []),
        (90, ["ticket.sla_warning"]),
        (91, ["ticket.sla_warning"]),
        (120, ["ticket.sla_warning", "ticket.sla_breached"]),
        (121, ["ticket.sla_warning", "ticket.sla_breached"]),
        (5000, ["ticket.sla_warning", "ticket.sla_breached"]),
    ):
        actions.tell_of_clocks(by=clocks.BY, at=after(minutes))
        assert list(told.values_list("verb", flat=True)) == expected, minutes
    assert fresh(ticket).look_at is None


def test_sla_15_a_stopped_worker_catches_up_without_a_warning_that_is_too_late(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always, warn_minutes=30)
    opened(), opened(after(1))
    assert actions.tell_of_clocks(by=clocks.BY, at=after(3000)) == 2
    assert actions.tell_of_clocks(by=clocks.BY, at=after(3000)) == 0
    assert list(Entry.objects.filter(verb__startswith="ticket.sla_").values_list("verb", flat=True)) == ["ticket.sla_breached"] * 2


def test_sla_15_an_answered_ticket_is_not_told_of(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always, warn_minutes=30)
    ticket = opened()
    desk.answer(ticket, people.staff(), at=after(20))
    assert actions.tell_of_clocks(by=clocks.BY, at=after(5000)) == 0


def test_sla_15_who_is_told(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always, warn_minutes=30)
    technician, other, manager = people.staff(), people.staff(), people.manager()
    ticket = opened()
    assigned = fresh(ticket).assignee
    assert assigned in (technician, other)
    actions.tell_of_clocks(by=clocks.BY, at=after(90))
    actions.tell_of_clocks(by=clocks.BY, at=after(120))
    heard = lambda kind: set(InboxEntry.objects.filter(kind=kind).values_list("person_id", flat=True))  # noqa: E731
    assert heard("ticket.sla_warning") == {assigned.pk}
    assert heard("ticket.sla_breached") == {assigned.pk, manager.pk}


def test_ru_1_a_missed_deadline_sets_off_the_triggers_that_name_it_once(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always, warn_minutes=30)
    for name, happenings in (("near", ["sla_warning"]), ("late", ["sla_breached"]), ("all", [])):
        when = [{"ask": "priority", "how": "is_not", "value": "urgent"}]
        plan = actions.RulePlan(name, [{"do": "tags", "add": [name]}], conditions=when, happenings=happenings)
        actions.save_trigger(plan, by=clocks.BY, at=NINE)
    ticket = opened()
    actions.change_tags(ticket, remove=["all"], by=clocks.BY, at=NINE)  # opening is heard by who listens to everything
    for minutes, expected in ((89, []), (95, ["near"]), (125, ["late", "near"]), (9000, ["late", "near"])):
        actions.tell_of_clocks(by=clocks.BY, at=after(minutes))
        assert sorted(tag.name for tag in ticket.tags.all()) == expected, minutes
    assert RuleRun.objects.filter(rule="late").count() == 1


def test_sc_2_support_that_ends_takes_no_promise_away(always: Calendar) -> None:
    """The agreement asks what the ticket was opened under, not what its customer has today."""
    clocks.sla("vip", Targets(60), of=always, plans=["vip"])
    clocks.sla("rest", Targets(600), of=always)
    vip, free = opened(), opened(tier="free", support=allow("support.not_needed"))
    assert (fresh(vip).due_at, fresh(free).due_at) == (after(60), after(600))
    actions.set_priority(vip, Priority.HIGH, by=people.actor(people.manager()), at=after(40_000))
    assert fresh(vip).due_at == after(60)


def test_the_plan_sets_the_priority_and_may_give_no_promise(always: Calendar) -> None:
    clocks.sla("vip", Targets(60), of=always, plans=["vip"])
    none = allow("support.not_needed")
    assert [(opened(tier=tier, support=none).priority, opened(tier=tier, support=none).sla) for tier in ("pro", "trial", "free", "unverified")] == [
        (Priority.NORMAL, None), (Priority.NORMAL, None), (Priority.LOW, None), (Priority.LOW, None),
    ]  # fmt: skip
    actions.set_clock_rules(ClockRules(priorities={"vip": Priority.HIGH.value}), by=clocks.BY, at=NINE)
    assert opened().priority == Priority.HIGH


def test_the_levels_of_support_are_the_source_of_the_first_answer(always: Calendar) -> None:
    product = catalog.catalogue()
    by = clocks.BY
    set_plan(product, Tier.PRO, Channel.CENTRE, PlanPromise(Level.WITH_SUPPORT, first_answer_hours=8), by=by, at=clocks.BEFORE)
    clocks.sla(targets=Targets(60, solution=6000), of=always, follows_plan=True)
    ticket = opened()
    assert fresh(ticket).first_response_due_at == after(480)
    set_plan(product, Tier.PRO, Channel.CENTRE, PlanPromise(Level.WITH_SUPPORT, first_answer_hours=2), by=by, at=after(1))
    actions.promises_changed(at=after(1))
    while not actions.recount(at=after(2)):
        pass
    assert fresh(ticket).first_response_due_at == after(480), "what was promised then"
    assert fresh(opened(after(5))).first_response_due_at == after(125)


def test_sla_19_the_table_of_pauses_is_data(always: Calendar) -> None:
    clocks.sla(targets=Targets(120), of=always)
    ticket, by = opened(), people.actor(people.staff())
    actions.change_state(ticket, State.WAITING_CUSTOMER, by=by, at=after(30))
    assert fresh(ticket).due_at is None
    actions.set_clock_rules(ClockRules({Metric.FIRST_RESPONSE.value: ["solved", "closed", "merged"]}), by=clocks.BY, at=after(40))
    while not actions.recount(at=after(41)):
        pass
    assert fresh(ticket).due_at == after(120)
    for wrong in (ClockRules({"nothing": []}), ClockRules({"solution": ["asleep"]}), ClockRules(priorities={"vip": 9})):
        with pytest.raises(InvalidInput):
            actions.set_clock_rules(wrong, by=clocks.BY, at=NINE)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"targets": {None: Targets(next_response=1, periodic_update=1)}}, "targets"),
        ({"targets": {None: Targets()}}, "targets"),
        ({"targets": {None: Targets(0)}}, "targets"),
        ({"calendar": "none"}, "calendar"),
        ({"plans": ["gold"]}, "plans"),
        ({"queues": ["none"]}, "queues"),
        ({"priorities": [7]}, "priorities"),
        ({"languages": ["Czech"]}, "languages"),
        ({"name_en": " "}, "name_en"),
        ({"warn_minutes": -1}, "warn_minutes"),
    ],
)
def test_an_agreement_that_makes_no_sense_is_refused(always: Calendar, wish: dict[str, object], field: str) -> None:
    facts = {"name_cs": "A", "name_en": "A", "calendar": "always", "targets": {None: Targets(60)}} | wish
    with pytest.raises(InvalidInput) as problem:
        actions.save_sla("x", SlaWish(**facts), is_new=True, by=clocks.BY, at=NINE)  # type: ignore[arg-type]
    assert list(problem.value.fields) == [field]
    assert not Sla.objects.exists()


def test_what_is_used_is_not_deleted(always: Calendar) -> None:
    row = clocks.sla(of=always)
    with pytest.raises(Refused, match=r"calendar\.in_use"):
        actions.delete_calendar(always, by=clocks.BY, at=NINE)
    opened()
    with pytest.raises(Refused, match=r"sla\.in_use"):
        actions.delete_sla(row, by=clocks.BY, at=NINE)
    other = clocks.sla("unused", of=always)
    actions.delete_sla(other, by=clocks.BY, at=NINE)
    assert [each.code for each in queries.slas()] == ["vip"]
