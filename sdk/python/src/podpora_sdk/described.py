"""The vendor's document of settings (JSON Schema with `x-` annotations) as this program's own schema: compiled in, the same that was
uploaded to the server. So what administrators see, what the server checks and what the program knows can't come apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from podpora_sdk.errors import ConfigurationError
from podpora_sdk.settings import MODES, Setting

KINDS = {"string": "text", "integer": "integer", "number": "number", "boolean": "flag", "array": "list"}


@dataclass(frozen=True)
class Page:
    """A section of the settings."""

    code: str
    title: Mapping[str, str]


def schema_from(document: Mapping[str, Any]) -> dict[str, Setting]:
    """`Options(schema=…)` out of the document. ConfigurationError where it is none: that is a developer's mistake."""
    properties = document.get("properties")
    if not isinstance(properties, Mapping) or not properties:
        raise ConfigurationError("The document of settings has no properties.")
    return {str(key): _setting(str(key), given) for key, given in properties.items()}


def pages_from(document: Mapping[str, Any]) -> list[Page]:
    """The sections in their order."""
    return [Page(str(page["id"]), dict(page["title"])) for page in document.get("x-pages", ())]


def _setting(key: str, given: Any) -> Setting:
    kind = KINDS.get(given.get("type", "")) if isinstance(given, Mapping) else None
    if kind is None:
        raise ConfigurationError(f"The setting {key} has no type that there is.")
    choices, pattern = tuple(given.get("enum", ())), str(given.get("pattern", ""))
    try:
        re.compile(pattern)
    except re.error:
        raise ConfigurationError(f"The pattern of {key} is not one.") from None
    short, long = ("minItems", "maxItems") if kind == "list" else ("minLength", "maxLength")
    return Setting(
        "choice" if choices and kind == "text" else kind, choices, given.get("minimum"), given.get("maximum"),
        tuple(given.get("x-modes", MODES)), str(given.get("x-atomic-group", "")), given.get("default"),
        min_length=given.get(short), max_length=given.get(long), pattern=pattern, title=dict(given.get("title", {})),
        help=dict(given.get("description", {})), page=str(given.get("x-page", "")), choice_titles=dict(given.get("x-enum-titles", {})),
        needs_restart=bool(given.get("x-restart", False)), since=str(given.get("x-since", "")), until=str(given.get("x-until", "")),
    )  # fmt: skip
