"""Errors that are not refusals: bad input (names the field) and doors that are not yours."""

from collections.abc import Mapping, Sequence
from typing import Any


class InvalidInput(Exception):
    """Input that cannot be used. `fields` maps a field's name to its codes; the API answers 422.

    Codes are stable (`required`, `too_long`, `not_an_instant`, `unknown`); `base.fields` has their sentences. `facts` of a field say
    what would be right: `{"name": {"most": 100}}`.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]], facts: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        super().__init__("; ".join(f"{name}: {', '.join(codes)}" for name, codes in fields.items()))
        self.fields = {name: list(codes) for name, codes in fields.items()}
        self.facts = dict(facts or {})


class Problems:
    """Wrong fields, collected, so that the sender hears of all of them at once."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}
        self.facts: dict[str, Mapping[str, Any]] = {}

    def add(self, field: str, code: str, **facts: Any) -> None:
        self.fields.setdefault(field, []).append(code)
        self.facts[field] = {**self.facts.get(field, {}), **facts}

    def include(self, problem: InvalidInput, *, inside: str = "") -> None:
        """All that another one found; `inside`: the field that its fields are part of (`customer.`)."""
        for name, codes in problem.fields.items():
            for code in codes:
                self.add(f"{inside}{name}", code, **problem.facts.get(name, {}))

    def or_refuse(self) -> None:
        if self.fields:
            raise InvalidInput(self.fields, self.facts)


class FilesAway(OSError):
    """The place where files lie is full or cannot be reached: nothing was stored; 503, and soon again (F08)."""


class NotYours(Exception):
    """There is nothing here for this actor: 404, the same as for a thing that does not exist (S15)."""
