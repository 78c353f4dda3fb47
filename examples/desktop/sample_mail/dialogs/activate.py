"""Come to a licence: by key, by a trial, by a FREE key; and when all places are taken, free another device as the proven owner."""

from __future__ import annotations

from datetime import date
from typing import Any

from podpora_sdk import Device, Result
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.parts import Dialog, faint, heading, label, open_url
from sample_mail.texts import Texts

LIMIT = "licence.activation_limit"

texts.add({
    "activate.title": ("Activate", "Aktivace"), "activate.head": ("Activate {name}", "Aktivace programu {name}"),
    "activate.lead": ("The key is in your order and in “My licences”. Spaces, hyphens and case do not matter.",
                      "Klíč najdete v objednávce a v „Moje licence“. Na mezerách, pomlčkách a velikosti písmen nezáleží."),
    "activate.key": ("Licence &key", "Licenční &klíč"), "activate.do": ("&Activate", "&Aktivovat"),
    "activate.trial": ("Start the &trial", "Začít &zkušební dobu"), "activate.free": ("Get a &FREE key by e-mail", "Poslat klíč &FREE e-mailem"),
    "activate.email": ("&E-mail", "&E-mail"), "activate.done": ("Activated. Thank you!", "Aktivováno. Děkujeme!"),
    "activate.sent": ("If the address can have a FREE key, it is on its way.", "Pokud adresa může mít klíč FREE, je na cestě."),
    "limit.head": ("All places are taken", "Všechna místa jsou obsazena"),
    "limit.lead": ("You can free one of your other devices right here. First show that the licence is yours: open the page, sign in, and "
                   "type the code that it shows. It works on a phone too.",
                   "Některé ze svých ostatních zařízení můžete uvolnit přímo tady. Nejdřív ukažte, že je licence vaše: otevřete stránku, "
                   "přihlaste se a opište kód, který uvidíte. Funguje to i na telefonu."),
    "limit.open": ("&Open the page", "&Otevřít stránku"),
    "limit.code": ("&Code", "&Kód"),
    "limit.show": ("&Show my devices", "&Zobrazit má zařízení"),
    "limit.devices": ("Which one do you no longer use?", "Které už nepoužíváte?"),
    "limit.free": ("&Free it and activate this computer", "&Uvolnit a aktivovat tento počítač"),
    "limit.wrong": ("The code does not fit this licence, or is older than 15 minutes. Get a new one on the page.",
                    "Kód k této licenci nepatří, nebo je starší než 15 minut. Na stránce si vezměte nový."),
    "limit.seen": ("last seen {day}", "naposledy {day}"),
})  # fmt: skip


