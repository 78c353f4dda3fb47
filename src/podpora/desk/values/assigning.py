"""Who gets a ticket, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare


class Assignment(StrEnum):
    """How a queue gives its tickets away."""

    ROUND_ROBIN = "round_robin"
    BY_LOAD = "by_load"
    MANUAL = "manual"


ASSIGNMENT_NAMES: dict[Assignment, Promise] = {
    Assignment.ROUND_ROBIN: _("By turn"),
    Assignment.BY_LOAD: _("To whom has least to do"),
    Assignment.MANUAL: _("By hand"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician who might get a ticket. `cap` None: no limit; `languages` empty: any. `is_working` says whether it is one of his
    hours, `is_away` whether he is absent today."""

    id: int
    load: int = 0
    cap: int | None = None
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    is_away: bool = False
    is_working: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """What a ticket needs of whoever gets it."""

    skills: frozenset[str] = frozenset()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen, from how many who could, and by what: turn, load or skill."""

    person: int
    why: str
    among: int
    load: int = 0


@dataclass(frozen=True, slots=True)
class ProfileWish:
    """What a technician can do and how much he takes."""

    skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    cap: int | None = None
    calendar: str = ""  # code; empty: at any time


@dataclass(frozen=True, slots=True)
class AbsenceWish:
    """Days without work, both inclusive, and who stands in (a person's code; empty: nobody)."""

    starts_on: date
    ends_on: date
    stand_in: str = ""
    note: str = ""


LONGEST_ABSENCE = 400  # days

declare("absence.backwards", _("The last day can't be before the first."))
declare("absence.too_long", _("An absence of more than 400 days is too long; a technician who leaves loses his role instead."))
declare("absence.overlaps", _("There is another absence on these days. Change that one instead."))
declare("absence.stand_in_self", _("Nobody stands in for himself."))
declare("absence.over", _("This absence is over, so it can't be changed any more."))
declare("skill.in_use", _("Technicians have this skill: {used_by}. Take it from them first."))
