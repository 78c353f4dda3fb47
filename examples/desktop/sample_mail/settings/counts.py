"""Which value of a setting counts, whether the user may change it, and who set it. What the program can't use is told to the company."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from podpora_sdk import Applied, Licensing, Managed, Settings

from sample_mail import texts
from sample_mail.settings.chosen import Chosen
from sample_mail.settings.known import SCHEMA

FOLDERS = ("backup.folder",)
Fonts = Callable[[], set[str]]

texts.add({
    "settings.no_folder": ("There is no folder {value} on this computer.", "Složka {value} na tomto počítači není."),
    "settings.no_font": ("The font {value} is not installed.", "Písmo {value} není nainstalované."),
})  # fmt: skip


class Preferences:
    """The settings as they count now. `fonts`: the names of this computer's fonts."""

    def __init__(self, licensing: Licensing, chosen: Chosen, tr: texts.Texts, fonts: Fonts = set) -> None:
        self._licensing, self._chosen, self._tr, self._fonts = licensing, chosen, tr, fonts
        self._used: object = None  # what was used and told last
        self._errors: dict[str, str] = {}

    def managed(self) -> Settings:
        """What the company (or this computer's administrator) set, from the last good bundle."""
        return self._licensing.settings()

    def value(self, key: str) -> Any:
        """Forced, else the user's own, else the company's default, else its initial value, else the program's."""
        return self.said(key, SCHEMA[key].default)

    def said(self, key: str, otherwise: Any = None) -> Any:
        """The same where somebody said something: the user or the company. What the program could not use does not count."""
        if key in self._errors:
            chosen = self._chosen.get(key)
            return otherwise if chosen is None else chosen
        return self.managed().get(key, self._mine(key), otherwise)

    def _mine(self, key: str) -> Any:
        """The user's choice, as long as this version still knows such a value."""
        mine = self._chosen.get(key)
        return mine if mine is not None and SCHEMA[key].fits(mine) else None

    def is_locked(self, key: str) -> bool:
        return key not in self._errors and self.managed().is_locked(key)

    def is_chosen(self, key: str) -> bool:
        return self._mine(key) is not None

    def origin(self, key: str) -> Managed | None:
        """Who set it, where that is not the user alone."""
        found = next((row for row in self.managed() if row.key == key and row.state == "applied"), None)
        return None if key in self._errors else found

    def choose(self, key: str, value: Any) -> bool:
        """The user's choice; None takes it back. False: it is locked, or it does not fit."""
        if self.is_locked(key) or (value is not None and not SCHEMA[key].fits(value)):
            return False
        self._chosen.put(key, value)
        return True

    def problem(self, row: Managed) -> str:
        """Why a managed setting is not used here; empty where it is."""
        return row.message if row.state != "applied" else self._errors.get(row.key, "")

    # --- using what came

    def take(self) -> Applied | None:
        """Use what the company set now; None where nothing has changed since the last time. One that fails hinders no other (CS-14)."""
        settings = self.managed()
        seen = (settings.revision, [(row.key, repr(row.value), row.mode, row.locked, row.source, row.state) for row in settings])
        if seen == self._used:
            return None
        applied = settings.apply(self._try)
        working = {row.key for row in settings if row.state == "applied"}
        self._errors = {key: why for key, why in applied.errors.items() if key in working}
        self._used = seen
        return applied if settings.revision else None

    def _try(self, key: str, value: Any, _locked: bool) -> None:
        """Can this program, on this computer, use the value? ValueError with the reason: it stands on the administrator's page then."""
        if key in FOLDERS and value and not _is_there(str(value)):
            raise ValueError(self._tr("settings.no_folder", value=value))
        if key == "compose.font" and value not in (known := self._fonts()) and known:
            raise ValueError(self._tr("settings.no_font", value=value))


def _is_there(name: str) -> bool:
    """A folder, or one that could be made: its parent is there."""
    path = Path(name).expanduser()
    return path.is_absolute() and (path.is_dir() or path.parent.is_dir())
