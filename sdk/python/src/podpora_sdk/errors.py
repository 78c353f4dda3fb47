"""What can go wrong, as codes. Nothing of this leaves the SDK but ConfigurationError: answers carry the code and its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ConfigurationError(ValueError):
    """The program built the SDK in wrongly (no public key, an address that is none). Seen at the first start on the developer's desk."""


class Refusal(Exception):
    """A check said no. `code` as in docs/reference/codes.md, `facts` for its sentence, `why`: which check, for developers."""

    def __init__(self, code: str, why: str = "", **facts: Any) -> None:
        super().__init__(f"{code}: {why}" if why else code)
        self.code = code
        self.why = why
        self.facts: Mapping[str, Any] = facts
