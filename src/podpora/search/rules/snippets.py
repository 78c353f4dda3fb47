"""The piece of a text in which the words stand, and where in it. Who shows it escapes it (B1)."""

import re
from collections.abc import Sequence
from functools import lru_cache

from podpora.base.folding import folded
from podpora.search.rules.words import stem

AROUND = 70  # characters on each side of a word
LONGEST = 20_000  # of a text, looked through for a word

Pieces = tuple[tuple[str, bool], ...]  # (text, is it one of the words?)


@lru_cache(maxsize=256)
def pattern_of(wanted: tuple[str, ...]) -> re.Pattern[str]:
    """What finds these words in a folded text, whatever their endings."""
    roots = sorted({root for word in wanted for root in (word, stem(word))}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, roots)) + r")\w*")


def pieces(text: str, wanted: Sequence[str], *, around: int = AROUND) -> Pieces:
    """A line around the first place where one of the words stands; nothing if none does."""
    if not wanted:
        return ()
    text = text[:LONGEST]
    plain = folded(text)
    pattern = pattern_of(tuple(wanted))
    first = pattern.search(plain)
    if first is None:
        return ()
    if len(plain) != len(text):  # a letter that became two: places would be wrong, so the folded text is shown
        text = plain
    begin, end = max(0, first.start() - around), min(len(text), first.end() + around)
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    found: list[tuple[str, bool]] = [("…", False)] if begin else []
    place = begin
    for hit in pattern.finditer(plain, begin, end):
        found += [(text[place : hit.start()], False), (text[hit.start() : hit.end()], True)]
        place = hit.end()
    found.append((text[place:end] + ("…" if end < len(text) else ""), False))
    return tuple((part, is_word) for part, is_word in found if part)
