"""What bodies are made of: strict schemas, and the kinds of field that several endpoints share."""

import re
from functools import lru_cache
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from podpora.base.errors import Problems

VERSION = re.compile(r"[vV]?(\d{1,4})(\.\d{1,9}){0,4}([-+ A-Za-z(][0-9A-Za-z.+() _-]{0,30})?")


Made = dict[str, Any]  # an object, for the documentation of answers


class Strict(Schema):
    """No unknown fields, no guessing of types: "3" is not 3."""

    model_config = ConfigDict(extra="forbid", strict=True)


def refused_field(*codes: str, **facts: Any) -> PydanticCustomError:
    """For a validator: this field has these codes; the facts say what would be right (base/fields.py)."""
    return PydanticCustomError("not_valid", "not valid", {"codes": list(codes), "facts": facts})


def joined(problem: ValidationError, more: Problems) -> ValidationError:
    """A reader's error, and besides it what else is wrong (of fields that it does not name)."""
    found: list[InitErrorDetails] = [
        {
            "type": PydanticCustomError(error["type"], "not valid", error.get("ctx", {})), "loc": error["loc"], "input": None,
        } for error in problem.errors(include_url=False, include_input=False)
    ]  # fmt: skip
    named = {".".join(map(str, error["loc"])) for error in found}
    for name, codes in more.fields.items():
        if name not in named:
            place = tuple(int(part) if part.isdigit() else part for part in name.split("."))
            found.append({"type": refused_field(*codes, **more.facts.get(name, {})), "loc": place, "input": None})
    return ValidationError.from_exception_data(problem.title, found)


def text(longest: int, *, shortest: int = 1) -> Any:
    """A line of text, its ends trimmed."""
    return StringConstraints(min_length=shortest, max_length=longest, strip_whitespace=True)


Line = Annotated[str, text(200)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


@lru_cache(maxsize=512)
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
