"""What a search shows besides tickets: where the words stand, and what of it was not understood."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from podpora.base.decisions import Reason
from podpora.base.folding import folded
from podpora.base.reasons import sentence
from podpora.desk import queries
from podpora.desk.queries import Listed
from podpora.desk.rules.searching import asked_for
from podpora.search.rules import stem, words

AROUND = 70  # characters on each side of a word
LONGEST = 20_000  # of a text, looked through for a word


def problems_of(text: str) -> list[str]:
    """The sentences about what was not understood."""
    return [sentence(Reason(problem.code, dict(problem.facts))) for problem in asked_for(text).problems] if text else []


def snippets(tickets: Sequence[Listed], text: str) -> dict[int, SafeString]:
    """Where in the conversation the words stand, with the words marked; for tickets whose subject does not show it. One statement."""
    wanted = [word for term in asked_for(text).terms if not term.is_not and term.field is None for word in words(term.text)]
    if not wanted or not tickets:
        return {}
    pattern = _pattern(tuple(wanted))
    hidden = [ticket.pk for ticket in tickets if not pattern.search(folded(ticket.subject))]
    found: dict[int, SafeString] = {}
    for pk, said in queries.texts_of(hidden) if hidden else ():
        if pk not in found and (piece := snippet(said[:LONGEST], pattern)):
            found[pk] = piece
    return found


@lru_cache(maxsize=256)
def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str]:
    roots = sorted({root for word in wanted for root in (word, stem(word))}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, roots)) + r")\w*")


def snippet(text: str, pattern: re.Pattern[str]) -> SafeString | None:
    """A line around the first place, escaped (B1). None if it stands nowhere here."""
    plain = folded(text)
    first = pattern.search(plain)
    if first is None:
        return None
    if len(plain) != len(text):  # a letter that became two: places would be wrong, so the folded text is shown
        text = plain
    begin, end = max(0, first.start() - AROUND), min(len(text), first.end() + AROUND)
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    parts: list[tuple[Any, ...]] = []
    place = begin
    for hit in pattern.finditer(plain, begin, end):
        parts.append((text[place : hit.start()], text[hit.start() : hit.end()]))
        place = hit.end()
    marked = format_html_join("", "{}<mark>{}</mark>", parts)
    rest = text[place:end] + ("…" if end < len(text) else "")
    return format_html('<small class="snippet">{}{}{}</small>', "…" if begin else "", marked, rest)
