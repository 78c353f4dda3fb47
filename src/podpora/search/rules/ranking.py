"""Which of what was found comes first.

Read as: the title that is asked for word by word outranks everything; then how many of the words stand there, in the title rather than
in the text, as they were typed rather than with another ending; a word that is said sixty times counts like six (FO-27). What is solved
counts a tenth more (FO-5), what is fresh a little, the reader's own language a little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from podpora.search.rules.words import stem, variants

OFTEN = 6
SOLVED = 1.1
OWN_LANGUAGE = 1.25
FRESH = 0.15  # what was written today counts so much more; after a year half of it
YEAR = 365 * 24 * 3600
EXACT, IN_TITLE, NEAR_TITLE, OF_PEOPLE, IN_BODY, NEAR_BODY, TOGETHER = 1000.0, 9.0, 6.0, 4.0, 1.0, 0.6, 4.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that might be shown; `title`, `people` and `body` are prepared words."""

    pk: int
    kind: str
    code: str
    title: str
    people: str
    language: str
    made_at: datetime
    is_solved: bool
    boost: int  # percent
    body: str = ""


def ranked(
    candidates: Sequence[Candidate], asked: Sequence[str], *, language: str, at: datetime, least: int = 0
) -> list[tuple[Candidate, float]]:
    """The candidates with their worth, the best first; those with fewer than `least` of the words left out."""
    wanted = [(word, variants(word)[1:]) for word in dict.fromkeys(asked)]
    meant = [stem(word) for word in asked]
    found = []
    for each in candidates:
        hits, worth = _worth(each, wanted)
        if hits < least:
            continue
        if meant and _is_exactly(each.title, meant):
            worth += EXACT
        found.append((each, worth * _favour(each, language=language, at=at)))
    return sorted(found, key=lambda pair: (-pair[1], -pair[0].made_at.timestamp(), -pair[0].pk))


def _worth(each: Candidate, wanted: Sequence[tuple[str, Sequence[str]]]) -> tuple[int, float]:
    title, people = f" {each.title} ", f" {each.people} "
    body = f" {each.body} ".replace(" ", "  ")  # so that neighbours share no blank
    hits, worth = 0, 0.1
    for word, others in wanted:
        gained = _in_field(title, word, others, IN_TITLE, NEAR_TITLE)
        if f" {word}" in people:
            gained += OF_PEOPLE
        gained += IN_BODY * min(OFTEN, body.count(f" {word} "))
        gained += NEAR_BODY * min(OFTEN, sum(body.count(f" {other} ") for other in others) + (f" {word}" in body))
        hits += gained > 0
        worth += gained
    if len(wanted) > 1:
        phrase = " ".join(word for word, _others in wanted)
        worth += TOGETHER * ((f" {phrase}" in title) + (f" {phrase}" in f" {each.body}"))
    return hits, worth * hits  # all of the words are worth more than one of them many times


def _in_field(field: str, word: str, others: Sequence[str], exact: float, near: float) -> float:
    if f" {word} " in field:
        return exact
    return near if f" {word}" in field or any(f" {other} " in field for other in others) else 0.0


def _is_exactly(title: str, meant: Sequence[str]) -> bool:
    said = title.split(" ~", 1)[0].split()  # the words, before what was made of them
    return [stem(word) for word in said] == meant


def _favour(each: Candidate, *, language: str, at: datetime) -> float:
    years = max(0.0, (at - each.made_at).total_seconds() / YEAR)
    favour = (1 + FRESH / (1 + years)) * each.boost / 100
    if each.is_solved:
        favour *= SOLVED
    return favour * (OWN_LANGUAGE if each.language == language else 1.0)
