"""Help > Contact support: a ticket with diagnostics, which the user reads before they leave his computer."""

from __future__ import annotations

import json
import tempfile
import uuid
from pathlib import Path
from typing import Any

from podpora_sdk import Result
from podpora_sdk.report import redacted
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.parts import Dialog, faint, heading, open_url

MOST_FILES = 10
TOPICS = ("vip", "licences", "general")
EMAIL = "email"

texts.add({
    "support.title": ("Contact support", "Kontaktovat podporu"), "support.head": ("How can we help?", "S čím můžeme pomoci?"),
    "support.topic": ("&About", "&Týká se"), "topic.vip": ("Something does not work", "Něco nefunguje"),
    "topic.licences": ("Licence or payment", "Licence nebo platba"), "topic.general": ("Something else", "Něco jiného"),
    "support.subject": ("&Subject", "&Předmět"), "support.text": ("&Message", "&Zpráva"),
    "support.hint": ("What did you do, what happened, and what did you expect?", "Co jste dělali, co se stalo a co jste čekali?"),
    "support.email": ("Your &e-mail", "Váš &e-mail"), "support.email.hint": ("the answer goes there", "tam přijde odpověď"),
    "support.files": ("&Files", "&Soubory"), "support.add": ("Add &files…", "Přidat &soubory…"),
    "support.screenshot": ("Add a s&creenshot of the program", "Přidat &obrázek programu"), "support.remove": ("&Remove", "Od&ebrat"),
    "support.diagnostics": ("Send &diagnostics: versions, licence and the program's log", "Poslat &diagnostiku: verze, licenci a protokol programu"),
    "support.preview": ("This is all that is sent besides your message and files. Passwords, keys and tokens are taken out; you may delete more.",
                        "To je vše, co se pošle kromě zprávy a souborů. Hesla, klíče a tokeny jsou odstraněny; můžete smazat i další."),
    "support.send": ("Se&nd", "Odes&lat"), "support.empty": ("Please write what it is about.", "Napište prosím, o co jde."),
    "support.sent": ("Sent. Your question has the number {code}; the answer comes by e-mail.",
                     "Odesláno. Váš dotaz má číslo {code}, odpověď přijde e-mailem."),
    "support.open": ("&Open {code}", "&Otevřít {code}"),
    "support.email.needed": ("This licence has no owner yet: please give the e-mail address for the answer.",
                             "Tato licence zatím nemá držitele: uveďte prosím e-mail pro odpověď."),
    "support.instead": ("Ask about the licence instead", "Zeptat se raději na licenci"),
    "support.not.activated": ("The program is not activated, so please write to us on the web page.",
                              "Program není aktivován, napište nám prosím na stránce."),
    "support.too.many": ("At most ten files.", "Nejvýše deset souborů."),
})  # fmt: skip


