"""What somebody typed into the search of the desk, taken apart: words, phrases, operators (an allow-list, C3), and what is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from podpora.desk.values import State
from podpora.search.rules.asking import PART, Problem, Wish, problem_of, read_day
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
class Asked:
    """A search: what has to stand in the texts, which tickets, and what was not understood (looked for as words)."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Wish, ...] = ()
    numbers: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.filters or self.numbers)


# Each operator: does the value make sense to it? The examples are what a person is told.
OPERATORS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "from": (bool, "from:jana@private.example"),
    "to": (bool, "to:lukas"),
    "subject": (bool, "subject:invoice"),
    "tag": (bool, "tag:calendar"),
    "state": (STATES.__contains__, "state:" + "|".join(STATES)),
    "field": (lambda value: all(value.partition("=")[::2]), "field:account=imap"),
    "queue": (bool, "queue:vip"),
    "assignee": (bool, "assignee:me|nobody|tereza"),
    "has": (HAS.__contains__, "has:attachment|note"),
    "before": (lambda value: read_day(value) is not None, "before:2026-03-01"),
    "after": (lambda value: read_day(value) is not None, "after:2026-03-01"),
}
_NUMBER = re.compile(r"(?:t-|#)(\d{1,18})", re.ASCII | re.IGNORECASE)


def asked_for(text: str) -> Asked:
    """Read a search. It never fails: what is not understood is a problem with a way out, and is looked for as words."""
    terms: list[Term] = []
    filters: list[Wish] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    parts = list(PART.finditer(text.replace("\x00", " ")[:LENGTH]))[:MOST]
    for part in parts:
        name, is_phrase = (part["name"] or "").lower(), part["phrase"] is not None
        value = (part["phrase"] if is_phrase else part["word"]).strip()
        if not value or value == "-":
            continue
        problem = problem_of(name, value, OPERATORS)
        if problem:
            problems.append(problem)
            terms.append(Term(f"{name} {value}", is_phrase=is_phrase, is_not=bool(part["no"])))
        elif name and name not in ("from", "subject"):
            filters.append(Wish(name, value if name in ("from", "to", "tag") else value.lower(), bool(part["no"])))
        elif not name and not part["no"] and (number := _number_of(value, alone=len(parts) == 1 and not is_phrase)):
            numbers.append(number)
            if value.isdigit():
                terms.append(Term(value))
        else:
            where = {"from": Field.PEOPLE, "subject": Field.TITLE}.get(name)
            terms.append(Term(value, is_phrase, bool(part["no"]), where))
    return Asked(tuple(terms), tuple(filters), tuple(numbers), tuple(problems))


def _number_of(value: str, *, alone: bool) -> int | None:
    """`T-12` and `#12` anywhere; `12` when it stands alone."""
    if found := _NUMBER.fullmatch(value):
        return int(found[1])
    return int(value) if alone and value.isascii() and value.isdigit() and len(value) < 19 else None
