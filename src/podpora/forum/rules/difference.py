"""What an edit changed, line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher

LINES = 2_000  # of a side; longer texts are shown as replaced


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """[("+", line), ("-", line), ("", line)…]: what was added, taken away, kept."""
    before, after = old.splitlines(), new.splitlines()
    if len(before) > LINES or len(after) > LINES:
        return [*(("-", line) for line in before), *(("+", line) for line in after)]
    return list(_changes(before, after))


def _changes(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (("", line) for line in before[i1:i2])
        else:
            yield from (("-", line) for line in before[i1:i2])
            yield from (("+", line) for line in after[j1:j2])