class SupportDialog(Dialog):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.tr("support.title"), 620)
        tr = context.tr
        self.reference = uuid.uuid4().hex  # sent again after a lost answer, it is the same ticket
        self.topic, self.subject, self.text = QComboBox(), QLineEdit(), QPlainTextEdit()
        self.email, self.files, self.preview = QLineEdit(), QListWidget(), QPlainTextEdit()
        self.with_diagnostics = QCheckBox(tr("support.diagnostics"))
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._fields()
        self.body.addWidget(heading(tr("support.head"), 4))
        self.questions = QWidget()
        self.questions.setLayout(self._form())
        self.body.addWidget(self.questions)
        self.body.addWidget(self.with_diagnostics)
        self.hint = faint(tr("support.preview"))
        self.body.addWidget(self.hint)
        self._show_diagnostics()
        self.body.addWidget(self.preview, 1)
        self.body.addStretch(0)
        self.body.addWidget(self.busy)
        self.body.addWidget(self.notice)
        last = QHBoxLayout()
        last.addStretch(1)
        self.send = self.button(tr("support.send"), "send", self.do_send, is_default=True)
        self.closing = self.button(tr("close"), "close", self.reject)
        last.addWidget(self.closing)
        last.addWidget(self.send)
        self.body.addLayout(last)
        self.rests(self.topic, self.subject, self.text, self.email, self.with_diagnostics)
        self.finished.connect(self._clean)
        self.subject.setFocus()

    def _fields(self) -> None:
        tr = self.context.tr
        for name in TOPICS:
            self.topic.addItem(tr(f"topic.{name}"), name)
        self.subject.setMaxLength(200)
        self.email.setMaxLength(254)
        self.text.setPlaceholderText(tr("support.hint"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(110)
        self.email.setPlaceholderText(tr("support.email.hint"))
        self.files.setMaximumHeight(64)
        for widget, name in (
            (self.topic, "topic"),
            (self.subject, "subject"),
            (self.text, "text"),
            (self.email, "email"),
            (self.files, "files"),
        ):
            widget.setObjectName(name)

    def _form(self) -> QFormLayout:
        tr, form = self.context.tr, QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(tr("support.topic"), self.topic)
        form.addRow(tr("support.subject"), self.subject)
        form.addRow(tr("support.text"), self.text)
        form.addRow(tr("support.email"), self.email)
        self.form = form
        form.setRowVisible(self.email, bool(self.context.state().kind == "trial"))
        row = QHBoxLayout()
        self.add = self.button(tr("support.add"), "add", self.add_files)
        self.shot = self.button(tr("support.screenshot"), "screenshot", self.add_screenshot)
        self.remove = self.button(tr("support.remove"), "remove", self.remove_file)
        for button in (self.add, self.shot, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        form.addRow("", row)
        form.addRow(tr("support.files"), self.files)
        self._count_files()
        return form

    # --- what is sent besides

    def _show_diagnostics(self) -> None:
        self.with_diagnostics.setChecked(True)
        self.with_diagnostics.setObjectName("with-diagnostics")
        self.preview.setObjectName("preview")
        self.preview.setAccessibleName(self.context.tr("support.preview"))
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.preview.setTabChangesFocus(True)
        self.preview.setMinimumHeight(130)
        for part in (self.preview, self.hint):
            self.with_diagnostics.toggled.connect(part.setVisible)
        found: dict[str, Any] = dict(self.context.licensing.diagnostics())
        found["log"] = [redacted(line, str(Path.home())) for line in self.context.log[-200:]]
        self.preview.setPlainText(redacted(json.dumps(found, ensure_ascii=False, indent=2), str(Path.home())))

    def diagnostics(self) -> dict[str, Any]:
        """Exactly what the user saw; what he made of it is no JSON any more, but still his words."""
        if not self.with_diagnostics.isChecked():
            return {}
        shown = self.preview.toPlainText()
        try:
            found = json.loads(shown)
        except ValueError:
            return {"text": shown}
        return found if isinstance(found, dict) else {"text": shown}

    def paths(self) -> list[Path]:
        return [Path(self.files.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self.files.count())]

    def add_files(self, paths: list[str] | None = None) -> None:
        chosen = (
            paths if paths is not None else QFileDialog.getOpenFileNames(self, self.context.tr("support.add").replace("&", ""))[0]
        )
        for path in chosen:
            if self.files.count() >= MOST_FILES:
                self.notice.say(self.context.tr("support.too.many"), "warn")
                break
            item = QListWidgetItem(Path(path).name)
            item.setData(Qt.ItemDataRole.UserRole, path)
            self.files.addItem(item)
        self._count_files()

    def add_screenshot(self) -> None:
        """Of the program's own window only, without this dialog."""
        behind = self.parentWidget()
        window = behind.window() if behind is not None else self
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="sample-mail-")
        path = Path(self._folder.name) / f"screenshot-{self.files.count() + 1}.png"
        if window.grab().save(str(path), "PNG"):
            self.add_files([str(path)])

    def remove_file(self) -> None:
        self.files.takeItem(max(self.files.currentRow(), 0))
        self._count_files()

    def _count_files(self) -> None:
        self.form.setRowVisible(self.files, self.files.count() > 0)
        self.remove.setEnabled(self.files.count() > 0)
        if self.isVisible():
            self.fit()

    # --- sending

    def do_send(self) -> None:
        text = self.text.toPlainText().strip()
        if not text:
            self.notice.say(self.context.tr("support.empty"), "warn")
            self.text.setFocus()
            return
        told: dict[str, Any] = {
            "subject": self.subject.text().strip(), "diagnostics": self.diagnostics(), "queue": str(self.topic.currentData()),
            "email": self.email.text().strip(), "reference": self.reference,
        }  # fmt: skip
        paths = self.paths()
        self.ask(lambda: self.context.licensing.report_problem(text, paths, **told), self._answered)

    def _answered(self, answer: Any) -> None:
        tr = self.context.tr
        if isinstance(answer, Result) and answer.ok:
            self._sent(answer)
        elif isinstance(answer, Result) and EMAIL in answer.fields:
            self.form.setRowVisible(self.email, True)
            self.notice.say(tr("support.email.needed") if answer.fields[EMAIL] == ("required",) else answer.message, "warn")
            self.email.setFocus()
        elif isinstance(answer, Result) and answer.code == "licence.not_activated":
            self.notice.say(tr("support.not.activated"), "warn", _contact(self.context))
        elif isinstance(answer, Result) and answer.code.startswith("support."):
            instead = QPushButton(tr("support.instead"))
            instead.setAutoDefault(False)
            instead.clicked.connect(lambda: self.topic.setCurrentIndex(1))
            ways = [way for way in answer.next if way.url]
            self.notice.say(answer.message, "warn", ways, [instead] if self.topic.currentIndex() != 1 else [])
        else:
            self.notice.answer(answer)

    def _sent(self, answer: Result) -> None:
        tr, code, url = self.context.tr, str(answer.data.get("code", "")), str(answer.data.get("url", ""))
        support = answer.data.get("support")
        text = tr("support.sent", code=code)
        if isinstance(support, dict) and not support.get("allowed") and self.topic.currentData() == "vip":
            text += f"\n{support.get('message', '')}"
        opens = QPushButton(tr("support.open", code=code))
        opens.setAutoDefault(False)
        opens.setObjectName("open-ticket")
        opens.clicked.connect(lambda: open_url(self.context, self, url))
        self.notice.say(text, "good", (), [opens] if url else [])
        for part in (self.questions, self.with_diagnostics, self.hint, self.preview, self.send):
            part.hide()
        self.fit(shrink=True)
        self.closing.setDefault(True)
        self.closing.setFocus()

    def _clean(self, _result: int) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _contact(context: Context) -> Any:
    from podpora_sdk import Next

    return [Next("ask", context.tr("support.title"), context.page("contact/"))]
