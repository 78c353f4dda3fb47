"""What bodies are made of: strict schemas, and the kinds of field that several endpoints share."""

import re
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

VERSION = re.compile(r"\d{1,4}(\.\d{1,6}){0,3}([-+][0-9A-Za-z.+-]{1,15}|[A-Za-z][0-9A-Za-z.+-]{0,14})?")


class Strict(Schema):
    """No unknown fields, no guessing of types: "3" is not 3."""

    model_config = ConfigDict(extra="forbid", strict=True)


def refused_field(*codes: str) -> PydanticCustomError:
    """For a validator: this field has these codes."""
    return PydanticCustomError("not_valid", "not valid", {"codes": list(codes)})


def text(longest: int, *, shortest: int = 1) -> Any:
    """A line of text, its ends trimmed."""
    return StringConstraints(min_length=shortest, max_length=longest, strip_whitespace=True)


Line = Annotated[str, text(200)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
AppVersion = Annotated[str, StringConstraints(min_length=1, max_length=30), Field(examples=["10.2.1"])]


def major_of(version: str) -> int | None:
    """`10.2.1` -> 10; None when it is not a version."""
    found = VERSION.fullmatch(version) if version.isascii() else None
    return int(re.split(r"\D", version)[0]) if found else None
