"""Service time and the clocks of a ticket, as the rules see them (DESK.md 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from podpora.desk.values.messages import Side
from podpora.desk.values.states import Priority, State

DAY_MINUTES = 24 * 60


class Metric(StrEnum):
    """What is measured. Of the two updates an agreement promises one at most."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    PERIODIC_UPDATE = "periodic_update"
    SOLUTION = "solution"


METRIC_NAMES: dict[Metric, Promise] = {
    Metric.FIRST_RESPONSE: _("First response"),
    Metric.NEXT_RESPONSE: _("Next response"),
    Metric.PERIODIC_UPDATE: _("Periodic update"),
    Metric.SOLUTION: _("Solution"),
}


class SlaPlan(StrEnum):
    """Under what a ticket was opened: fixed at that moment, whatever becomes of it (SC-2)."""

    VIP = "vip"
    PRO = "pro"
    TRIAL = "trial"
    FREE = "free"
    UNVERIFIED = "unverified"  # somebody who did not prove who he is
    NONE = "none"  # a customer without a licence


PLAN_NAMES: dict[SlaPlan, Promise] = {
    SlaPlan.VIP: _("VIP support"),
    SlaPlan.PRO: _("PRO without VIP support"),
    SlaPlan.TRIAL: _("Trial"),
    SlaPlan.FREE: _("FREE"),
    SlaPlan.UNVERIFIED: _("Unknown sender"),
    SlaPlan.NONE: _("Without a licence"),
}


class ClockState(StrEnum):
    """How one clock stands."""

    RUNNING = "running"
    WARNED = "warned"  # less is left than the agreement's warning
    BREACHED = "breached"  # too late, and still not done
    PAUSED = "paused"
    KEPT = "kept"  # done in time
    MISSED = "missed"  # done too late


@dataclass(frozen=True, slots=True)
class Hours:
    """One window of a weekday in minutes of the wall clock: 480-720 is 8:00-12:00; 1440 is 24:00."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class ServiceCalendar:
    """When there is service: for each weekday (0 is Monday) its windows, and the dates without. Hashable: years are remembered."""

    zone: str
    week: tuple[tuple[Hours, ...], ...]
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Pause:
    """An interval that does not count; without an end it lasts still."""

    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """Minutes of service time; None: not promised. Never both updates."""

    first_response: int | None = None
    next_response: int | None = None
    periodic_update: int | None = None
    solution: int | None = None


@dataclass(frozen=True, slots=True)
class SlaFacts:
    """An agreement as the rules see it, in its place of the order."""

    id: int
    code: str
    calendar: ServiceCalendar
    targets: Mapping[Priority | None, Targets]
    plans: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    follows_plan: bool = False
    warn_minutes: int = 0

    def __hash__(self) -> int:
        return hash((self.id, self.code))


@dataclass(frozen=True, slots=True)
class Matched:
    """What an agreement asks about a ticket."""

    plan: SlaPlan
    queue: str
    priority: Priority
    language: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in one state; the last has no end."""

    state: State
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A public message, as far as clocks go. `counts`: not written by a machine (SLA-8, TH-11)."""

    side: Side
    at: datetime
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """All that the clocks of a ticket are computed from."""

    opened_at: datetime
    spells: tuple[Spell, ...]
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: since when it runs, until when (None: paused), when to warn."""

    metric: Metric
    started_at: datetime
    due_at: datetime | None = None
    warn_at: datetime | None = None

    @property
    def key(self) -> str:
        """This run of the clock: a next response begins anew with each question."""
        return f"{self.metric.value}:{int(self.started_at.timestamp())}"


@dataclass(frozen=True, slots=True)
class Taken:
    """How long something took in seconds of service time, and what was promised."""

    seconds: int
    target: int | None = None  # seconds

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    @property
    def diff(self) -> int | None:
        """Minutes that were left; negative: too late, by a second is too late too."""
        return None if self.target is None else (self.target - self.seconds) // 60


@dataclass(frozen=True, slots=True)
class Clocks:
    """How the clocks of a ticket stand: those that run or are paused, and what was measured."""

    running: tuple[Clock, ...] = ()
    first_response: Taken | None = None
    longest_update: Taken | None = None
    solution: Taken | None = None

    def due(self, *metrics: Metric) -> datetime | None:
        """The earliest deadline of these clocks; None if none runs."""
        found = [clock.due_at for clock in self.running if clock.due_at and (not metrics or clock.metric in metrics)]
        return min(found, default=None)


@dataclass(frozen=True, slots=True)
class PauseTable:
    """SLA-19: which states pause which clock. One table, shown to the manager."""

    states: Mapping[Metric, frozenset[State]] = field(default_factory=dict)

    def pauses(self, metric: Metric, state: State) -> bool:
        return state in self.states.get(metric, DEFAULT_PAUSES[metric])


# Time spent waiting for the customer and time after the solution are never ours (SC-9, SLA-4, SLA-5). "Waiting for us" is our own
# affair: it pauses the way to a solution, which depends on others, and never an answer, which anybody can give (SLA-19).
_OURS_TO_ANSWER = frozenset(state for state in State if state.pauses_clock) - {State.WAITING_VENDOR}
DEFAULT_PAUSES: dict[Metric, frozenset[State]] = {
    Metric.FIRST_RESPONSE: _OURS_TO_ANSWER,
    Metric.NEXT_RESPONSE: _OURS_TO_ANSWER,
    Metric.PERIODIC_UPDATE: _OURS_TO_ANSWER,
    Metric.SOLUTION: frozenset(state for state in State if state.pauses_clock),
}


@dataclass(frozen=True, slots=True)
class PromiseBook:
    """Everything that was agreed, as of one revision: agreements in their order, the table of pauses, priorities by plan."""

    slas: tuple[SlaFacts, ...] = ()
    pauses: PauseTable = field(default_factory=PauseTable)
    priorities: Mapping[SlaPlan, Priority] = field(default_factory=dict)


# Trial and FREE users wait behind those who paid; what an unknown sender wants is seen after all others.
DEFAULT_PRIORITIES: dict[SlaPlan, Priority] = dict.fromkeys(SlaPlan, Priority.NORMAL) | {
    SlaPlan.FREE: Priority.LOW,
    SlaPlan.UNVERIFIED: Priority.LOW,
}
EVERY_HOUR = ServiceCalendar("UTC", tuple((Hours(0, DAY_MINUTES),) for _ in range(7)))
