"""Reading one row: every wrong field is told at once, with what would be right."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.conf import settings

from podpora.base.clock import parse_instant
from podpora.base.decisions import refuse
from podpora.base.errors import Problems
from podpora.jobs import actions as jobs
from podpora.jobs import queries as known_names
from podpora.jobs.values import IMPORT_CONFLICT
from podpora.orders.values import EARLIEST, LATEST

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: the code of what is here now, and whether the row made it."""

    code: str
    is_new: bool
    left_out: tuple[str, ...] = ()  # of the row, with the reason why


@dataclass(frozen=True, slots=True)
class Sources:
    """What rows may name: files of the archive by their names; and what rows that come later will say."""

    file: Callable[[str], bytes] = field(default=lambda name: b"")
    text: Callable[[str], str] = field(default=lambda text: text)  # words of the other forum as Markdown of ours
    moves: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)  # licence -> when it went to which customer


class Reader:
    """A row's fields, typed. Problems are gathered; `or_refuse` tells them."""

    def __init__(self, row: Row, known: Collection[str]) -> None:
        self.row, self.problems = row, Problems()
        unknown = sorted(set(row) - set(known) - {""})
        for name in unknown:
            self.problems.add(name, "unknown", fields=", ".join(sorted(known)))

    def text(self, name: str, *, most: int, required: bool = False) -> str:
        value = self.row.get(name)
        if value is not None and not isinstance(value, str | int):
            self.problems.add(name, "wrong_type")
            return ""
        told = "" if value is None else str(value).strip()
        if required and not told:
            self.problems.add(name, "required")
        elif len(told) > most:
            self.problems.add(name, "too_long", most=most)
        elif any(ord(sign) < 32 and sign not in "\n\r\t" for sign in told):
            self.problems.add(name, "invalid_characters")
        return told

    def number(self, name: str, *, least: int, most: int, usual: int) -> int:
        told = self.text(name, most=20)
        if not told:
            return usual
        if not told.isascii() or not told.isdigit() or not least <= int(told) <= most:
            self.problems.add(name, "out_of_range", least=least, most=most)
            return usual
        return int(told)

    def flag(self, name: str, *, usual: bool = False) -> bool:
        told = self.row.get(name)
        if isinstance(told, bool):
            return told
        word = self.text(name, most=10).lower()
        if not word:
            return usual
        if word not in ("", "0", "1", "yes", "no", "true", "false", "ano", "ne"):
            self.problems.add(name, "unknown", choices="yes, no")
        return word in ("1", "yes", "true", "ano")

    def day(self, name: str) -> date | None:
        told = self.text(name, most=10)
        if not told:
            return None
        try:
            on = date.fromisoformat(told)
        except ValueError:
            self.problems.add(name, "import.not_a_day")
            return None
        return self._possible(name, on) and on

    def instant(self, name: str, *, required: bool = False) -> datetime | None:
        """An instant; a day alone means its noon in the vendor's zone, where it is the same day for everybody."""
        told = self.text(name, most=40, required=required)
        if not told:
            return None
        try:
            at = (
                datetime.combine(date.fromisoformat(told), time(12), settings.VENDOR_ZONE)
                if len(told) == 10
                else parse_instant(told)
            )
        except ValueError:
            self.problems.add(name, "import.not_a_day")
            return None
        return self._possible(name, at.date()) and at

    def _possible(self, name: str, on: date) -> Any:
        if EARLIEST <= on <= LATEST:
            return True
        self.problems.add(name, "out_of_range", least=EARLIEST, most=LATEST)
        return None

    def rows(self, name: str) -> list[Row]:
        """A list of objects; absent is empty."""
        value = self.row.get(name)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.problems.add(name, "wrong_type")
            return []
        return value

    def words(self, name: str, *, by: str | None = None) -> list[str]:
        """A list of words; a cell of a table has them with blanks (or `by`) between."""
        value = self.row.get(name)
        if isinstance(value, str):
            value = value.split(by)
        if value not in (None, "") and (not isinstance(value, list) or not all(isinstance(one, str) for one in value)):
            self.problems.add(name, "wrong_type")
            return []
        return [one.strip() for one in value or () if one.strip()]

    def or_refuse(self) -> None:
        self.problems.or_refuse()


def content_hash(row: Row) -> str:
    """What makes two rows the same: all that they say."""
    told = {name: value for name, value in row.items() if value not in (None, "", [])}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def known(kind: str, external_id: str, row: Row) -> Outcome | None:
    """What came under this name before. Refused when it said something else then."""
    there = known_names.outside_name(kind, external_id)
    if there is None:
        return None
    if there.content_hash != content_hash(row):
        refuse(IMPORT_CONFLICT, external_id=external_id).or_refuse()
    return Outcome(there.code, False)


def remember(kind: str, external_id: str, code: str, row: Row, *, at: datetime) -> Outcome:
    jobs.name_outside(kind, external_id, code, content_hash=content_hash(row), at=at)
    return Outcome(code, True)
