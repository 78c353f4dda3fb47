"""What is written down, and what never is."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from podpora.audit.values import MASK, SECRET_NAMES, SECRETS
from podpora.base.clock import format_instant
from podpora.base.money import Money

LONGEST_TEXT = 2000
DEEPEST = 6


def is_secret(name: str) -> bool:
    """Does a fact of this name hold something that must not be kept? `key_hint` may, `key` may not."""
    lower = name.lower()
    return lower in SECRET_NAMES or any(part in lower for part in SECRETS)


def recorded(value: Any, depth: int = 0) -> Any:
    """A fact in the form in which it is kept: plain JSON, secrets masked, long texts cut."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {str(name): MASK if is_secret(str(name)) and item else recorded(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [recorded(item, depth + 1) for item in items]
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | None):
        return value
    if isinstance(value, datetime):
        return format_instant(value) if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, Decimal | float):
        return str(value)
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names whose values differ, in the order of the new state, then those that went."""
    names = [name for name in after if before.get(name) != after[name]]
    return names + [name for name in before if name not in after]
