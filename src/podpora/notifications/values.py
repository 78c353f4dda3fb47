"""The words of this room: who is told, what about, and in which conversation."""

from collections.abc import Mapping
from dataclasses import dataclass

from podpora.base.reasons import Text


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell. With a `person_id` he also finds it in his inbox."""

    address: str
    name: str = ""
    language: str = "en"
    person_id: int | None = None
    reply_to: str = ""  # his own address for answers; else that of the thread
    headers: tuple[tuple[str, str], ...] = ()  # of his mail alone, such as List-Unsubscribe


@dataclass(frozen=True, slots=True)
class Thread:
    """Headers that keep the mails of one conversation together, and who wrote."""

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    sender_name: str = ""
    files: tuple[str, ...] = ()  # codes of stored files that go along


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification. `can_mute`: may a person switch its mails off? `automatic`: no person wrote it."""

    name: str
    label: Text
    can_mute: bool = True
    automatic: bool = True
    staff: bool = False  # told to the vendor's people

    @property
    def template(self) -> str:
        return f"mail/{self.name.replace('.', '/')}.txt"


_kinds: dict[str, Kind] = {}


def declare_kind(name: str, *, label: Text, can_mute: bool = True, automatic: bool = True, staff: bool = False) -> str:
    """Register a kind at import time and return its name. Declaring a kind twice is a mistake (ValueError)."""
    if name in _kinds:
        raise ValueError(f"notification {name!r} is declared twice")
    _kinds[name] = Kind(name, label, can_mute, automatic, staff)
    return name


def kinds() -> Mapping[str, Kind]:
    return _kinds


def kind(name: str) -> Kind:
    """KeyError for a kind that no room declared."""
    return _kinds[name]
