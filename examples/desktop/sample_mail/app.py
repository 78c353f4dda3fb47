"""Starting the program: the window is there at once, whatever the server does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QStandardPaths
from PySide6.QtWidgets import QApplication

from sample_mail import NAME, VERSION
from sample_mail.build import Build, NotPinned, built
from sample_mail.context import Context, context_for, options_for
from sample_mail.parts import browse
from sample_mail.texts import LANGUAGES
from sample_mail.theme import SCHEMES, dress
from sample_mail.window import MainWindow

NOT_PINNED = """This build trusts no licence server yet. Say which one, once:

    python -m sample_mail.pin http://127.0.0.1:8000
"""


class Program:
    """The running program: its windows, in one language and theme."""

    def __init__(self, application: QApplication, build: Build, folder: Path, policy: Path | None = None) -> None:
        self.application, self.build, self.folder, self.policy = application, build, folder, policy
        self.windows: list[MainWindow] = []
        self.context: Context | None = None

    def show(self, language: str, theme: str, *, in_background: bool = True) -> MainWindow:
        """A window; the licence is looked after in the background from now on."""
        dress(self.application, theme)
        context = self.context_in(language)
        context.browse = browse
        context.log += [f"{self.build.name} {self.build.version} started", f"language {language}, theme {theme}"]
        if in_background:
            context.licensing.start()
        window = MainWindow(context, theme=theme, restart=self.again)
        self.context = context
        self.windows.append(window)
        window.show()
        return window

    def context_in(self, language: str) -> Context:
        return context_for(self.build, self.folder, language, options_for(self.build, language, self.policy))

    def language(self, wish: str | None) -> str:
        """What is locked, else what the command line says, else what the settings say, else the system's."""
        preferences = self.context_in("en").preferences
        said = str(preferences.said("general.language", "system"))
        found = said if preferences.is_locked("general.language") or not wish else wish
        return found if found in LANGUAGES else system_language()

    def again(self, language: str, theme: str) -> None:
        """The same in another language or theme."""
        old, before = list(self.windows), self.context
        self.windows.clear()
        self.show(language, theme)
        for window in old:
            window.close()
        if before is not None:
            before.licensing.stop(timeout=0)


def system_language() -> str:
    return "cs" if QLocale.system().name().startswith("cs") else "en"


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("sample_mail", description=f"{NAME}: a sample mail program that shows podpora_sdk.")
    parser.add_argument("--language", choices=sorted(LANGUAGES), help="else as the system")
    parser.add_argument("--theme", choices=sorted(SCHEMES), default="system")
    parser.add_argument("--folder", type=Path, help="where the licence is kept; another folder is another installation")
    parser.add_argument(
        "--policy", type=Path, help="a policy file of this computer's administrator (JSON), instead of the usual place"
    )
    parser.add_argument("--app-version", default=VERSION, help="pretend to be another version, to see what a licence covers")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parsed(sys.argv[1:] if arguments is None else arguments)
    try:
        build = built(options.app_version)
    except NotPinned:
        print(NOT_PINNED, file=sys.stderr)
        return 2
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("sample-mail")
    application.setApplicationDisplayName(build.name)
    kept = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    program = Program(application, build, options.folder or Path(kept), options.policy)
    program.show(program.language(options.language), options.theme)
    return application.exec()
