"""Tools > Settings: drawn from the document of settings. What the company has locked says so; everything else is the user's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from podpora_sdk import Setting
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.parts import Dialog, faint, heading, label
from sample_mail.settings.known import PAGES, SCHEMA, shown
from sample_mail.theme import ITEMS

LONG = 300  # characters from which a text gets several lines
WIDEST = 2_147_483_647

texts.add({
    "settings.title": ("Settings", "Nastavení"), "settings.find": ("Find a setting", "Najít nastavení"), "settings.pages": ("Pages", "Stránky"),
    "settings.managed_only": ("Set by {organisation}", "Nastavuje {organisation}"),
    "settings.locked": ("Locked by {organisation}: it can't be changed here.", "Zamyká {organisation}, změnit to nelze."),
    "settings.default": ("Set by {organisation}; you may change it.", "Nastavuje {organisation}, můžete to změnit."),
    "settings.yours": ("Changed by you.", "Změněno vámi."), "settings.reset": ("Reset", "Vrátit"),
    "settings.computer": ("the administrator of this computer", "správce tohoto počítače"),
    "settings.restart": ("Takes effect after a restart.", "Projeví se po novém spuštění."),
    "settings.wrong": ("This value does not fit.", "Tato hodnota se nehodí."),
    "settings.nothing": ("Nothing found.", "Nic nenalezeno."), "settings.company": ("your company", "vaše firma"),
})  # fmt: skip


class Row(QFrame):
    """One setting: its name, its control, and whose value counts."""

    def __init__(self, context: Context, key: str, changed: Callable[[], None]) -> None:
        super().__init__()
        self.context, self.key, self.setting, self._changed = context, key, SCHEMA[key], changed
        tr = context.tr
        self.setObjectName(f"row.{key}")
        self.control = _control(self.setting, tr.language)
        self.control.setObjectName(f"control.{key}")
        title = self.setting.title[tr.language]
        self.control.setAccessibleName(title)
        self.name = label(title)
        self.name.setBuddy(self.control)
        more = " ".join(
            filter(None, (self.setting.help.get(tr.language, ""), tr("settings.restart") if self.setting.needs_restart else ""))
        )
        self.about, self.state, self.lock = faint(more), faint(name=f"state.{key}"), QLabel()
        self.control.setAccessibleDescription(more)
        self.reset = QPushButton(tr("settings.reset"))
        self.reset.setObjectName(f"reset.{key}")
        self.reset.setAccessibleName(f"{tr('settings.reset')}: {title}")
        self.reset.setAutoDefault(False)
        self.reset.clicked.connect(lambda _=False: self._choose(None))
        self._lay()
        _listen(self.control, self._typed)
        self.look()

    def _lay(self) -> None:
        inside, line, below = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        inside.setContentsMargins(0, 6, 8, 6)
        inside.setSpacing(3)
        line.addWidget(self.name, 1)
        is_wide = isinstance(self.control, QPlainTextEdit)
        if not is_wide:
            line.addWidget(self.control, 0 if isinstance(self.control, (QCheckBox, QAbstractSpinBox)) else 1)
        inside.addLayout(line)
        if is_wide:
            inside.addWidget(self.control)
        if self.about.text():
            inside.addWidget(self.about)
        below.addWidget(self.lock)
        below.addWidget(self.state, 1)
        below.addWidget(self.reset)
        inside.addLayout(below)

    def look(self) -> None:
        """What counts now, and why."""
        preferences, tr = self.context.preferences, self.context.tr
        origin, locked, chosen = preferences.origin(self.key), preferences.is_locked(self.key), preferences.is_chosen(self.key)
        with QSignalBlocker(self.control):
            _show(self.control, preferences.value(self.key))
        self.control.setEnabled(not locked)
        who = origin_name(tr, origin) if origin else ""
        text = ""
        if locked:
            text = tr("settings.locked", organisation=who)
        elif chosen:
            text = tr("settings.yours")
        elif origin is not None and origin.mode != "initial":
            text = tr("settings.default", organisation=who)
        self.state.setText(text)
        self.control.setToolTip(text if locked else "")
        self.state.setVisible(bool(text))
        self.reset.setVisible(chosen and not locked)
        self.lock.setPixmap(_lock(self))
        self.lock.setVisible(locked)

    def _typed(self) -> None:
        self._choose(_read(self.control, self.setting))

    def _choose(self, value: Any) -> None:
        if value is not None and not self.setting.fits(value):
            self.state.setText(self.context.tr("settings.wrong"))
            self.state.setVisible(True)
            return
        if self.context.preferences.choose(self.key, value):
            self._changed()
        self.look()


def origin_name(tr: texts.Texts, origin: Any) -> str:
    """Who set it: the organisation by its name, or the computer's administrator."""
    if origin.source.startswith("policy:"):
        return tr("settings.computer")
    return origin.organisation or tr("settings.company")


def _lock(widget: QWidget) -> QPixmap:
    """A small padlock in the colour of faint text."""
    made = QPixmap(14, 14)
    made.fill(Qt.GlobalColor.transparent)
    painter, ink = QPainter(made), widget.palette().color(QPalette.ColorRole.PlaceholderText)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.6))
    painter.drawArc(4, 1, 6, 9, 0, 180 * 16)
    painter.setBrush(ink)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(2, 6, 10, 7, 1.5, 1.5)
    painter.end()
    return made


