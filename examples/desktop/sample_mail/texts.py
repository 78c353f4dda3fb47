"""What the program says, in English and Czech. Sentences about the licence come from the SDK and the server, in the same language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

LANGUAGES = {"en": "English", "cs": "Čeština"}
TEXTS: dict[str, tuple[str, str]] = {}


class Texts:
    """The sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = "cs" if language.lower().startswith("cs") else "en"

    def __call__(self, name: str, /, **facts: Any) -> str:
        """The sentence of this name; one that is missing shows its name (a test sees it)."""
        found = TEXTS.get(name)
        if found is None:
            return name
        return found[self.language == "cs"].format(**facts)

    def days(self, number: int) -> str:
        """`1 day`, `3 days`; `1 den`, `3 dny`, `5 dnů`."""
        if self.language == "en":
            return f"{number} day" if number == 1 else f"{number} days"
        return f"{number} {'den' if number == 1 else 'dny' if 2 <= number <= 4 else 'dnů'}"

    def left(self, number: int) -> str:
        """`3 days left`; `zbývá 1 den`, `zbývají 3 dny`, `zbývá 5 dnů`."""
        if self.language == "en":
            return f"{self.days(number)} left"
        return f"{'zbývají' if 2 <= number <= 4 else 'zbývá'} {self.days(number)}"

    def devices(self, number: int) -> str:
        if self.language == "en":
            return f"{number} device" if number == 1 else f"{number} devices"
        return f"{number} zařízení"

    def day(self, on: date | None) -> str:
        if on is None:
            return "–"
        return f"{on.day}. {on.month}. {on.year}" if self.language == "cs" else f"{on.day} {on:%b} {on.year}"

    def moment(self, at: datetime | None) -> str:
        if at is None:
            return "–"
        local = at.astimezone()
        return f"{self.day(local.date())} {local:%H:%M}"


def add(more: dict[str, tuple[str, str]]) -> None:
    """A part of the program brings its sentences."""
    TEXTS.update(more)


add({
    "ok": ("OK", "OK"), "close": ("&Close", "&Zavřít"), "cancel": ("Cancel", "Zrušit"), "back": ("&Back", "&Zpět"),
    "copy": ("&Copy", "&Kopírovat"), "copied": ("Copied.", "Zkopírováno."),
    "working": ("Asking the server…", "Ptám se serveru…"), "forever": ("for ever", "navždy"), "none": ("none", "žádná"),
    "failed": ("This did not work: {why}", "To se nepovedlo: {why}"),
    "browser": ("Your browser could not be opened. The address is {url}", "Prohlížeč se nepodařilo otevřít. Adresa je {url}"),
})  # fmt: skip
