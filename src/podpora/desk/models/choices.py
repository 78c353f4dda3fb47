"""What the tables share."""

from typing import Any


def choices_of(enum: type[Any]) -> list[tuple[Any, str]]:
    return [(member.value, member.name) for member in enum]