def _control(setting: Setting, language: str) -> QWidget:
    if setting.type == "flag":
        return QCheckBox()
    if setting.type == "choice":
        made = QComboBox()
        for choice in setting.choices:
            made.addItem(setting.choice_titles.get(str(choice), {}).get(language, str(choice)), choice)
        return made
    if setting.type in ("integer", "number"):
        box: Any = QSpinBox() if setting.type == "integer" else QDoubleSpinBox()
        box.setRange(
            -WIDEST if setting.minimum is None else setting.minimum, WIDEST if setting.maximum is None else setting.maximum
        )
        box.setKeyboardTracking(False)
        if setting.type == "number":
            box.setSingleStep(0.1)
        spin: QWidget = box
        return spin
    if setting.type == "list" or (setting.max_length or 0) > LONG:
        lines = QPlainTextEdit()
        lines.setFixedHeight(74)
        lines.setTabChangesFocus(True)
        return lines
    line = QLineEdit()
    line.setMaxLength(setting.max_length or 1000)
    return line


def _listen(control: Any, then: Callable[[], None]) -> None:
    if isinstance(control, QCheckBox):
        control.clicked.connect(lambda _=False: then())
    elif isinstance(control, QComboBox):
        control.activated.connect(lambda _=0: then())
    elif isinstance(control, QAbstractSpinBox):
        changed: Any = control
        changed.valueChanged.connect(lambda _=0: then())
    elif isinstance(control, QLineEdit):
        control.editingFinished.connect(lambda: then() if control.isModified() else None)
    else:
        control.textChanged.connect(then)


def _show(control: Any, value: Any) -> None:
    if isinstance(control, QCheckBox):
        control.setChecked(bool(value))
    elif isinstance(control, QComboBox):
        control.setCurrentIndex(control.findData(value))
    elif isinstance(control, QAbstractSpinBox):
        spin: Any = control
        spin.setValue(value if value is not None else spin.minimum())
    else:
        text = "\n".join(str(item) for item in value) if isinstance(value, list) else str(value or "")
        if isinstance(control, QLineEdit):
            control.setText(text)
        elif control.toPlainText() != text and not control.hasFocus():
            control.setPlainText(text)


def _read(control: Any, setting: Setting) -> Any:
    if isinstance(control, QCheckBox):
        return control.isChecked()
    if isinstance(control, QComboBox):
        return control.currentData()
    if isinstance(control, QAbstractSpinBox):
        spin: Any = control
        return spin.value()
    text = control.text() if isinstance(control, QLineEdit) else control.toPlainText()
    return [line.strip() for line in text.split("\n") if line.strip()] if setting.type == "list" else text


class SettingsDialog(Dialog):
    """Pages on the left, their settings on the right; a search looks through all of them. What is changed counts at once."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.tr("settings.title"), 760)
        tr = context.tr
        self.rows: dict[str, Row] = {}
        self.search, self.pages, self.area = QLineEdit(), QListWidget(), QScrollArea()
        self.search.setPlaceholderText(tr("settings.find"))
        self.search.setAccessibleName(tr("settings.find"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _="": self.show_page())
        self.pages.setObjectName("pages")
        self.pages.setAccessibleName(tr("settings.pages"))
        self.pages.setMaximumWidth(230)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pages.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.pages.setStyleSheet(ITEMS)
        for page in PAGES:
            self._add_page(page.title[tr.language], page.code)
        self._company_page()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setMinimumHeight(420)
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.pages, 1)
        both = QHBoxLayout()
        both.setSpacing(22)
        both.addLayout(left)
        both.addWidget(self.area, 1)
        self.body.addLayout(both, 1)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.button(tr("close"), "close", self.accept, is_default=True))
        self.body.addLayout(last)
        self.pages.currentRowChanged.connect(lambda _=0: self._turned())
        self.pages.setCurrentRow(0)
        self.resize(820, 560)
        context.changed.append(self.look)
        self.finished.connect(lambda _=0: self._leave())

    def _add_page(self, title: str, code: str) -> None:
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, code)
        item.setToolTip(title)
        self.pages.addItem(item)

    def _company_page(self) -> None:
        """One more page, where there is something managed: all of it."""
        managed = self.context.preferences.managed()
        if len(managed):
            name = managed.organisation or self.context.tr("settings.computer")
            self._add_page(self.context.tr("settings.managed_only", organisation=name), "*")

    def _leave(self) -> None:
        if self.look in self.context.changed:
            self.context.changed.remove(self.look)

    def _turned(self) -> None:
        if self.search.text():
            self.search.clear()  # shows the page by itself
        else:
            self.show_page()

    def show_page(self) -> None:
        """The settings of the page, or what the search finds on all of them."""
        words = self.search.text().lower().split()
        current = self.pages.currentItem()
        page = current.data(Qt.ItemDataRole.UserRole) if current else ""
        language, managed = self.context.tr.language, {row.key for row in self.context.preferences.managed()}
        keys = [
            key for key, setting in SCHEMA.items()
            if (all(word in _words(key, setting, language) for word in words) if words else page == setting.page or (page == "*" and key in managed))
        ]  # fmt: skip
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 6, 0)
        inside.addWidget(heading(self.search.text() if words else current.text() if current else "", 2))
        self.rows = {key: Row(self.context, key, self.context.tell) for key in keys}
        for row in self.rows.values():
            inside.addWidget(row)
        if not keys:
            inside.addWidget(faint(self.context.tr("settings.nothing")))
        inside.addStretch(1)
        self.area.setWidget(holder)

    def look(self) -> None:
        for row in self.rows.values():
            row.look()


def _words(key: str, setting: Setting, language: str) -> str:
    choices = " ".join(shown(key, choice, language) for choice in setting.choices)
    return f"{key} {setting.title[language]} {setting.help.get(language, '')} {choices}".lower()
