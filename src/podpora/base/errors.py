"""Errors that are not refusals: bad input (names the field) and doors that are not yours."""

from collections.abc import Mapping, Sequence


class InvalidInput(Exception):
    """Input that cannot be used. `fields` maps a field's name to its codes; the API answers 422.

    Codes are stable (`required`, `too_long`, `not_a_date`, `unknown`); `base.reasons` has their sentences.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {', '.join(codes)}" for name, codes in fields.items()))
        self.fields = {name: list(codes) for name, codes in fields.items()}


class NotYours(Exception):
    """There is nothing here for this actor: 404, the same as for a thing that does not exist (S15)."""
