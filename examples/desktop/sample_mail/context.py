"""What every window of the program shares: the build, the licensing, the language, and the log that may go to support."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from podpora_sdk import Licensing, State, local_layers
from podpora_sdk.licensing import Options
from podpora_sdk.policy import MACHINE, file_layer
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFontDatabase

from sample_mail.build import Build
from sample_mail.settings.chosen import Chosen
from sample_mail.settings.counts import Preferences
from sample_mail.settings.known import SCHEMA
from sample_mail.texts import Texts


def _no_browser(_url: QUrl) -> bool:
    return False


@dataclass
class Context:
    """`browse` opens an address in the user's browser. `changed` are called after the licence may have changed."""

    build: Build
    folder: Path
    language: str
    licensing: Licensing
    preferences: Preferences
    browse: Callable[[QUrl], bool] = _no_browser
    changed: list[Callable[[], None]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    @property
    def tr(self) -> Texts:
        return Texts(self.language)

    def state(self) -> State:
        """From memory and the local file: milliseconds, no network."""
        return self.licensing.state()

    def tell(self) -> None:
        """Let every window look again."""
        for look in list(self.changed):
            look()

    def page(self, path: str) -> str:
        """An address on the vendor's pages."""
        return f"{self.build.server.rstrip('/')}/{path.lstrip('/')}"

    def buy_url(self) -> str:
        found = next((way.url for way in self.state().next if way.kind == "buy" and way.url), "")
        return found or self.page("shop/")


def options_for(build: Build, language: str, policy: Path | None = None) -> Options:
    """The settings that this version knows, and what the computer's own administrator has set (CS-23); `policy`: that file instead."""
    layers = [file_layer(MACHINE, policy)] if policy else local_layers(build.name, build.name)
    return Options(language=language, released_on=build.released_on, schema=SCHEMA, policies=layers)


def context_for(build: Build, folder: Path, language: str, options: Options | None = None) -> Context:
    """Reads what the user chose; asks nobody. The SDK reads its own file at the first question."""
    licensing = Licensing(
        build.product, build.version, build.server, build.keys, folder / "licence", options or options_for(build, language)
    )
    preferences = Preferences(licensing, Chosen(folder / "settings.json"), Texts(language), lambda: set(QFontDatabase.families()))
    return Context(build, folder, language, licensing, preferences)
