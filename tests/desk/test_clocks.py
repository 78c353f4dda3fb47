"""The clocks of a ticket (DESK.md 1), each statement with its figures."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from podpora.desk import rules
from podpora.desk.values import (
    DEFAULT_PAUSES,
    DONE,
    Clock,
    Clocks,
    ClockState,
    Hours,
    Matched,
    Metric,
    PauseTable,
    Priority,
    Said,
    ServiceCalendar,
    Side,
    SlaFacts,
    SlaPlan,
    Spell,
    State,
    Story,
    Targets,
)

ALWAYS = ServiceCalendar("UTC", tuple((Hours(0, 1440),) for _ in range(7)))
TABLE = PauseTable()
PENDING, SOLVED, OPEN, NEW = State.WAITING_CUSTOMER, State.SOLVED, State.OPEN, State.NEW


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-10T{text}").replace(tzinfo=UTC)


def story(states: Sequence[tuple[str, State]], customer: Sequence[str] = (), staff: Sequence[str] = ()) -> Story:
    """States by the time they began; the first is also the opening, with the customer's first message."""
    times = [at(time) for time, _ in states]
    ends = [*times[1:], None]
    spells = tuple(Spell(state, start, end) for (_, state), start, end in zip(states, times, ends, strict=True))
    said = [Said(Side.CUSTOMER, times[0])]
    said += [Said(Side.CUSTOMER, at(time)) for time in customer] + [Said(Side.STAFF, at(time)) for time in staff]
    return Story(times[0], spells, tuple(sorted(said, key=lambda each: each.at)))


def clocks(of: Story, table: PauseTable = TABLE, **targets: int) -> Clocks:
    return rules.clocks_of(of, Targets(**targets), ALWAYS, table)


def due(found: Clocks, metric: Metric) -> datetime | None:
    return found.due(metric)


def test_sla_5_pause_and_reopening() -> None:
    told = story([("09:00", NEW), ("09:30", PENDING), ("09:45", OPEN), ("10:00", SOLVED), ("10:30", OPEN)])
    assert due(clocks(told, first_response=120), Metric.FIRST_RESPONSE) == at("11:45")


def test_sla_4_pauses_are_those_of_the_state_history() -> None:
    told = story([("09:00", NEW), ("09:30", PENDING), ("09:45", OPEN), ("10:00", SOLVED), ("10:30", OPEN)])
    pauses = rules.pauses_of(told.spells, Metric.SOLUTION, TABLE)
    assert [(pause.starts_at, pause.ends_at) for pause in pauses] == [(at("09:30"), at("09:45")), (at("10:00"), at("10:30"))]


@pytest.mark.parametrize("state", sorted(state for state in State if state.pauses_clock))
def test_sla_6_pausing_clears_the_deadlines(state: State) -> None:
    found = clocks(story([("09:00", NEW), ("09:30", OPEN), ("10:00", state)], staff=["09:30"]), next_response=60, solution=240)
    assert rules.escalation_at(found) is None


def test_sla_6_resuming_restores_them_shifted() -> None:
    found = clocks(story([("09:00", NEW), ("10:00", PENDING), ("10:40", OPEN)]), first_response=120, solution=240)
    assert due(found, Metric.FIRST_RESPONSE) == at("11:40")
    assert due(found, Metric.SOLUTION) == at("13:40")


def test_sla_6_a_used_up_budget_escalates_at_once_on_reopening() -> None:
    told = story([("09:00", NEW), ("12:00", SOLVED), ("15:00", OPEN)], staff=["09:10"])
    found = clocks(told, solution=120)
    assert due(found, Metric.SOLUTION) == at("11:00")
    assert rules.state_of(found.running[0], at=at("15:00")) is ClockState.BREACHED


def test_sla_8_first_response_stops_at_the_first_public_word_of_a_technician() -> None:
    told = story([("09:00", NEW), ("09:50", OPEN)], staff=["09:50", "11:00"])
    found = clocks(told, first_response=60)
    assert found.first_response is not None
    assert (found.first_response.minutes, found.first_response.diff) == (50, 10)
    assert due(found, Metric.FIRST_RESPONSE) is None


@pytest.mark.parametrize("machine", [Said(Side.SYSTEM, at("09:10")), Said(Side.STAFF, at("09:10"), counts=False)])
def test_sla_8_an_acknowledgement_or_a_trigger_mail_is_no_response(machine: Said) -> None:
    told = story([("09:00", NEW)])
    found = clocks(Story(told.opened_at, told.spells, (*told.said, machine)), first_response=60)
    assert found.first_response is None
    assert due(found, Metric.FIRST_RESPONSE) == at("10:00")


