"""Values of the vendor's own fields: read, checked, shown or not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from podpora.desk.values import FieldKind

TEXT_LONGEST = 2000
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,6})?")


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A field as the rules see it."""

    code: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    is_required: bool = False
    shown_when: str = ""  # the code of another field
    shown_when_values: tuple[str, ...] = ()


class NotAValue(Exception):
    """The codes of what is wrong with it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain_value(field: FieldFacts, given: Any) -> str:
    """What somebody gave, in its one plain form; "" is no value. Raises NotAValue."""
    if given is None or given == "" or given == []:
        return ""
    match field.kind:
        case FieldKind.CHECKBOX:
            return _switch(given)
        case FieldKind.MULTI:
            return _several(field, given)
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise NotAValue("wrong_type")
    text = str(given).strip()
    if "\x00" in text:
        raise NotAValue("invalid_characters")
    return _of_kind(field, text)


def _of_kind(field: FieldFacts, text: str) -> str:
    match field.kind:
        case FieldKind.NUMBER:
            return _number(text)
        case FieldKind.DATE:
            return _day(text)
        case FieldKind.CHOICE if text and text not in field.choices:
            raise NotAValue("unknown")
    if len(text) > TEXT_LONGEST:
        raise NotAValue("too_long")
    return text


def _switch(given: Any) -> str:
    if given in (True, "yes", "true", "on", "1"):
        return "yes"
    if given in (False, "no", "false", "off", "0"):
        return "no"
    raise NotAValue("wrong_type")


def _several(field: FieldFacts, given: Any) -> str:
    values = given.split("\n") if isinstance(given, str) else given
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise NotAValue("wrong_type")
    if any(value not in field.choices for value in values):
        raise NotAValue("unknown")
    return "\n".join(choice for choice in field.choices if choice in values)


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise NotAValue("field.not_a_number")
    try:
        number = Decimal(text.replace(",", ".")).normalize()
    except InvalidOperation:  # pragma: no cover  # the pattern has looked
        raise NotAValue("field.not_a_number") from None
    return f"{number:f}" if number else "0"


def _day(text: str) -> str:
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotAValue("field.not_a_day") from None


def is_shown(field: FieldFacts, values: Mapping[str, str]) -> bool:
    """Is the field asked for with these values of the others?"""
    if not field.shown_when:
        return True
    had = values.get(field.shown_when, "")
    return bool(set(had.split("\n")) & set(field.shown_when_values)) if field.shown_when_values else had not in ("", "no")


def settled(fields: Sequence[FieldFacts], values: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The values that stand, without those of fields that are not shown (a chain: one hidden hides the next), and the codes of
    required ones that are missing."""
    standing: dict[str, str] = {}
    missing: list[str] = []
    known = {field.code: field for field in fields}

    def shown(field: FieldFacts, seen: frozenset[str] = frozenset()) -> bool:
        other = known.get(field.shown_when)
        if field.code in seen or not is_shown(field, values):
            return False
        return other is None or shown(other, seen | {field.code})

    for field in fields:
        if not shown(field):
            continue
        if values.get(field.code):
            standing[field.code] = values[field.code]
        elif field.is_required:
            missing.append(field.code)
    return standing, missing


def circle_of(field: str, shown_when: str, others: Mapping[str, str]) -> bool:
    """Would `field`, shown by `shown_when`, depend on itself? `others`: what each field is shown by."""
    seen, at = {field}, shown_when
    while at:
        if at in seen:
            return True
        seen.add(at)
        at = others.get(at, "")
    return False
