"""What somebody meant: words that mean the same (`faktura`, `daňový doklad`), and words that were mistyped (`akitvace`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from podpora.search.rules.asking import Asked
from podpora.search.rules.words import MEANINGLESS, stem, words
from podpora.search.values import Term

SHORTEST = 4  # letters of a word that may be mistyped
TWO = 8  # from so many letters on, two of them may be wrong
MEMBERS, LONGEST = 20, 60  # of a group of words that mean the same; characters of one


@dataclass(frozen=True, slots=True)
class Alike:
    """Words that mean the same: each as it was written, by the stems of its words."""

    members: Mapping[tuple[str, ...], str]

    def others(self, said: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text for stems, text in self.members.items() if stems != said)


def alike_from(line: str) -> Alike:
    """A group as somebody writes it: `faktura, daňový doklad, invoice`. Words that say nothing count no more than in a search."""
    texts = [" ".join(telling(text)) for text in line.split(",")[:MEMBERS]]
    return Alike({tuple(stem(word) for word in text.split()): text for text in texts if text and len(text) <= LONGEST})


def telling(text: str) -> list[str]:
    """The words of a text without those that say nothing, unless there are no others."""
    said = words(text)
    return [word for word in said if word not in MEANINGLESS and (len(word) > 2 or not word.isalpha())] or said


def widened(asked: Asked, groups: Sequence[Alike]) -> Asked:
    """The search with what means the same beside its words. Words that stand in a row in a group are one term (`daňový doklad`)."""
    if not groups:
        return asked
    terms: list[Term] = []
    left = list(asked.terms)
    while left:
        size, also = _longest(left, groups)
        joined = replace(left[0], text=" ".join(term.text for term in left[:size]), also=also) if also else left[0]
        terms.append(joined)
        left = left[size:]
    return replace(asked, terms=tuple(terms))


def _longest(left: Sequence[Term], groups: Sequence[Alike]) -> tuple[int, tuple[str, ...]]:
    """How many of the next terms are a member of a group, and what else the group says."""
    plain = 0
    while plain < min(len(left), 4) and not (left[plain].is_phrase or left[plain].is_not or left[plain].field):
        plain += 1
    for size in range(plain, 0, -1):
        said = tuple(stem(word) for term in left[:size] for word in words(term.text))
        also = dict.fromkeys(text for group in groups if said in group.members for text in group.others(said))
        if also:
            return size, tuple(also)
    return 1, ()


def nearest(word: str, known: Iterable[tuple[str, int]]) -> str:
    """The known word that was most likely meant: the fewest wrong letters, then the one that is used most. Empty: none is near enough."""
    most = 2 if len(word) >= TWO else 1
    found = [(far, -often, each) for each, often in known if (far := distance(word, each, most)) <= most]
    return min(found)[2] if found else ""


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped with their neighbour; `most` + 1 for more than that."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    one, other = _apart(one, other)
    older: list[int] = []
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _apart(one: str, other: str) -> tuple[str, str]:
    """What is left of both without the beginning and the end that they share."""
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    one, other = one[begin:], other[begin:]
    end = 0
    while end < min(len(one), len(other)) and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[: len(one) - end], other[: len(other) - end]


def doubtful(asked: Asked, groups: Sequence[Alike]) -> list[str]:
    """The words that may be mistyped: of letters alone, long enough, not asked for literally, in no group of the vendor's."""
    terms = [term for term in asked.terms if not (term.is_phrase or term.is_not or term.field)]
    long = dict.fromkeys(word for term in terms for word in words(term.text) if word.isalpha() and len(word) >= SHORTEST)
    known = {part for group in groups for stems in group.members for part in stems} if long else set()
    return [word for word in long if stem(word) not in known]


def hinted(asked: Asked, instead: Mapping[str, str]) -> Asked:
    """The search with what may have been meant beside its words, for want of anything better."""
    terms = [
        replace(term, also=(*term.also, instead[said])) if (said := " ".join(words(term.text))) in instead else term
        for term in asked.terms
    ]
    return replace(asked, terms=tuple(terms))


def mended(asked: Asked, instead: Mapping[str, str]) -> Asked:
    """The search with these words in the place of those."""
    terms = [
        replace(term, text=" ".join(instead.get(word, word) for word in words(term.text)), also=())
        if not term.is_phrase and any(word in instead for word in words(term.text)) else term
        for term in asked.terms
    ]  # fmt: skip
    return replace(asked, terms=tuple(terms))
