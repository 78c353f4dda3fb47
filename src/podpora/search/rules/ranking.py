"""Which of what was found comes first.

Read as: the title that is asked for word by word outranks everything; then how many of the words stand there, in the title rather than
in the text, as they were typed rather than with another ending, and only then other words of their family and what means the same; a word
that is said sixty times counts like six (FO-27). What is solved counts a tenth more (FO-5), what is fresh a little, the reader's own
language a little. A word that all candidates have says less than one that few have.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from podpora.search.rules.words import kin, stem, variants, words
from podpora.search.values import Term

OFTEN = 6
SOLVED = 1.1
OWN_LANGUAGE = 1.25
FRESH = 0.15  # what was written today counts so much more; after a year half of it
YEAR = 365 * 24 * 3600
EXACT, TOGETHER, OF_PEOPLE = 1000.0, 4.0, 4.0
IN_TITLE, NEAR_TITLE, FAR_TITLE = 9.0, 6.0, 3.5
IN_BODY, NEAR_BODY, FAR_BODY = 1.0, 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word that is looked for: with other endings, and as another word that says about the same."""

    word: str
    near: frozenset[str] = frozenset()
    far: frozenset[str] = frozenset()


def wanted_of(terms: Iterable[Term], *, is_wide: bool = False) -> list[Wanted]:
    """What is looked for, each word once."""
    found: dict[str, Wanted] = {}
    for term in terms:
        also = [form for text in term.also for word in words(text) for form in variants(word)]
        for word in words(term.text):
            found.setdefault(word, Wanted(word, frozenset(variants(word)[1:]), frozenset((*kin(word, is_wide=is_wide), *also))))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that might be shown; `title`, `people` and `body` are prepared words."""

    pk: int
    kind: str
    code: str
    title: str
    people: str
    language: str
    is_solved: bool
    boost: int  # percent
    made_at: datetime | None = None
    body: str = ""


def ranked(
    candidates: Sequence[Candidate], wanted: Sequence[Wanted], *, language: str, at: datetime, least: int = 0
) -> list[tuple[Candidate, float]]:
    """The candidates with their worth, the best first; those with fewer than `least` of the words left out.

    Without their texts and days (None) they are ranked by their titles alone: a first look at many.
    """
    meant, phrase = [stem(each.word) for each in wanted], " " + " ".join(one.word for one in wanted)
    gained = [_gained(each, wanted) for each in candidates]
    titled = [_rare(sum(1 for gains in gained if gains[place][0]), len(gained)) for place in range(len(wanted))]
    said = [_rare(sum(1 for gains in gained if gains[place][1]), len(gained)) for place in range(len(wanted))]
    found = []
    for each, gains in zip(candidates, gained, strict=True):
        hits, in_title, worth = 0, 0, 0.1
        for place, (title, body) in enumerate(gains):
            if title or body:
                hits += 1
                in_title += title > 0
                worth += title * titled[place] + body * said[place]
        if hits < least:
            continue
        if len(wanted) > 1:
            worth += TOGETHER * ((phrase in f" {each.title}") + (phrase in f" {each.body}"))
        worth *= hits  # all of the words are worth more than one of them many times
        if in_title == len(meant) > 0 and _is_exactly(each.title, meant):
            worth += EXACT
        found.append((each, worth * _favour(each, language=language, at=at)))
    return sorted(found, key=lambda pair: (-pair[1], -pair[0].made_at.timestamp() if pair[0].made_at else 0.0, -pair[0].pk))


def _rare(having: int, every: int) -> float:
    """What a word is worth that so many of the candidates have: what all have says little about which one was meant."""
    return 0.4 + 0.25 * math.log(1 + every / max(having, 1))


def _gained(each: Candidate, wanted: Sequence[Wanted]) -> list[tuple[float, float]]:
    """For each word what it gains in the title, and in the text or among the people."""
    title, people = f" {each.title}", f" {each.people}"
    titled = frozenset(each.title.split())  # looked up by many forms, and read once
    if not each.body:
        return [(_in_title(title, titled, one), OF_PEOPLE * (f" {one.word}" in people)) for one in wanted]
    body, said = f" {each.body} ".replace(" ", "  "), frozenset(each.body.split())  # neighbours share no blank
    return [(_in_title(title, titled, one), _in_body(body, said, one) + OF_PEOPLE * (f" {one.word}" in people)) for one in wanted]


def _in_title(title: str, titled: frozenset[str], one: Wanted) -> float:
    if one.word in titled:
        return IN_TITLE
    if f" {one.word}" in title or not titled.isdisjoint(one.near):
        return NEAR_TITLE
    return 0.0 if titled.isdisjoint(one.far) else FAR_TITLE


def _in_body(body: str, said: frozenset[str], one: Wanted) -> float:
    exact = min(OFTEN, body.count(f" {one.word} ")) if one.word in said else 0
    near = len(one.near & said) + (f" {one.word}" in body)
    if exact or near:
        return IN_BODY * exact + NEAR_BODY * min(OFTEN, near)
    return FAR_BODY * min(OFTEN, len(one.far & said))


def _is_exactly(title: str, meant: Sequence[str]) -> bool:
    said = title.split(" ~", 1)[0].split()  # the words, before what was made of them
    return [stem(word) for word in said] == meant


def _favour(each: Candidate, *, language: str, at: datetime) -> float:
    years = max(0.0, (at - each.made_at).total_seconds() / YEAR) if each.made_at else 0.0
    favour = (1 + FRESH / (1 + years)) * each.boost / 100
    if each.is_solved:
        favour *= SOLVED
    return favour * (OWN_LANGUAGE if each.language == language else 1.0)
