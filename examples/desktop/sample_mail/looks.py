"""What the settings do to the window: colours, text size, density, layout. Called at the start and whenever a setting may have changed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QListWidget, QPlainTextEdit, QSplitter, QWidget

from sample_mail.settings.counts import Preferences
from sample_mail.theme import dress

HEIGHTS = {"comfortable": 54, "compact": 40}


def dressed(preferences: Preferences, otherwise: str) -> str:
    """Dress the whole program as the settings say; the theme that is worn. `otherwise`: where nobody said which."""
    program = QApplication.instance()
    theme = str(preferences.said("appearance.theme", otherwise))
    if isinstance(program, QApplication):
        wish = (theme, str(preferences.said("appearance.accent", "")))
        if program.property("dressed") != list(wish):
            dress(program, *wish)
            program.setProperty("dressed", list(wish))
    return theme


def zoomed(preferences: Preferences, pane: QPlainTextEdit) -> None:
    """The text of messages in the size that counts."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * float(preferences.value("appearance.zoom")))
    if font != pane.font():
        pane.setFont(font)


def spaced(preferences: Preferences, items: QListWidget) -> None:
    height = HEIGHTS[str(preferences.value("appearance.density"))]
    for row in range(items.count()):
        item: Any = items.item(row)
        item.setSizeHint(QSize(200, height))


def laid(preferences: Preferences, splitter: QSplitter, reading: QWidget) -> None:
    """Where the message is read: on the right, below, or nowhere."""
    layout = preferences.value("appearance.layout")
    splitter.setOrientation(Qt.Orientation.Vertical if layout == "classic" else Qt.Orientation.Horizontal)
    reading.setVisible(layout != "vertical")
