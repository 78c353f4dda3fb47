"""What a report asks and answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Grouping(StrEnum):
    """By what the tickets of a period are put together."""

    QUEUE = "queue"
    TECHNICIAN = "technician"
    VERSION = "version"
    TAG = "tag"
    LANGUAGE = "language"


GROUPING_NAMES: dict[Grouping, Promise] = {
    Grouping.QUEUE: _("Queue"),
    Grouping.TECHNICIAN: _("Technician"),
    Grouping.VERSION: _("Version of the program"),
    Grouping.TAG: _("Topic (tag)"),
    Grouping.LANGUAGE: _("Language"),
}
LONGEST_REPORT = 366 * 3  # days


@dataclass(frozen=True, slots=True)
class Period:
    """Vendor dates from the first to the last, both inclusive."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length just before: what this one is compared with."""
        return Period(self.since - timedelta(days=self.days), self.since - timedelta(days=1))

    @property
    def step(self) -> int:
        """How many days one point of a chart holds."""
        return 1 if self.days <= 31 else 7 if self.days <= 31 * 7 else 30


@dataclass(frozen=True, slots=True)
class Measured:
    """The tickets of a period in numbers. Minutes are of service time; None: nothing was measured."""

    opened: int = 0
    solved: int = 0
    first_response: float | None = None
    solution: float | None = None
    kept: int = 0
    missed: int = 0
    good: int = 0
    bad: int = 0
    spent: int = 0

    @property
    def kept_share(self) -> int | None:
        """Percent of the promises that were kept."""
        return round(100 * self.kept / (self.kept + self.missed)) if self.kept + self.missed else None

    @property
    def good_share(self) -> int | None:
        return round(100 * self.good / (self.good + self.bad)) if self.good + self.bad else None


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a report: what is grouped by (a code, or a text), its name, and its numbers."""

    key: str
    name: str
    measured: Measured


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about a period that a reader may see."""

    period: Period
    now: Measured
    before: Measured
    volume: Sequence[tuple[date, int, int]] = ()  # day, opened, solved
    backlog: Sequence[tuple[int | None, int]] = ()  # unfinished tickets not older than so many days
    groups: Sequence[Group] = ()
    topics: Sequence[tuple[str, int]] = ()
    words: Sequence[tuple[str, int]] = ()
    refusals: Sequence[tuple[str, str, int]] = ()  # reason code, way out, how many people
    without_support: Sequence[tuple[str, str, int]] = field(default_factory=tuple)  # plan, queue, how many tickets
