"""What somebody typed into the search of the desk, taken apart: words, phrases, operators (an allow-list, C3), and what is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from podpora.desk.values import State
from podpora.search.values import Field, Term

LENGTH = 200
MOST = 12  # words and operators; what comes after them is left out

STATES: Mapping[str, tuple[State, ...]] = {
    **{state.value: (state,) for state in State},
    "waiting": (State.WAITING_CUSTOMER, State.WAITING_VENDOR),
    "done": tuple(state for state in State if state.is_done),
    "unfinished": tuple(state for state in State if not state.is_done),
}
HAS = ("attachment", "note")


@dataclass(frozen=True, slots=True)
class Filter:
    """One operator with its value, as the queries know it."""

    name: str
    value: str
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be understood, and what would be."""

    code: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: what has to stand in the texts, which tickets, and what was not understood (looked for as words)."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    numbers: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.filters or self.numbers)


def read_day(text: str) -> date | None:
    """`2026-03-01`, `1.3.2026`; None for anything else."""
    for pattern, order in ((_ISO_DAY, (0, 1, 2)), (_CZECH_DAY, (2, 1, 0))):
        if found := pattern.fullmatch(text):
            parts = [int(found.groups()[place]) for place in order]
            try:
                return date(*parts)
            except ValueError:
                return None
    return None


_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_CZECH_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)

# Each operator: does the value make sense to it? The examples are what a person is told.
OPERATORS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "from": (bool, "from:jana@private.example"),
    "to": (bool, "to:lukas"),
    "subject": (bool, "subject:invoice"),
    "tag": (bool, "tag:calendar"),
    "state": (STATES.__contains__, "state:" + "|".join(STATES)),
    "queue": (bool, "queue:vip"),
    "assignee": (bool, "assignee:me|nobody|tereza"),
    "has": (HAS.__contains__, "has:attachment|note"),
    "before": (lambda value: read_day(value) is not None, "before:2026-03-01"),
    "after": (lambda value: read_day(value) is not None, "after:2026-03-01"),
}
_PART = re.compile(r'(?P<no>-?)(?:(?P<name>[^\W\d_]{2,20}):(?!//|\\))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_NUMBER = re.compile(r"(?:t-|#)(\d{1,18})", re.ASCII | re.IGNORECASE)


def asked_for(text: str) -> Asked:
    """Read a search. It never fails: what is not understood is a problem with a way out, and is looked for as words."""
    terms: list[Term] = []
    filters: list[Filter] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    parts = list(_PART.finditer(text.replace("\x00", " ")[:LENGTH]))[:MOST]
    for part in parts:
        name, is_phrase = (part["name"] or "").lower(), part["phrase"] is not None
        value = (part["phrase"] if is_phrase else part["word"]).strip()
        if not value or value == "-":
            continue
        problem = _problem_of(name, value)
        if problem:
            problems.append(problem)
            terms.append(Term(f"{name} {value}", is_phrase=is_phrase, is_not=bool(part["no"])))
        elif name and name not in ("from", "subject"):
            filters.append(Filter(name, value if name in ("from", "to", "tag") else value.lower(), bool(part["no"])))
        elif not name and not part["no"] and (number := _number_of(value, alone=len(parts) == 1 and not is_phrase)):
            numbers.append(number)
            if value.isdigit():
                terms.append(Term(value))
        else:
            where = {"from": Field.PEOPLE, "subject": Field.TITLE}.get(name)
            terms.append(Term(value, is_phrase, bool(part["no"]), where))
    return Asked(tuple(terms), tuple(filters), tuple(numbers), tuple(problems))


def _problem_of(name: str, value: str) -> Problem | None:
    if not name:
        return None
    if name not in OPERATORS:
        return Problem("search.unknown_operator", {"operator": f"{name}:", "known": " ".join(f"{known}:" for known in OPERATORS)})
    makes_sense, example = OPERATORS[name]
    if makes_sense(value.lower()):
        return None
    return Problem("search.not_understood", {"operator": f"{name}:{value}", "example": example})


def _number_of(value: str, *, alone: bool) -> int | None:
    """`T-12` and `#12` anywhere; `12` when it stands alone."""
    if found := _NUMBER.fullmatch(value):
        return int(found[1])
    return int(value) if alone and value.isascii() and value.isdigit() and len(value) < 19 else None
