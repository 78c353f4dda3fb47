"""What bodies are made of: strict schemas, and the kinds of field that several endpoints share."""

import re
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

VERSION = re.compile(r"[vV]?(\d{1,4})(\.\d{1,9}){0,4}([-+ A-Za-z(][0-9A-Za-z.+() _-]{0,30})?")


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


def major_of(version: str) -> int | None:
    """`10.2.1` -> 10, also `v10.2.1-beta2` and `10.2.1 (build 7)`; None when it is not a version."""
    found = VERSION.fullmatch(version) if version.isascii() else None
    return int(found[1]) if found else None


def _version(text: str) -> str:
    if major_of(text) is None:
        raise refused_field("not_a_version")
    return text


AppVersion = Annotated[
    str,
    StringConstraints(min_length=1, max_length=50, strip_whitespace=True), AfterValidator(_version), Field(examples=["10.2.1"]),
]  # fmt: skip
