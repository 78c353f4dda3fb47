"""Calendar years with an anchor day (T1, Z-1..3).

A term of support is one calendar year, not 365 days, and it keeps the day on which it began: bought on 29 Feb 2024 it ends on
28 Feb 2025, 2026, 2027 and on 29 Feb 2028. Clipping year by year would lose that day for good, so the anchor is carried along.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


def in_year(year: int, month: int, day: int) -> date:
    """The anchor day in that year; 29 Feb becomes 28 Feb in common years (Z-3: never an error)."""
    if day > 28:
        day = min(day, calendar.monthrange(year, month)[1])
    return date(year, month, day)


def add_years(on: date, years: int) -> date:
    return in_year(on.year + years, on.month, on.day)


def add_months(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return in_year(year, month + 1, on.day)


@dataclass(frozen=True, slots=True)
class Term:
    """A running term: its first day, its last day (inclusive) and the anchor (month, day) of its anniversaries."""

    starts_on: date
    through: date
    anchor: tuple[int, int]

    @classmethod
    def starting(cls, on: date, years: int) -> "Term":
        """A term that begins on `on`: bought 10 Mar 2026, through 10 Mar 2027 (VIP-1)."""
        return cls(on, add_years(on, years), (on.month, on.day))

    @classmethod
    def of_days(cls, on: date, days: int) -> "Term":
        """Days alone begin on the day itself, so 30 days given on the 1st last through the 30th (as a trial: A-15)."""
        through = on + timedelta(days=days - 1)
        return cls(on, through, (through.month, through.day))

    def is_active_on(self, on: date) -> bool:
        return on <= self.through

    def longer_by_years(self, years: int) -> "Term":
        return Term(self.starts_on, in_year(self.through.year + years, *self.anchor), self.anchor)

    def longer_by_days(self, days: int) -> "Term":
        """A new last day, which is the new anchor: later years count from it."""
        through = self.through + timedelta(days=days)
        return Term(self.starts_on, through, (through.month, through.day))

    def at_least(self, other: "Term") -> "Term":
        """The later end of the two, with its anchor; of two equal ends the one whose anchor lies later (28 Feb that is a 29th)."""
        if (other.through, other.anchor) <= (self.through, self.anchor):
            return self
        return Term(self.starts_on, other.through, other.anchor)
