"""The clocks of a ticket: what is promised, since when it runs, when it is due, how long it took (DESK.md 1).

Everything is computed from the story of the ticket: its states over time and its public messages. Nothing is counted along the way,
so a changed calendar or agreement gives old tickets the same answers as new ones (SLA-4).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from podpora.desk.rules.service_time import deadline, elapsed
from podpora.desk.values import (
    DONE,
    Clock,
    Clocks,
    ClockState,
    Matched,
    Metric,
    Pause,
    PauseTable,
    Priority,
    ServiceCalendar,
    Side,
    SlaFacts,
    SlaPlan,
    Spell,
    Story,
    Taken,
    Targets,
)

FIRST = (Metric.FIRST_RESPONSE,)
UPDATES = (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE)
LAST = (Metric.SOLUTION,)


def plan_of(tier: str, *, is_vip: bool) -> SlaPlan:
    """Under what a ticket was opened; VIP support that was active then is not lost when it ends (SC-2)."""
    if is_vip:
        return SlaPlan.VIP
    return SlaPlan(tier) if tier in set(SlaPlan) - {SlaPlan.VIP} else SlaPlan.NONE


def sla_for(slas: Iterable[SlaFacts], ticket: Matched) -> SlaFacts | None:
    """SLA-14: the first that fits, in their order; one without any condition fits everything."""
    return next((sla for sla in slas if _fits(sla, ticket)), None)


def _fits(sla: SlaFacts, ticket: Matched) -> bool:
    asked = (
        (sla.plans, ticket.plan.value),
        (sla.queues, ticket.queue),
        (sla.priorities, int(ticket.priority)),
        (sla.languages, ticket.language),
    )
    return all(not wanted or value in wanted for wanted, value in asked)


def targets_of(sla: SlaFacts, priority: Priority, promised_minutes: int | None) -> Targets:
    """The minutes for a priority: its own row, else that of the rest; the first response as the plan promised it, if so wished."""
    found = sla.targets.get(priority) or sla.targets.get(None) or Targets()
    if not sla.follows_plan or promised_minutes is None:
        return found
    return Targets(promised_minutes, found.next_response, found.periodic_update, found.solution)


def pauses_of(spells: Iterable[Spell], metric: Metric, table: PauseTable) -> list[Pause]:
    """SLA-4: the intervals that do not count for a clock, from the history of states."""
    return [Pause(spell.from_at, spell.until_at) for spell in spells if table.pauses(metric, spell.state)]


def clocks_of(story: Story, targets: Targets, calendar: ServiceCalendar, table: PauseTable, *, warn_minutes: int = 0) -> Clocks:
    """How all clocks of a ticket stand. A clock that is paused now has no deadline (SLA-6); what is done has no clock."""
    reader = _Reader(story, targets, calendar, table, warn_minutes * 60)
    found = (reader.first_response_clock(), reader.update_clock(), reader.solution_clock())
    return Clocks(
        tuple(clock for clock in found if clock is not None),
        reader.first_response(),
        reader.longest_update(),
        reader.solution(),
    )


def escalation_at(clocks: Clocks) -> datetime | None:
    """SLA-13: the earliest deadline of what is not done yet."""
    return clocks.due()


def state_of(clock: Clock, *, at: datetime) -> ClockState:
    """How a clock that runs or is paused looks at an instant."""
    if clock.due_at is None:
        return ClockState.PAUSED
    if clock.due_at <= at:
        return ClockState.BREACHED
    return ClockState.WARNED if clock.warn_at is not None and clock.warn_at <= at else ClockState.RUNNING


def look_at(clocks: Iterable[Clock], warned: Iterable[str], breached: Iterable[str]) -> datetime | None:
    """SLA-15: when the next warning or breach is to be told that was not told yet."""
    told, late = set(warned), set(breached)
    wanted = []
    for clock in clocks:
        if clock.due_at is None or clock.key in late:
            continue
        wanted.append(clock.due_at)
        if clock.warn_at is not None and clock.key not in told:
            wanted.append(clock.warn_at)
    return min(wanted, default=None)


class _Reader:
    """Reads a story for one agreement: since when each clock runs, and what it measured."""

    def __init__(self, story: Story, targets: Targets, calendar: ServiceCalendar, table: PauseTable, warn: int) -> None:
        self.story, self.targets, self.calendar, self.table, self.warn = story, targets, calendar, table, warn
        self.staff = [said.at for said in story.said if said.side is Side.STAFF and said.counts]
        self.is_done = bool(story.spells) and story.spells[-1].state in DONE

    # -- first response (SLA-8, SLA-9)

    def first_response_clock(self) -> Clock | None:
        if self.targets.first_response is None or self.staff or self.is_done:
            return None
        return self._clock(Metric.FIRST_RESPONSE, self.story.opened_at, self.targets.first_response)

    def first_response(self) -> Taken | None:
        """Until the first public word of a technician, whatever the state was then."""
        if not self.staff:
            return None
        return self._taken(Metric.FIRST_RESPONSE, self.story.opened_at, self.staff[0], self.targets.first_response)

    # -- the next response (SLA-10) or the periodic update (SLA-11)

    @property
    def update(self) -> tuple[Metric, int | None]:
        if self.targets.periodic_update is not None:
            return Metric.PERIODIC_UPDATE, self.targets.periodic_update
        return Metric.NEXT_RESPONSE, self.targets.next_response

    def update_clock(self) -> Clock | None:
        metric, minutes = self.update
        since = self._gaps(metric)[1]
        if minutes is None or since is None or self.is_done:
            return None
        return self._clock(metric, since, minutes)

    def longest_update(self) -> Taken | None:
        """SLA-12: the longest gap is kept."""
        metric, minutes = self.update
        taken = [self._taken(metric, start, end, minutes) for start, end in self._gaps(metric)[0]]
        return max(taken, key=lambda each: each.seconds, default=None)

    def _gaps(self, metric: Metric) -> tuple[list[tuple[datetime, datetime]], datetime | None]:
        return self._between_answers() if metric is Metric.PERIODIC_UPDATE else self._between_turns()

    def _between_answers(self) -> tuple[list[tuple[datetime, datetime]], datetime | None]:
        """From opening or a technician's message to his next one; customers' messages do not matter."""
        starts = [self.story.opened_at, *self.staff]
        return list(zip(starts, self.staff, strict=False)), starts[-1]

    def _between_turns(self) -> tuple[list[tuple[datetime, datetime]], datetime | None]:
        """From the first customer's message without an answer to the answer. The first of all belongs to the first response if
        that is promised. What is solved needs no answer; what is reopened needs one."""
        gaps: list[tuple[datetime, datetime]] = []
        since: datetime | None = None
        answered = self.targets.first_response is None
        for at, kind in self._turns():
            if kind == "staff":
                if since is not None:
                    gaps.append((since, at))
                since, answered = None, True
            elif kind == "done":
                since = None
            elif answered:
                since = since or at
        return gaps, since

    def _turns(self) -> list[tuple[datetime, str]]:
        turns = [(said.at, said.side.value) for said in self.story.said if said.counts and said.side is not Side.SYSTEM]
        was_done = False
        for spell in self.story.spells:
            is_done = spell.state in DONE
            if is_done and not was_done:
                turns.append((spell.from_at, "done"))
            elif was_done and not is_done:
                turns.append((spell.from_at, "reopened"))
            was_done = is_done
        # At one instant the words come before the state that they lead to.
        return sorted(turns, key=lambda turn: (turn[0], turn[1] in ("done", "reopened")))

    # -- solution

    def solution_clock(self) -> Clock | None:
        if self.targets.solution is None:
            return None
        return None if self.is_done else self._clock(Metric.SOLUTION, self.story.opened_at, self.targets.solution)

    def solution(self) -> Taken | None:
        """Until it was solved; what lay between solving and reopening does not count."""
        if not self.is_done:
            return None
        solved_at = _solved_at(self.story.spells)
        return self._taken(Metric.SOLUTION, self.story.opened_at, solved_at, self.targets.solution)

    # -- what all clocks share

    def _clock(self, metric: Metric, start: datetime, minutes: int) -> Clock:
        pauses = pauses_of(self.story.spells, metric, self.table)
        if any(pause.ends_at is None for pause in pauses):
            return Clock(metric, start)
        due_at = deadline(self.calendar, start, minutes * 60, pauses)
        warn_at = deadline(self.calendar, start, max(minutes * 60 - self.warn, 0), pauses) if self.warn and due_at else None
        return Clock(metric, start, due_at, warn_at)

    def _taken(self, metric: Metric, start: datetime, end: datetime, minutes: int | None) -> Taken:
        pauses = pauses_of(self.story.spells, metric, self.table)
        seconds = elapsed(self.calendar, start, end, pauses)
        return Taken(seconds, None if minutes is None else minutes * 60)


def _solved_at(spells: Sequence[Spell]) -> datetime:
    """When the last time of being done began: closing what is solved is not another solution."""
    since = spells[-1].from_at
    for spell in reversed(spells):
        if spell.state not in DONE:
            break
        since = spell.from_at
    return since