def test_sla_8_answering_while_pending_counts_and_is_measured() -> None:
    found = clocks(story([("09:00", NEW), ("09:30", PENDING)], staff=["10:30"]), first_response=60)
    assert found.first_response is not None and found.first_response.minutes == 30


def test_sla_9_first_response_and_solution_apply_once() -> None:
    told = story([("09:00", NEW), ("10:00", SOLVED), ("11:00", OPEN)], customer=["11:00"], staff=["09:20"])
    found = clocks(told, first_response=60, solution=240)
    assert due(found, Metric.FIRST_RESPONSE) is None
    assert due(found, Metric.SOLUTION) == at("14:00")


def test_sla_10_the_first_unanswered_message_starts_the_next_response() -> None:
    opened = [("09:30", NEW)]
    assert due(clocks(story(opened), next_response=120), Metric.NEXT_RESPONSE) == at("11:30")
    assert due(clocks(story(opened, customer=["10:15"]), next_response=120), Metric.NEXT_RESPONSE) == at("11:30")
    assert due(clocks(story(opened, staff=["11:00"]), next_response=120), Metric.NEXT_RESPONSE) is None
    later = story(opened, customer=["12:05", "12:50"], staff=["11:00"])
    assert due(clocks(later, next_response=120), Metric.NEXT_RESPONSE) == at("14:05")


def test_sla_10_the_opening_message_belongs_to_the_first_response_where_that_is_promised() -> None:
    found = clocks(story([("09:30", NEW)]), first_response=60, next_response=120)
    assert [clock.metric for clock in found.running] == [Metric.FIRST_RESPONSE]


def test_sla_11_the_periodic_update_starts_with_the_opening_and_with_each_answer() -> None:
    opened = [("09:00", NEW)]
    assert due(clocks(story(opened), periodic_update=60), Metric.PERIODIC_UPDATE) == at("10:00")
    told = story(opened, customer=["10:10", "10:30"], staff=["09:40", "10:20"])
    assert due(clocks(told, periodic_update=60), Metric.PERIODIC_UPDATE) == at("11:20")


def test_sla_12_statistics_keep_the_longest_gap_and_what_was_left() -> None:
    told = story(
        [("09:00", NEW), ("09:20", OPEN), ("12:30", SOLVED)], customer=["09:30", "11:30"], staff=["09:20", "10:45", "11:50"]
    )
    found = clocks(told, first_response=30, next_response=60, solution=180)
    assert found.first_response and (found.first_response.minutes, found.first_response.diff) == (20, 10)
    assert found.longest_update and (found.longest_update.minutes, found.longest_update.diff) == (75, -15)
    assert found.solution and (found.solution.minutes, found.solution.diff) == (210, -30)
    assert found.running == ()


def test_sla_12_created_pending_and_closed_without_ever_opening_took_0_minutes() -> None:
    found = clocks(story([("09:00", PENDING), ("14:00", State.CLOSED)]), solution=60)
    assert found.solution and (found.solution.minutes, found.solution.diff) == (0, 60)


def test_sla_12_a_second_too_late_is_too_late() -> None:
    found = clocks(story([("09:00", NEW)], staff=["10:00:01"]), first_response=60)
    assert found.first_response and (found.first_response.minutes, found.first_response.diff) == (60, -1)


def test_sla_13_the_earliest_deadline_escalates() -> None:
    found = clocks(story([("09:00", NEW)]), first_response=90, periodic_update=60, solution=240)
    assert rules.escalation_at(found) == at("10:00")
    answered = clocks(story([("09:00", NEW)], staff=["09:30"]), first_response=90, periodic_update=60, solution=240)
    assert rules.escalation_at(answered) == at("10:30")
    assert rules.escalation_at(clocks(story([("09:00", NEW), ("09:30", SOLVED)]), first_response=90, solution=240)) is None
    assert rules.escalation_at(clocks(story([("09:00", NEW)]))) is None


def agreement(number: int, **asks: frozenset[object]) -> SlaFacts:
    return SlaFacts(number, f"sla-{number}", ALWAYS, {None: Targets(60)}, **asks)  # type: ignore[arg-type]


VIP = Matched(SlaPlan.VIP, "vip", Priority.NORMAL, "cs")


def test_sla_14_the_first_match_in_explicit_order_wins() -> None:
    broad, narrow = agreement(1, plans=frozenset({"vip", "pro"})), agreement(2, plans=frozenset({"vip"}))
    assert rules.sla_for([broad, narrow], VIP) is broad
    assert rules.sla_for([narrow, broad], VIP) is narrow


