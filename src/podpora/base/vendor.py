"""What the vendor calls himself: in the header, as the sender of mails, on the page of terms.

Who sells is edited in the office (room orders), which stands above the rooms that write letters. So that room says here
how the name is found out; nobody below has to know it. The name is kept for a while: it stands on every page.
"""

import time
from collections.abc import Callable

KEPT = 30.0  # seconds
_source: list[Callable[[], str]] = []
_kept: dict[str, tuple[float, str]] = {}


def ask_with(source: Callable[[], str]) -> None:
    """How the name is found out."""
    _source[:] = [source]


def name() -> str:
    """`Poštolka`."""
    until, kept = _kept.get("name", (0.0, ""))
    if kept and time.monotonic() < until:
        return kept
    found = _source[0]() if _source else "Podpora"
    remember(found)
    return found


def remember(found: str, seconds: float = KEPT) -> None:
    _kept["name"] = (time.monotonic() + seconds, found)


def forget() -> None:
    """It was changed."""
    _kept.clear()