class ActivateDialog(Dialog):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.tr("activate.title"), 520)
        tr = context.tr
        self.key, self.code, self.email = QLineEdit(), QLineEdit(), QLineEdit()
        for field, name in ((self.key, "key"), (self.code, "code"), (self.email, "email")):
            field.setObjectName(name)
            field.setMaxLength(2000 if name == "code" else 254)
        self.key.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.code.setFont(self.key.font())
        self.key.setPlaceholderText("PKXXX-XXXXX-XXXXX-XXXXX-XXXXX")
        self.email.setPlaceholderText("name@example.com")
        self.body.addWidget(heading(tr("activate.head", name=context.build.name), 4))
        self.body.addWidget(faint(tr("activate.lead")))
        form = QFormLayout()
        form.addRow(tr("activate.key"), self.key)
        self.body.addLayout(form)
        self.activate = self.button(tr("activate.do"), "do-activate", self.do_activate, is_default=True)
        self.trial = self.button(tr("activate.trial"), "trial", self.do_trial)
        row = QHBoxLayout()
        row.addWidget(self.activate)
        row.addWidget(self.trial)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.busy)
        self.body.addWidget(self.notice)
        self.body.addWidget(self._limit())
        self.body.addWidget(self._free())
        self.body.addStretch(1)
        close = self.button(tr("close"), "close", self.reject)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(close)
        self.body.addLayout(last)
        self.rests(self.key, self.code, self.email)
        self.trial.setVisible(not context.state().is_activated)
        self.free.setVisible(not context.state().is_activated)
        self.key.setFocus()

    def _limit(self) -> QWidget:
        """Shown when all places are taken."""
        tr = self.context.tr
        self.limit, self.devices = QWidget(), QListWidget()
        self.free_one: QPushButton = self.button(tr("limit.free"), "free-one", self.do_free)
        self.devices.setObjectName("devices")
        self.devices.setAccessibleName(tr("limit.devices"))
        self.devices.setFixedHeight(112)
        self.devices.itemSelectionChanged.connect(lambda: self.free_one.setEnabled(bool(self.devices.selectedItems())))
        self.free_one.setEnabled(False)
        inside = QVBoxLayout(self.limit)
        inside.setContentsMargins(0, 4, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(heading(tr("limit.head"), 2))
        inside.addWidget(faint(tr("limit.lead")))
        row = QHBoxLayout()
        named = label(tr("limit.code"), wraps=False)
        named.setBuddy(self.code)
        self.show_devices = self.button(tr("limit.show"), "show-devices", self.do_show)
        for part in (self.button(tr("limit.open"), "open-proof", self.open_proof), named, self.code, self.show_devices):
            row.addWidget(part)
        inside.addLayout(row)
        self.which = label(tr("limit.devices"))
        for widget in (self.which, self.devices, self.free_one):
            inside.addWidget(widget)
            widget.hide()
        self.limit.hide()
        return self.limit

    def _free(self) -> QWidget:
        tr = self.context.tr
        self.free = QWidget()
        row = QHBoxLayout(self.free)
        row.setContentsMargins(0, 6, 0, 0)
        named = label(tr("activate.email"), wraps=False)
        named.setBuddy(self.email)
        for part in (named, self.email, self.button(tr("activate.free"), "register", self.do_register)):
            row.addWidget(part)
        return self.free

    # --- what is done

    def do_activate(self) -> None:
        key = self.key.text()
        self.ask(lambda: self.context.licensing.activate(key), self._came)

    def do_trial(self) -> None:
        self.ask(self.context.licensing.start_trial, self._came)

    def do_register(self) -> None:
        email = self.email.text().strip()
        self.ask(lambda: self.context.licensing.register_free(email), self._registered)

    def open_proof(self) -> None:
        open_url(self.context, self, self.context.page("licences/proof/"))

    def do_show(self) -> None:
        key, proof = self.key.text(), self.code.text().strip()
        if proof:
            self.ask(lambda: self.context.licensing.activate(key, owner_proof=proof), self._came)

    def do_free(self) -> None:
        chosen = self.devices.selectedItems()
        if chosen:
            key, proof, code = self.key.text(), self.code.text().strip(), str(chosen[0].data(Qt.ItemDataRole.UserRole))
            self.ask(lambda: self.context.licensing.activate(key, owner_proof=proof, replace=code), self._came)

    # --- what came of it

    def _came(self, answer: Any) -> None:
        if not isinstance(answer, Result):
            self.notice.answer(answer)
        elif answer.ok:
            self.limit.hide()
            self.free.hide()
            self.notice.say(self.context.tr("activate.done"), "good")
            self.context.tell()
        elif answer.code == LIMIT:
            self._full(answer)
        elif "owner_proof" in answer.fields:
            self.notice.say(self.context.tr("limit.wrong"), "warn")
        else:
            self.notice.answer(answer)
        self.fit()

    def _full(self, answer: Result) -> None:
        self.limit.show()
        self.free.hide()
        buy = [way for way in answer.next if way.kind == "buy"]
        if answer.devices:
            self._list(answer.devices)
            self.notice.say(answer.message, "warn", buy)
        elif self.code.text().strip():
            self.notice.say(self.context.tr("limit.wrong"), "warn")
        else:
            self.notice.say(answer.message, "warn", buy)
            self.code.setFocus()

    def _list(self, devices: tuple[Device, ...]) -> None:
        tr = self.context.tr
        self.devices.clear()
        for device in devices:
            seen = tr("limit.seen", day=_day(tr, device.last_seen_at)) if device.last_seen_at else ""
            about = " · ".join(part for part in (_system(device.platform), device.app_version, seen) if part)
            item = QListWidgetItem(f"{device.name or device.code}\n{about}")
            item.setData(Qt.ItemDataRole.UserRole, device.code)
            self.devices.addItem(item)
        for part in (self.which, self.devices, self.free_one):
            part.show()
        self.devices.setFocus()

    def _registered(self, answer: Any) -> None:
        if isinstance(answer, Result) and answer.ok:
            self.notice.say(self.context.tr("activate.sent"), "good")
        else:
            self.notice.answer(answer)
        self.fit()


def _day(tr: Texts, instant: str) -> str:
    try:
        return tr.day(date.fromisoformat(instant[:10]))
    except ValueError:
        return instant[:10]


def _system(platform: str) -> str:
    """`linux 6.18.44-…` -> `Linux`: its owner knows it by this."""
    first = platform.partition(" ")[0]
    return {"macos": "macOS", "ios": "iOS"}.get(first, first.capitalize())
