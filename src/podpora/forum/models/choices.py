"""What the columns of the models share."""

from enum import Enum
from typing import Any


def choices_of(enum: type[Enum]) -> list[tuple[Any, str]]:
    return [(member.value, member.name) for member in enum]
