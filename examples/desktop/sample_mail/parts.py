"""Small parts of which the dialogs are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from podpora_sdk import Next, Result
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFont
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sample_mail.context import Context
from sample_mail.flow import Flow
from sample_mail.theme import tone
from sample_mail.work import ask


def open_url(context: Context, owner: QWidget, url: str) -> None:
    """In the browser; where there is none the address is shown."""
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        return
    if not context.browse(QUrl(url)):
        QMessageBox.information(owner, context.build.name, context.tr("browser", url=url))


def browse(url: QUrl) -> bool:
    return QDesktopServices.openUrl(url)


def label(text: str = "", *, name: str = "", wraps: bool = True, plain: bool = True) -> QLabel:
    """Text as it is; what comes from a server is never read as HTML."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText if plain else Qt.TextFormat.RichText)
    made.setWordWrap(wraps)
    if name:
        made.setObjectName(name)
    return made


def heading(text: str, points: float = 3.0) -> QLabel:
    made = label(text)
    font = QFont(made.font())
    font.setPointSizeF(font.pointSizeF() + points)
    font.setWeight(QFont.Weight.DemiBold)
    made.setFont(font)
    return made


def faint(text: str = "", *, name: str = "") -> QLabel:
    made = label(text, name=name)
    made.setForegroundRole(made.palette().ColorRole.PlaceholderText)
    return made


class Notice(QFrame):
    """A coloured surface with a sentence and the ways on."""

    def __init__(self, context: Context, name: str = "notice") -> None:
        super().__init__()
        self.setObjectName(name)
        self._context = context
        self._text = label(name=f"{name}-text")
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._ways = Flow()
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(8)
        inside.addWidget(self._text)
        inside.addLayout(self._ways)
        self.hide()

    def say(self, text: str, manner: str = "note", ways: Iterable[Next] = (), own: Iterable[QPushButton] = ()) -> None:
        """Show it; an empty text hides it. `ways` with an address become buttons that open the browser."""
        _clear(self._ways)
        background, ink = tone(manner)
        self.setStyleSheet(
            f"#{self.objectName()} {{ background: {background}; border-radius: 8px; }} #{self.objectName()} QLabel {{ color: {ink}; }}"
        )
        self._text.setText(text)
        self._text.setAccessibleDescription(text)
        buttons = list(own)
        for way in [way for way in ways if way.url][:3]:
            button = QPushButton(way.label)
            button.setAutoDefault(False)
            button.setProperty("url", way.url)
            button.clicked.connect(lambda _=False, url=way.url: open_url(self._context, self, url))
            buttons.append(button)
        for button in buttons:
            self._ways.addWidget(button)
        self.setVisible(bool(text))

    @property
    def text(self) -> str:
        return self._text.text()

    def urls(self) -> list[str]:
        return [str(button.property("url")) for button in self.findChildren(QPushButton) if button.property("url")]

    def answer(self, result: Any) -> None:
        """What became of something: the sentence of a Result, or of what went wrong inside."""
        if isinstance(result, Exception):
            self.say(self._context.tr("failed", why=f"{type(result).__name__}: {result}"), "bad")
        elif isinstance(result, Result):
            self.say(
                result.message, "good" if result.ok else "bad" if not result.code.startswith("server.") else "warn", result.next
            )


class Facts(QWidget):
    """Names and values in two columns."""

    def __init__(self, name: str = "facts") -> None:
        super().__init__()
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(1, 1)
        self.shown: dict[str, str] = {}

    def show_all(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """(code, name, value); an empty value leaves the row out."""
        _clear(self._grid)
        self.shown = {}
        for place, (code, name, value) in enumerate(row for row in rows if row[2]):
            said = faint(name)
            said.setWordWrap(False)
            shown = label(value, name=f"fact-{code}")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(said, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(shown, place, 1)
            self.shown[code] = value


class Dialog(QDialog):
    """A dialog that asks the server without waiting for it."""

    def __init__(self, context: Context, parent: QWidget | None, title: str, width: int) -> None:
        super().__init__(parent)
        self.context, self.tr_ = context, context.tr
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setFixedHeight(4)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(context.tr("working"))
        self.busy.hide()
        self.notice = Notice(context)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(20, 18, 20, 16)
        self.body.setSpacing(12)
        self._resting: list[QWidget] = []

    def button(self, text: str, name: str, does: Any, *, is_default: bool = False) -> QPushButton:
        """A button that does something; it rests while the server is asked."""
        made = QPushButton(text)
        made.setObjectName(name)
        made.setAutoDefault(is_default)
        made.setDefault(is_default)
        made.clicked.connect(lambda _=False: does())
        self._resting.append(made)
        return made

    def fit(self, *, shrink: bool = False) -> None:
        """At least as high as what is shown needs at this width; measured when the new parts have found their places."""
        QTimer.singleShot(0, self, lambda: self._fit(shrink))

    def _fit(self, shrink: bool) -> None:
        for layout in self.findChildren(QLayout):
            layout.activate()
        self.body.activate()
        needed = (
            self.body.totalHeightForWidth(self.width()) if self.body.hasHeightForWidth() else self.body.totalSizeHint().height()
        )
        self.resize(self.width(), max(needed, self.body.totalMinimumSize().height(), 0 if shrink else self.height()))

    def rests(self, *widgets: QWidget) -> None:
        self._resting += widgets

    def ask(self, question: Any, then: Any) -> None:
        """Ask beside; meanwhile a thin bar runs and nothing can be pressed twice."""
        waiting = [widget for widget in self._resting if widget.isEnabled()]
        for widget in waiting:
            widget.setEnabled(False)
        self.busy.show()

        def answered(answer: Any) -> None:
            self.busy.hide()
            for widget in waiting:
                widget.setEnabled(True)
            then(answer)
            self.fit()

        ask(self, question, answered)


def _clear(layout: Any) -> None:
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
