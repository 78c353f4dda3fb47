"""What the SDK answers: plain frozen values, every one with a code, a sentence in the user's language and the next steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from podpora_sdk.certificate import Covers


@dataclass(frozen=True)
class Next:
    """One way on. `kind`: `activate`, `refresh`, `free_device`, `offline`, `update` are done in the program; `buy`, `ask`, `forum`,
    `read` have an address; `wait` is advice."""

    kind: str
    label: str
    url: str = ""


@dataclass(frozen=True)
class Notice:
    """Something to show that stops nothing."""

    code: str
    message: str


@dataclass(frozen=True)
class Feature:
    """Is this feature in the edition? True in a condition when it is."""

    allowed: bool
    code: str
    message: str
    value: Any = None
    next: tuple[Next, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class State:
    """How the program stands. One look decides: `if licensing.state().may_run` (the state itself is true exactly then).

    `reason` is the code, `message` its sentence, `next` what the user may do. `days_left` counts the right to run (None: it does not
    end), `support_days_left` the support. `covers_text`: which versions, for people. `needs_refresh`: ask the server when it can be
    reached. `notices`: what to show besides.
    """

    may_run: bool
    reason: str
    message: str
    next: tuple[Next, ...]
    edition: str = ""
    kind: str = ""
    covers: Covers | None = None
    covers_text: str = ""
    ends_on: date | None = None
    days_left: int | None = None
    support_through: date | None = None
    support_days_left: int | None = None
    holder: str = ""
    licence: str = ""
    activation: str = ""
    device: str = ""
    seats: int = 0
    features: Mapping[str, Any] = field(default_factory=dict)
    lease_ends_at: datetime | None = None
    last_contact_at: datetime | None = None
    needs_refresh: bool = False
    notices: tuple[Notice, ...] = ()
    store_problem: str = ""

    def __bool__(self) -> bool:
        return self.may_run

    @property
    def is_activated(self) -> bool:
        """Is there a certificate, whatever it says?"""
        return bool(self.activation)


@dataclass(frozen=True)
class Device:
    """A device on a seat, as its owner sees it."""

    code: str
    name: str
    platform: str = ""
    app_version: str = ""
    last_seen_at: str = ""
    state: str = "active"


@dataclass(frozen=True)
class Result:
    """What became of something that the user asked for. True when it was done. Never an exception.

    `fields`: what is wrong with which field of the user's input. `retry_after`: seconds to wait. `devices`: when all seats are taken
    and the owner is proven. `data`: what else the server said.
    """

    ok: bool
    code: str
    message: str
    next: tuple[Next, ...] = ()
    state: State | None = None
    devices: tuple[Device, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    retry_after: int | None = None
    file: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True)
class Update:
    """May the program update to this version? True when it is covered. Ask before anything is installed or migrated (EOL-8)."""

    allowed: bool
    code: str
    message: str
    version: str
    covered_through: str = ""
    next: tuple[Next, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed
