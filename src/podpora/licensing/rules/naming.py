"""Names of many devices from one pattern: `OFFICE-{nnn}`, `{person} {platform}`."""

import re
from collections.abc import Mapping

from podpora.base.errors import InvalidInput

LONGEST = 100
PLACE = re.compile(r"\{([^{}]*)\}")
WORDS = ("name", "platform", "person", "code")
NUMBERS = ("n", "nn", "nnn", "nnnn")


def check_pattern(pattern: str) -> str:
    """The pattern with single spaces; InvalidInput for an empty one, an unknown word or characters that can't be kept."""
    cleaned = " ".join(pattern.split())
    if not cleaned:
        raise InvalidInput({"pattern": ["required"]})
    if len(cleaned) > LONGEST:
        raise InvalidInput({"pattern": ["too_long"]}, {"pattern": {"most": LONGEST}})
    if not cleaned.isprintable():
        raise InvalidInput({"pattern": ["invalid_characters"]})
    if set(PLACE.findall(cleaned)) - {*WORDS, *NUMBERS}:
        raise InvalidInput({"pattern": ["device.pattern_unknown"]})
    return cleaned


def named(pattern: str, number: int, facts: Mapping[str, str]) -> str:
    """The name of the number-th device. `{nnn}` is its number with at least three digits; a name that is empty stays what it was."""

    def fill(match: re.Match[str]) -> str:
        word = match[1]
        return str(number).rjust(len(word), "0") if word in NUMBERS else facts.get(word, "")

    return " ".join(PLACE.sub(fill, pattern).split())[:LONGEST] or facts.get("name", "")
