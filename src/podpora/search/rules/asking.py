"""What somebody typed into the search, taken apart: words, phrases, operators (an allow-list, C3), and what was not understood."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from podpora.search.rules.words import MEANINGLESS, words
from podpora.search.values import Field, Term

LENGTH = 200
MOST = 12  # words and operators; what comes after them is left out
SHORTEST = 3  # letters of a word that is looked for (FO-28); what has digits or signs may be shorter
PLACES: Mapping[str, str] = {
    "tickets": "ticket", "forum": "topic", "faq": "article", "problems": "problem", "releases": "release",
    "versions": "version",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """One operator with its value."""

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
    """A search: what has to stand in the texts, which things, and what was not understood (looked for as words)."""

    terms: tuple[Term, ...] = ()
    wishes: tuple[Wish, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.terms or self.wishes)

    @property
    def words(self) -> list[str]:
        """The words that are looked for, without those that must not stand there."""
        return [word for term in self.terms if not term.is_not for word in words(term.text)]


def read_day(text: str) -> date | None:
    """`2026-03-01`, `1.3.2026`; None for anything else."""
    for pattern, order in ((_ISO_DAY, (0, 1, 2)), (_CZECH_DAY, (2, 1, 0))):
        if found := pattern.fullmatch(text):
            numbers = [int(found.groups()[place]) for place in order]
            try:
                return date(*numbers)
            except ValueError:
                return None
    return None


_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_CZECH_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
PART = re.compile(r'(?P<no>-?)(?:(?P<name>[^\W\d_]{2,20}):(?!//|\\))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')

# Each operator: does the value make sense to it? The examples are what a person is told.
OPERATORS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "in": (PLACES.__contains__, "in:" + "|".join(PLACES)),
    "is": (("solved", "unsolved").__contains__, "is:solved|unsolved"),
    "author": (bool, "author:jana"),
    "tag": (bool, "tag:calendar"),
    "category": (bool, "category:licences"),
    "product": (bool, "product:postolka"),
    "version": (lambda value: bool(re.fullmatch(r"v?\d[\w.+-]{0,30}", value)), "version:10.2"),
    "before": (lambda value: read_day(value) is not None, "before:2026-03-01"),
    "after": (lambda value: read_day(value) is not None, "after:2026-03-01"),
}


def asked_for(text: str) -> Asked:
    """Read a search. It never fails: what is not understood is a problem with a way out, and is looked for as words."""
    terms: list[Term] = []
    wishes: list[Wish] = []
    problems: list[Problem] = []
    for part in list(PART.finditer(text.replace("\x00", " ")[:LENGTH]))[:MOST]:
        name, is_phrase = (part["name"] or "").lower(), part["phrase"] is not None
        value = (part["phrase"] if is_phrase else part["word"]).strip()
        if not value or value == "-":
            continue
        problem = problem_of(name, value, OPERATORS)
        if problem:
            problems.append(problem)
            terms.append(Term(f"{name} {value}", is_phrase=is_phrase, is_not=bool(part["no"])))
        elif name == "author":
            terms.append(Term(value, is_phrase, bool(part["no"]), Field.PEOPLE))
        elif name:
            wishes.append(Wish(name, value.lower(), bool(part["no"])))
        else:
            terms.append(Term(value, is_phrase, bool(part["no"])))
    return Asked(_worth_it(terms), tuple(wishes), tuple(problems))


def _worth_it(terms: list[Term]) -> tuple[Term, ...]:
    """Without words that say nothing (`jak`, `the`), unless there are no others; and without single letters (FO-28)."""
    long_enough = [term for term in terms if term.is_phrase or any(_is_long(word) for word in words(term.text))]
    telling = [term for term in long_enough if term.is_phrase or any(word not in MEANINGLESS for word in words(term.text))]
    return tuple(telling if any(not term.is_not for term in telling) else long_enough)


def _is_long(word: str) -> bool:
    return len(word) >= SHORTEST or not word.isalpha()


def problem_of(name: str, value: str, operators: Mapping[str, tuple[Callable[[str], bool], str]]) -> Problem | None:
    """What is wrong with an operator; None for what is right, or no operator at all."""
    if not name:
        return None
    if name not in operators:
        return Problem("search.unknown_operator", {"operator": f"{name}:", "known": " ".join(f"{known}:" for known in operators)})
    makes_sense, example = operators[name]
    if makes_sense(value.lower()):
        return None
    return Problem("search.not_understood", {"operator": f"{name}:{value}", "example": example})
