"""The main window: folders, messages, the reading pane, the menus, and the banner that says how the licence stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from podpora_sdk import Next
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QFont, QKeySequence
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.dialogs.activate import ActivateDialog
from sample_mail.dialogs.license import LicenseDialog
from sample_mail.dialogs.managed import ManagedDialog
from sample_mail.dialogs.settings import SettingsDialog
from sample_mail.dialogs.support import SupportDialog
from sample_mail.dialogs.updates import UpdatesDialog
from sample_mail.looks import dressed, laid, spaced, zoomed
from sample_mail.mailbox import FOLDERS, MESSAGES, Message
from sample_mail.parts import Dialog, Notice, heading, label
from sample_mail.texts import LANGUAGES
from sample_mail.theme import ITEMS
from sample_mail.work import ask, courier

LOOK_EVERY = 30_000  # milliseconds; the state comes from memory
SOON = 30  # days before the end of a trial or of support that the banner begins to speak

texts.add({
    "menu.message": ("&Message", "Zpráv&a"), "menu.view": ("&View", "&Zobrazení"),
    "menu.tools": ("&Tools", "Nás&troje"), "menu.help": ("&Help", "&Nápověda"),
    "new": ("&New message", "&Nová zpráva"), "reply": ("&Reply", "&Odpovědět"), "quit": ("&Quit", "&Ukončit"),
    "tools.settings": ("&Settings…", "Na&stavení…"), "view.locked": ("Locked by your company", "Zamkla vaše firma"),
    "view.language": ("&Language", "&Jazyk"), "view.theme": ("&Appearance", "&Vzhled"), "theme.system": ("As the &system", "Podle &systému"),
    "theme.light": ("&Light", "Svět&lý"), "theme.dark": ("&Dark", "&Tmavý"),
    "help.license": ("&License…", "&Licence…"), "help.updates": ("Check for &updates…", "Zkontrolovat &aktualizace…"),
    "help.support": ("&Contact support…", "&Kontaktovat podporu…"), "help.managed": ("&Managed settings…", "&Spravovaná nastavení…"),
    "help.about": ("&About {name}", "&O programu {name}"),
    "about": ("{name} {version}\nA sample: no mail ever leaves it.", "{name} {version}\nUkázka: žádná pošta ji neopustí."),
    "folders": ("Folders", "Složky"), "messages": ("Messages", "Zprávy"), "text": ("Text of the message", "Text zprávy"),
    "banner.trial": ("Trial: {left}, everything is switched on.", "Zkušební doba: {left}, vše je zapnuto."),
    "banner.trial.last": ("Trial: today is the last day.", "Zkušební doba: dnes je poslední den."),
    "banner.buy": ("Buy PRO", "Koupit PRO"), "banner.license": ("License…", "Licence…"), "banner.activate": ("Activate…", "Aktivovat…"),
    "banner.refresh": ("Refresh", "Obnovit"),
    "sample": ("This is a sample: there is nothing to write to.", "Tohle je ukázka: není komu psát."),
    "needs.licence": ("Reading always works; writing needs a licence.", "Číst lze vždy, k psaní je potřeba licence."),
})  # fmt: skip


Shown = TypeVar("Shown", bound=Dialog)


class MainWindow(QMainWindow):
    """One window of the program. `restart(language, theme)` makes another one in its place."""

    def __init__(self, context: Context, *, theme: str = "system", restart: Callable[[str, str], None] | None = None) -> None:
        super().__init__()
        self.context, self.theme = context, theme
        self._restart = restart
        self.setWindowTitle(context.build.name)
        self.resize(1040, 660)
        self._menus()
        self.banner = Notice(context, "banner")
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(12, 10, 12, 8)
        inside.setSpacing(10)
        inside.addWidget(self.banner)
        inside.addWidget(self._panes(), 1)
        self.setCentralWidget(holder)
        self._open_folder()
        context.changed.append(self.look)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    # --- what it is made of

    def _menus(self) -> None:
        tr, bar = self.context.tr, self.menuBar()
        message = bar.addMenu(tr("menu.message"))
        self.new = self._action(message, "new", self.write, QKeySequence.StandardKey.New)
        self.reply = self._action(message, "reply", self.write, QKeySequence("Ctrl+R"))
        message.addSeparator()
        self._action(message, "quit", self.close, QKeySequence("Ctrl+Q"))
        view = bar.addMenu(tr("menu.view"))
        languages, themes = view.addMenu(tr("view.language")), view.addMenu(tr("view.theme"))
        self._choice(languages, LANGUAGES, tr.language, self._speak)
        names = {code: tr(f"theme.{code}") for code in ("system", "light", "dark")}
        self._choice(themes, names, self.theme, self._wear)
        self._managed_menus = {"general.language": languages, "appearance.theme": themes}
        self._action(bar.addMenu(tr("menu.tools")), "tools.settings", self.open_settings, QKeySequence("Ctrl+,"))
        help_ = bar.addMenu(tr("menu.help"))
        self._action(help_, "help.license", self.open_license, QKeySequence("Ctrl+L"))
        self._action(help_, "help.updates", self.open_updates)
        self._action(help_, "help.support", self.open_support, QKeySequence.StandardKey.HelpContents)
        self._action(help_, "help.managed", self.open_managed)
        help_.addSeparator()
        self._action(help_, "help.about", self.about)

    def _action(self, menu: Any, name: str, does: Callable[[], Any], key: Any = None) -> QAction:
        action = QAction(self.context.tr(name, name=self.context.build.name), self)
        action.setObjectName(name)
        action.triggered.connect(lambda _=False: does())
        if key is not None:
            action.setShortcut(QKeySequence(key))
        menu.addAction(action)
        return action

    def _choice(self, menu: Any, names: dict[str, str], chosen: str, does: Callable[[str], None]) -> None:
        group = QActionGroup(self)
        for code, name in names.items():
            action = menu.addAction(name)
            action.setObjectName(f"choose.{code}")
            action.setCheckable(True)
            action.setChecked(code == chosen)
            action.triggered.connect(lambda _=False, code=code: does(code))
            group.addAction(action)

    def _panes(self) -> QSplitter:
        tr = self.context.tr
        self.folders, self.list, self.pane = QTreeWidget(), QListWidget(), QPlainTextEdit()
        for widget, name in ((self.folders, "folders"), (self.list, "messages"), (self.pane, "text")):
            widget.setObjectName(name)
            widget.setAccessibleName(tr(name))
        self.folders.setHeaderHidden(True)
        self.folders.setRootIsDecorated(False)
        for code, names in FOLDERS.items():
            unread = sum(message.unread for message in MESSAGES if message.folder == code)
            item = QTreeWidgetItem([names[tr.language == "cs"] + (f"  ({unread})" if unread else "")])
            item.setData(0, Qt.ItemDataRole.UserRole, code)
            item.setSizeHint(0, QSize(120, 30))
            self.folders.addTopLevelItem(item)
        first = self.folders.topLevelItem(0)
        if first is not None:
            self.folders.setCurrentItem(first)
        self.folders.currentItemChanged.connect(lambda *_: self._open_folder())
        for items in (self.folders, self.list):
            items.setStyleSheet(ITEMS)
        self.list.currentItemChanged.connect(lambda *_: self._open_message())
        self.pane.setReadOnly(True)
        self.pane.document().setDocumentMargin(16)
        self.splitter = splitter = QSplitter()
        self.reading = self._reading()
        for part, width in ((self.folders, 170), (self.list, 300), (self.reading, 540)):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.count() - 1, 1 if width > 500 else 0)
        splitter.setSizes([170, 300, 540])
        splitter.setChildrenCollapsible(False)
        return splitter

    def _reading(self) -> QWidget:
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(6, 2, 0, 0)
        self.subject, self.from_whom = heading(""), label("")
        inside.addWidget(self.subject)
        inside.addWidget(self.from_whom)
        inside.addWidget(self.pane, 1)
        return holder

    # --- mail

    def _open_folder(self) -> None:
        chosen = self.folders.currentItem()
        code = chosen.data(0, Qt.ItemDataRole.UserRole) if chosen else "inbox"
        self.list.clear()
        cs = self.context.tr.language == "cs"
        for message in (message for message in MESSAGES if message.folder == code):
            item = QListWidgetItem(f"{message.sender}  ·  {message.when}\n{message.subject[cs]}")
            item.setData(Qt.ItemDataRole.UserRole, message)
            font = QFont(self.list.font())
            font.setBold(message.unread)
            item.setFont(font)
            self.list.addItem(item)
        spaced(self.context.preferences, self.list)
        self.list.setCurrentRow(0)
        self._open_message()

    def _open_message(self) -> None:
        chosen, cs = self.list.currentItem(), self.context.tr.language == "cs"
        message: Message | None = chosen.data(Qt.ItemDataRole.UserRole) if chosen else None
        self.subject.setText(message.subject[cs] if message else "")
        self.from_whom.setText(f"{message.sender} · {message.when}" if message else "")
        self.pane.setPlainText(message.text[cs] if message else "")

    def write(self) -> None:
        QMessageBox.information(self, self.context.build.name, self.context.tr("sample"))

    # --- the licence and the company's settings

    def look(self) -> None:
        """How the licence stands and which settings count, now: from memory."""
        self._use_settings()
        tr, state = self.context.tr, self.context.state()
        for action in (self.new, self.reply):
            action.setEnabled(state.may_run)
            action.setToolTip("" if state.may_run else tr("needs.licence"))
        buy = Next("buy", tr("banner.buy"), self.context.buy_url())
        if not state.may_run:
            activate = self._button("banner.activate", self.open_activate)
            self.banner.say(f"{state.message}\n{tr('needs.licence')}", "bad" if state.is_activated else "note", [buy], [activate])
        elif state.kind == "trial":
            left = state.days_left or 0
            text = tr("banner.trial.last") if left <= 1 else tr("banner.trial", left=tr.left(left))
            self.banner.say(text, "warn" if left <= 7 else "note", [buy], [self._button("banner.activate", self.open_activate)])
        elif state.notices and (state.notices[0].code != "support.expired" or state.reason != "licence.valid"):
            more = [self._button("banner.license", self.open_license)]
            self.banner.say(state.notices[0].message, "warn", [way for way in state.next if way.url][:1], more)
        else:
            self.banner.say("")

    def _use_settings(self) -> None:
        """The settings that count shape the window; what became of the company's is told to it, beside (CS-14)."""
        preferences = self.context.preferences
        applied = preferences.take()
        self.theme = dressed(preferences, self.theme)
        zoomed(preferences, self.pane)
        spaced(preferences, self.list)
        laid(preferences, self.splitter, self.reading)
        for key, menu in self._managed_menus.items():
            menu.setEnabled(not preferences.is_locked(key))
            menu.menuAction().setToolTip(self.context.tr("view.locked") if preferences.is_locked(key) else "")
        for action in self._managed_menus["appearance.theme"].actions():
            action.setChecked(action.objectName() == f"choose.{self.theme}")
        if applied is not None:
            self.context.log.append(f"settings: revision {applied.revision}, {applied.state}")
            ask(self, lambda: self.context.licensing.report_settings(applied), lambda _answer: None)

    def _button(self, name: str, does: Callable[[], Any]) -> QPushButton:
        made = QPushButton(self.context.tr(name))
        made.setObjectName(name)
        made.clicked.connect(lambda _=False: does())
        return made

    def open_license(self) -> LicenseDialog:
        return self._shown(LicenseDialog(self.context, self))

    def open_activate(self) -> ActivateDialog:
        return self._shown(ActivateDialog(self.context, self))

    def open_updates(self) -> UpdatesDialog:
        return self._shown(UpdatesDialog(self.context, self))

    def open_support(self) -> SupportDialog:
        return self._shown(SupportDialog(self.context, self))

    def open_settings(self) -> SettingsDialog:
        return self._shown(SettingsDialog(self.context, self))

    def open_managed(self) -> ManagedDialog:
        return self._shown(ManagedDialog(self.context, self))

    def _shown(self, dialog: Shown) -> Shown:
        dialog.open()
        return dialog

    def about(self) -> None:
        build = self.context.build
        QMessageBox.about(self, build.name, self.context.tr("about", name=build.name, version=build.version))

    # --- coming and going

    def _wear(self, theme: str) -> None:
        if self.context.preferences.choose("appearance.theme", theme):
            self.context.tell()

    def _speak(self, language: str) -> None:
        if not self.context.preferences.choose("general.language", language):
            return
        if self._restart is not None and language != self.context.tr.language:
            restart = self._restart
            QTimer.singleShot(0, courier(), lambda: restart(language, self.theme))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        if self.look in self.context.changed:
            self.context.changed.remove(self.look)
        super().closeEvent(event)
