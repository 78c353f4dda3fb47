"""The language of canned replies, macros and rules: text with variables, nothing more. No logic, no attributes, one pass (B10)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

VARIABLES = (
    *("ticket.code", "ticket.subject", "ticket.link", "requester.name", "requester.first_name", "customer.name"),
    *("technician.name", "product.name", "version", "licence.code", "support.through", "today", "vendor.name"),
)  # what a customer may read; nothing of the desk's own (VI-2)
_VARIABLE = re.compile(r"\{\{[ \t]{0,20}([A-Za-z0-9_.]{1,60})[ \t]{0,20}\}\}")
_OTHER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\$\{")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What can't be used in a text, and where; lines and columns count from one."""

    code: str
    what: str
    line: int
    column: int


def mistake_in(text: str) -> Mistake | None:
    """The first thing in a text that is neither text nor a known variable."""
    end = 0
    for found in _VARIABLE.finditer(text):
        if other := _OTHER.search(text, end, found.start()):
            return _at(text, "template.not_a_variable", other.start(), text[other.start() : other.start() + 20])
        if found[1] not in VARIABLES:
            return _at(text, "template.unknown_variable", found.start(), found[1])
        end = found.end()
    other = _OTHER.search(text, end)
    return _at(text, "template.not_a_variable", other.start(), text[other.start() : other.start() + 20]) if other else None


def _at(text: str, code: str, position: int, what: str) -> Mistake:
    line = text.count("\n", 0, position) + 1
    return Mistake(code, what, line, position - text.rfind("\n", 0, position))


def variables_in(text: str) -> set[str]:
    """The known variables that a text names."""
    return {found[1] for found in _VARIABLE.finditer(text)} & set(VARIABLES)


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables; what they hold stands there as it is and is not read again. Unknown ones stay as written."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]) if found[1] in VARIABLES else found[0], text)
