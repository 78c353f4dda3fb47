"""Central settings: the signed bundle of this device, and what follows from it (RULES.md H).

    forced    wins and is locked
    default   counts until the user chooses
    initial   is written once, as if the user had chosen it

The user's own choices belong to the program and are never overwritten; so a lock that goes away gives back what the user had (CS-6).
What a value is counted from, best first: forced, the user's own, default, the initial value that was once given, the program's default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from podpora_sdk import jws
from podpora_sdk.certificate import Reader
from podpora_sdk.errors import Refusal
from podpora_sdk.keyring import KeyRing
from podpora_sdk.texts import sentence

FORCED, DEFAULT, INITIAL = "forced", "default", "initial"
MODES = (FORCED, DEFAULT, INITIAL)
STALE = "settings.stale_revision"
OTHERS = "settings.wrong_device"
NEEDS_VERSION, UNKNOWN, INVALID, REJECTED, LOCAL_POLICY = (
    "settings.needs_version", "settings.unknown_key", "settings.invalid_value", "settings.rejected", "settings.local_policy",
)  # fmt: skip
TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,), "number": (int, float), "integer": (int,), "flag": (bool,), "choice": (str,), "list": (list,),
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One setting of a bundle. `source`: the layer that it comes from (`company`, `group:…`, `device:…`, `policy:…`)."""

    key: str
    value: Any
    mode: str
    source: str
    since: str = ""


@dataclass(frozen=True)
class Bundle:
    """A checked settings bundle."""

    text: str
    organisation: str
    device: str
    revision: int
    issued_at: int
    ends_at: int
    schema: str
    entries: Mapping[str, Entry]
    name: str = ""  # of the organisation, for people


@dataclass(frozen=True)
class Setting:
    """One setting that the program knows: what fits it, and which settings are only taken together with it (`atomic_group`).

    Texts are by language (`{"cs": …, "en": …}`); `choice_titles` by choice. `described.schema_from` reads all of it from the vendor's
    document.
    """

    type: str
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    modes: tuple[str, ...] = MODES
    atomic_group: str = ""
    default: Any = None
    min_length: int | None = None  # of a text; of a list: how many
    max_length: int | None = None
    pattern: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    choice_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    needs_restart: bool = False
    since: str = ""
    until: str = ""

    def fits(self, value: Any) -> bool:
        """Is the value of the right type and within the limits?"""
        kinds = TYPES.get(self.type, (object,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds and object not in kinds):
            return False
        items = value if isinstance(value, list) else [value]
        if isinstance(value, list) and not all(isinstance(item, str) for item in items):
            return False
        if self.choices and any(item not in self.choices for item in items):
            return False
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)
        if isinstance(value, (str, list)) and not (self.min_length or 0) <= len(value) <= (self.max_length or len(value)):
            return False
        return not self.pattern or all(isinstance(item, str) and re.search(self.pattern, item) is not None for item in items)


Schema = Mapping[str, Setting]


@dataclass(frozen=True)
class Managed:
    """One managed setting for the page "Managed settings" (CS-22). `state`: `applied`, `skipped` or `error`, with its code."""

    key: str
    value: Any
    mode: str
    locked: bool
    organisation: str
    source: str
    revision: int
    fetched_at: datetime | None = None
    state: str = "applied"
    code: str = ""
    message: str = ""
    losers: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Applied:
    """What became of the settings when the program used them: `applied` or `partial` (CS-14)."""

    state: str
    revision: int
    errors: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.state == "applied"


@dataclass(frozen=True)
class Settings:
    """The managed settings as they count now. Empty where there are none; never raises."""

    managed: Mapping[str, Managed] = field(default_factory=dict)
    initials: Mapping[str, Any] = field(default_factory=dict)
    organisation: str = ""
    revision: int = 0
    released: bool = False  # the bundle's time is over: values stay, locks are gone (CS-20)
    language: str = "en"

    def get(self, key: str, users: Any = None, default: Any = None) -> Any:
        """The value that counts. `users`: what the user chose, None if nothing; `default`: the program's own."""
        found = self._working(key)
        if found is not None and found.locked:
            return found.value
        if users is not None:
            return users
        if found is not None and found.mode in (FORCED, DEFAULT):
            return found.value
        return self.initials.get(key, default)

    def is_locked(self, key: str) -> bool:
        """May the user not change it?"""
        found = self._working(key)
        return found is not None and found.locked

    def effective(self, users: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
        """All values that count, for every key that somebody names."""
        keys = [*defaults, *users, *self.initials, *self.managed]
        return {key: self.get(key, users.get(key), defaults.get(key)) for key in dict.fromkeys(keys)}

    def apply(self, use: Callable[[str, Any, bool], None]) -> Applied:
        """Hand each value to the program: `use(key, value, locked)`. One that it refuses (raises) does not hinder the others (CS-14)."""
        errors = {}
        for found in self.managed.values():
            if found.state != "applied":
                errors[found.key] = found.message
                continue
            try:
                use(found.key, found.value, found.locked)
            except Exception as problem:  # whatever the program's own code raises
                errors[found.key] = str(problem)[:200] or sentence(REJECTED, self.language)
        return Applied("partial" if errors else "applied", self.revision, errors)

    def _working(self, key: str) -> Managed | None:
        found = self.managed.get(key)
        return found if found is not None and found.state == "applied" else None

    def __iter__(self) -> Iterator[Managed]:
        return iter(self.managed.values())

    def __len__(self) -> int:
        return len(self.managed)


def read(text: str, ring: KeyRing, *, now: int | None = None) -> Bundle:
    """A bundle whose form and signature hold (CS-10, CS-11). Refusal as for certificates."""
    claims, kid = jws.verified(text, jws.SETTINGS_TYPE, ring.key, longest=jws.LONGEST_SETTINGS)
    reader = Reader(claims)
    entries = {key: _entry(key, value) for key, value in reader.map("values").items()}
    schema = claims.get("schema")
    bundle = Bundle(
        text, reader.text("org"), reader.text("device"), reader.number("revision"), reader.number("iat"), reader.number("exp"),
        str(schema) if isinstance(schema, (str, int)) else "", entries, _name(claims),
    )  # fmt: skip
    ring.look_at_time(kid, bundle.issued_at, now=now)
    return bundle


def _name(claims: Mapping[str, Any]) -> str:
    """What people call the organisation; its code where the bundle does not say."""
    name = claims.get("org_name")
    return name[:200] if isinstance(name, str) and name.strip() else str(claims.get("org", ""))


def _entry(key: str, value: Any) -> Entry:
    if not isinstance(value, dict) or "value" not in value or value.get("mode") not in MODES:
        jws.malformed(f"values.{key[:40]} is not a value with a mode")
    return Entry(key, value["value"], value["mode"], str(value.get("from", "")), str(value.get("since") or ""))


def may_replace(new: Bundle, current: Bundle | None, *, devices: tuple[str, ...], organisation: str) -> None:
    """Refusal unless the bundle is for this device and organisation (CS-9) and not older than the present one (CS-7, CS-8).

    `devices`: the device's hash in the certificates of this activation. `organisation`: the one that the first bundle named, or empty.
    """
    if new.device not in devices or (organisation and new.organisation != organisation):
        raise Refusal(OTHERS, "the bundle is for another device or organisation")
    if current is not None and (new.revision, new.issued_at) < (current.revision, current.issued_at):
        raise Refusal(STALE, "a newer revision is there", held=current.revision, came=new.revision)