def test_sla_14_one_without_condition_is_the_fallback() -> None:
    fallback = agreement(3)
    assert rules.sla_for([agreement(1, plans=frozenset({"pro"})), fallback], VIP) is fallback
    assert rules.sla_for([agreement(1, plans=frozenset({"pro"}))], VIP) is None


@pytest.mark.parametrize(
    "asks",
    [{"plans": {"free"}}, {"queues": {"general"}}, {"priorities": {3}}, {"languages": {"de"}}, {"plans": {"vip"}, "queues": {"x"}}],
)
def test_sla_14_each_part_of_a_condition_has_to_fit(asks: dict[str, set[object]]) -> None:
    assert rules.sla_for([agreement(1, **{name: frozenset(values) for name, values in asks.items()})], VIP) is None


def test_sla_15_what_was_told_is_not_looked_at_again() -> None:
    clock = Clock(Metric.FIRST_RESPONSE, at("09:00"), at("11:00"), at("10:00"))
    assert rules.look_at([clock], [], []) == at("10:00")
    assert rules.look_at([clock], [clock.key], []) == at("11:00")
    assert rules.look_at([clock], [clock.key], [clock.key]) is None
    assert rules.look_at([Clock(Metric.SOLUTION, at("09:00"))], [], []) is None


def test_sla_15_the_warning_comes_so_many_minutes_of_service_before() -> None:
    days = ServiceCalendar("UTC", tuple((Hours(540, 1020),) if day < 5 else () for day in range(7)))
    found = rules.clocks_of(story([("16:30", NEW)]), Targets(60), days, TABLE, warn_minutes=45)
    (clock,) = found.running
    assert clock.due_at == datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
    assert clock.warn_at == at("16:45")
    assert rules.state_of(clock, at=at("16:44")) is ClockState.RUNNING
    assert rules.state_of(clock, at=at("16:45")) is ClockState.WARNED


def test_sla_19_one_table_says_what_pauses_what() -> None:
    """Waiting for the customer and being done pause everything; waiting for ourselves pauses the solution only."""
    assert {metric: sorted(states) for metric, states in DEFAULT_PAUSES.items()} == {
        Metric.FIRST_RESPONSE: sorted({PENDING, *DONE}),
        Metric.NEXT_RESPONSE: sorted({PENDING, *DONE}),
        Metric.PERIODIC_UPDATE: sorted({PENDING, *DONE}),
        Metric.SOLUTION: sorted({PENDING, State.WAITING_VENDOR, *DONE}),
    }


def test_sla_19_the_table_can_say_otherwise() -> None:
    told = story([("09:00", NEW), ("09:30", PENDING), ("10:30", OPEN)])
    strict = PauseTable({Metric.FIRST_RESPONSE: frozenset()})
    found = clocks(told, strict, first_response=120, solution=240)
    assert due(found, Metric.FIRST_RESPONSE) == at("11:00")
    assert due(found, Metric.SOLUTION) == at("14:00")


@pytest.mark.parametrize(
    ("tier", "is_vip", "plan"),
    [("pro", True, "vip"), ("pro", False, "pro"), ("trial", False, "trial"), ("free", False, "free"), ("", False, "none"),
     ("unverified", False, "unverified"), ("", True, "vip"), ("vip", False, "none")],
)  # fmt: skip
def test_the_plan_is_what_the_ticket_was_opened_under(tier: str, is_vip: bool, plan: str) -> None:
    assert rules.plan_of(tier, is_vip=is_vip) == plan


def test_the_first_response_is_what_the_plan_promised_if_the_agreement_says_so() -> None:
    sla = SlaFacts(1, "vip", ALWAYS, {None: Targets(240, solution=900), Priority.URGENT: Targets(30)}, follows_plan=True)
    assert rules.targets_of(sla, Priority.NORMAL, 480) == Targets(480, solution=900)
    assert rules.targets_of(sla, Priority.NORMAL, None) == Targets(240, solution=900)
    fixed = SlaFacts(1, "vip", ALWAYS, sla.targets)
    assert rules.targets_of(fixed, Priority.URGENT, 480) == Targets(30)


def test_reopening_by_the_button_asks_for_an_answer() -> None:
    told = story([("09:00", NEW), ("10:00", SOLVED), ("11:00", OPEN)], staff=["10:00"])
    assert due(clocks(told, first_response=60, next_response=30), Metric.NEXT_RESPONSE) == at("11:30")


def test_closing_what_was_solved_is_not_another_solution() -> None:
    told = story([("09:00", NEW), ("10:00", SOLVED), ("12:00", State.CLOSED)], staff=["10:00"])
    assert (taken := clocks(told, solution=60).solution) and taken.minutes == 60
