"""Colleagues named in a note: `@tereza`, `@tereza.technicka`, `@tereza@vendor.example`."""

import re
from collections.abc import Mapping

from podpora.base.folding import folded

_NAMED = re.compile(r"(?<![\w@.])@([\w.+-]{2,64}(?:@[\w.-]{3,100})?)")
MOST_MENTIONS = 20


def names_of(name: str, email: str) -> frozenset[str]:
    """Under which words a person can be named: his address, its first part, his name with and without dots, his first name."""
    words = folded(name).split()
    local = email.partition("@")[0]
    whole = {email.lower(), folded(local), ".".join(words), "".join(words)}
    return frozenset(word for word in (*whole, *words[:1]) if word)


def mentioned(text: str, people: Mapping[int, frozenset[str]]) -> list[int]:
    """The ids of those who are named, in order; a word that names several names nobody."""
    found: list[int] = []
    for match in list(_NAMED.finditer(text))[: MOST_MENTIONS * 5]:
        word = folded(match[1].rstrip("."))
        named = [person for person, names in people.items() if word in names]
        if len(named) == 1 and named[0] not in found:
            found.append(named[0])
    return found[:MOST_MENTIONS]
