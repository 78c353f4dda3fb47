"""Names, texts and dates of synthetic data: the same at every run."""

import random
from datetime import datetime, timedelta

from podpora.base.codes import ALPHABET

GIVEN = ("Jan", "Petr", "Jana", "Eva", "Karel", "Lucie", "Tomáš", "Marie", "Ondřej", "Hana", "Emma", "Noah", "Olivia", "Liam")
FAMILY = ("Novák", "Svoboda", "Dvořák", "Černý", "Procházka", "Kučera", "Veselý", "Horák", "Smith", "Jones", "Brown", "Taylor")
WORDS = (
    "zpráva", "složka", "příloha", "účet", "heslo", "synchronizace", "kalendář", "kontakt", "hledání", "server",
    "připojení", "chyba", "aktualizace", "nastavení", "podpis", "message", "folder", "attachment", "account", "password",
    "sync", "calendar", "contact", "search", "server", "connection", "error", "update", "setting", "signature", "po",
    "aktualizaci", "nejde", "otevřít", "se", "zasekne", "the", "program", "does", "not", "start", "after", "update",
    "cannot", "send", "since", "yesterday",
)  # fmt: skip
PLATFORMS = ("windows", "windows", "windows", "macos", "linux")
VERSIONS = ("8.2.4", "9.8.2", "10.0.1", "10.1.0", "10.2.0", "10.2.1")


class Chance:
    """One source of chance for one run."""

    def __init__(self, seed: int, today: datetime) -> None:
        self.random = random.Random(seed)  # noqa: S311  # synthetic data, nothing secret
        self.today = today
        # Texts repeat: making each anew would take longer than writing it.
        self._texts = [self._new_text() for _ in range(1000)]

    def name(self) -> str:
        return f"{self.random.choice(GIVEN)} {self.random.choice(FAMILY)}"

    def sentence(self, least: int = 4, most: int = 9) -> str:
        words = self.random.choices(WORDS, k=self.random.randint(least, most))
        return " ".join(words).capitalize()

    def text(self) -> str:
        return self.random.choice(self._texts)

    def _new_text(self) -> str:
        return "\n\n".join(". ".join(self.sentence(6, 14) for _ in range(3)) + "." for _ in range(self.random.randint(1, 3)))

    def ago(self, most_days: int, least_days: int = 0) -> datetime:
        return self.today - timedelta(seconds=self.random.randint(least_days * 86400, most_days * 86400))


def code(prefix: str, number: int) -> str:
    """A public code that no other run or real row has: it begins with Z and counts."""
    digits = ""
    for _ in range(8):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return f"{prefix}-Z{digits}"
