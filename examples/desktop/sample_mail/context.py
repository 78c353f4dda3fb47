"""What every window of the program shares: the build, the licensing, the language, and the log that may go to support."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from podpora_sdk import Licensing, State
from podpora_sdk.licensing import Options
from PySide6.QtCore import QUrl

from sample_mail.build import Build
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


def context_for(build: Build, folder: Path, language: str, options: Options | None = None) -> Context:
    """Touches neither disk nor network; the SDK reads its file at the first question."""
    chosen = options or Options(language=language, released_on=build.released_on)
    licensing = Licensing(build.product, build.version, build.server, build.keys, folder / "licence", chosen)
    return Context(build, folder, language, licensing)
