"""Tables for spreadsheets: streamed, so that ten thousand rows need no memory, and without formulas (S24)."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from podpora.base.clock import format_instant

NOT_SHOWN = " \u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe(value: Any) -> str:
    """A cell as text. What a spreadsheet would take for a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int):
        return str(value)
    text = str(value)
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Signs that are not shown do not count, and full-width signs (as in Japanese) mean the same to a spreadsheet."""
    bare = text.lstrip(NOT_SHOWN)
    return text.startswith(STARTS_FORMULA) or normalize("NFKC", bare[:1]).startswith(STARTS_FORMULA)


class _Echo:
    def write(self, text: str) -> str:
        return text


def lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, line by line: RFC 4180, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([safe(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])
