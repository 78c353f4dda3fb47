"""Help > License: how the licence stands, and everything that its holder may do with it here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from podpora_sdk import Result, State
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QMessageBox, QPushButton, QWidget

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.dialogs.activate import ActivateDialog
from sample_mail.parts import Dialog, Facts, Notice, faint, heading, open_url

texts.add({
    "license.title": ("License", "Licence"), "license.none": ("No licence yet", "Zatím bez licence"),
    "license.edition": ("Edition", "Edice"), "license.holder": ("Licensed to", "Držitel"), "license.code": ("Licence number", "Číslo licence"),
    "license.covers": ("Versions covered", "Pokryté verze"), "license.runs": ("Right to run", "Právo používat"),
    "license.support": ("VIP support", "VIP podpora"), "license.devices": ("Devices", "Zařízení"),
    "license.contact": ("Last checked", "Naposledy ověřeno"), "license.lease": ("Works offline until", "Bez internetu do"),
    "license.until": ("until {day}", "do {day}"), "license.until.left": ("until {day} ({left})", "do {day} ({left})"),
    "license.ended": ("ended {day}", "skončila {day}"), "license.not.included": ("not included", "není součástí"),
    "license.everything": ("all versions", "všechny verze"),
    "license.upto": ("{major} and all older ones, for ever", "{major} a všechny starší, navždy"),
    "license.upto.short": ("{major} and all older ones", "{major} a všechny starší"),
    "license.by.date": ("versions released until {day}", "verze vydané do {day}"),
    "kind.trial": ("trial", "zkušební doba"), "kind.free": ("free of charge", "zdarma"), "kind.one-time": ("bought once", "koupená jednou"),
    "kind.subscription": ("subscription", "předplatné"),
    "license.up.to": ("up to {devices}", "až {devices}"),
    "license.activate": ("Activate with a &key…", "Aktivovat &klíčem…"), "license.change": ("Enter another &key…", "Zadat jiný &klíč…"),
    "license.refresh": ("&Refresh", "&Obnovit"), "license.deactivate": ("&Deactivate…", "&Deaktivovat…"),
    "license.buy": ("&Buy or renew", "Kou&pit nebo prodloužit"), "license.offline": ("O&ffline", "&Bez internetu"),
    "offline.request": ("Save a request &file…", "Uložit &žádost…"),
    "offline.install": ("&Install a licence file…", "&Nainstalovat licenční soubor…"),
    "offline.proof": ("&Give the licence up and save the proof…", "&Vzdát se licence a uložit potvrzení…"),
    "offline.page": ("&Open the offline page in the browser", "&Otevřít stránku pro zařízení bez internetu"),
    "offline.saved": ("Saved as {file}. Upload it in the License Manager, on any computer with Internet.",
                      "Uloženo jako {file}. Nahrajte to ve správci licencí na kterémkoli počítači s internetem."),
    "deactivate.sure": ("Deactivate this computer? Its place becomes free for another one. Your mail stays where it is.",
                        "Deaktivovat tento počítač? Jeho místo se uvolní pro jiný. Vaše pošta zůstane na místě."),
    "proof.sure": ("Give the licence up on this computer? It stops here at once; its place becomes free when the proof is uploaded.",
                   "Vzdát se licence na tomto počítači? Tady přestane platit hned, místo se uvolní po nahrání potvrzení."),
    "deactivated": ("Deactivated: the place is free.", "Deaktivováno: místo je volné."),
    "refreshed": ("The licence is up to date.", "Licence je aktuální."),
    "file.failed": ("The file can't be written: {why}", "Soubor nelze zapsat: {why}"),
})  # fmt: skip


class LicenseDialog(Dialog):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.tr("license.title"), 560)
        tr = context.tr
        self.title, self.sub = heading("", 5), faint(name="license-kind")
        self.facts, self.standing = Facts(), Notice(context, "standing")
        for part in (self.title, self.sub, self.standing, self.facts, self.busy, self.notice):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.activate = self.button(tr("license.activate"), "activate", self.open_activate)
        self.refresh = self.button(tr("license.refresh"), "refresh", self.do_refresh)
        self.deactivate = self.button(tr("license.deactivate"), "deactivate", self.do_deactivate)
        self.buy = self.button(tr("license.buy"), "buy", lambda: open_url(context, self, context.buy_url()))
        self.offline = QPushButton(tr("license.offline"))
        self.offline.setObjectName("offline")
        self.offline.setAutoDefault(False)
        self.offline.setMenu(self._offline_menu())
        close = self.button(tr("close"), "close", self.accept, is_default=True)
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (self.activate, self.refresh, self.buy):
            first.addWidget(button)
        first.addStretch(1)
        for button in (self.offline, self.deactivate):
            second.addWidget(button)
        second.addStretch(1)
        second.addWidget(close)
        self.rests(self.offline)
        self.body.addLayout(first)
        self.body.addLayout(second)
        context.changed.append(self.look)
        self.finished.connect(lambda _: context.changed.remove(self.look) if self.look in context.changed else None)
        self.look()

    def _offline_menu(self) -> QMenu:
        menu, tr = QMenu(self), self.context.tr
        for name, does in (
            ("offline.request", self.save_request), ("offline.install", self.install_file), ("offline.proof", self.save_proof),
            ("offline.page", lambda: open_url(self.context, self, self.context.page("licences/offline/"))),
        ):  # fmt: skip
            action = menu.addAction(tr(name))
            action.setObjectName(name)
            action.triggered.connect(lambda _=False, does=does: does())
        return menu

    # --- what is shown

    def look(self) -> None:
        """Draw the state anew."""
        tr, state = self.context.tr, self.context.state()
        name = self.context.build.name
        self.title.setText(f"{name} {state.edition.upper()}" if state.is_activated else tr("license.none"))
        self.sub.setText(tr(f"kind.{state.kind}") if state.kind else f"{name} {self.context.build.version}")
        self.facts.show_all(self.rows(state))
        notes = [notice.message for notice in state.notices]
        if not state.may_run or state.reason != "licence.valid":
            notes.insert(0, state.message)
        manner = "bad" if not state.may_run and state.is_activated else "warn" if state.may_run else "note"
        self.standing.say("\n".join(dict.fromkeys(notes)), manner, state.next if not state.may_run or notes else ())
        self.activate.setText(tr("license.change" if state.is_activated else "license.activate"))
        self.deactivate.setEnabled(state.is_activated)
        self.refresh.setEnabled(state.is_activated)

    def rows(self, state: State) -> list[tuple[str, str, str]]:
        tr = self.context.tr
        if not state.is_activated:
            return []
        devices = tr("license.up.to", devices=tr.devices(state.seats)) if state.seats > 1 else tr.devices(state.seats)
        values = {
            "holder": state.holder, "code": state.licence, "covers": self._covers(state), "runs": self._runs(state),
            "support": self._support(state),
            "devices": devices, "contact": tr.moment(state.last_contact_at),
            "lease": tr.day(state.lease_ends_at.date()) if state.lease_ends_at else "",
        }  # fmt: skip
        return [(code, tr(f"license.{code}"), value) for code, value in values.items()]

    def _covers(self, state: State) -> str:
        tr, covers = self.context.tr, state.covers
        if covers is None:
            return ""
        if covers.everything:
            return tr("license.everything")
        if covers.released_until is not None:
            return tr("license.by.date", day=tr.day(covers.released_until))
        name = "license.upto" if state.ends_on is None else "license.upto.short"
        return tr(name, major=covers.through_major) if covers.through_major is not None else tr("none")

    def _runs(self, state: State) -> str:
        tr = self.context.tr
        if state.ends_on is None:
            return tr("forever")
        if state.days_left:
            return tr("license.until.left", day=tr.day(state.ends_on), left=tr.left(state.days_left))
        return tr("license.ended", day=tr.day(state.ends_on))

    def _support(self, state: State) -> str:
        tr = self.context.tr
        if state.support_through is None:
            return tr("license.not.included")
        if state.support_days_left:
            return tr("license.until.left", day=tr.day(state.support_through), left=tr.left(state.support_days_left))
        return tr("license.ended", day=tr.day(state.support_through))

    # --- what is done

    def open_activate(self) -> ActivateDialog:
        dialog = ActivateDialog(self.context, self)
        dialog.open()
        return dialog

    def do_refresh(self) -> None:
        self.ask(self.context.licensing.refresh, lambda answer: self._told(answer, "refreshed"))

    def do_deactivate(self, *, sure: bool | None = None) -> None:
        if sure if sure is not None else self._sure("deactivate.sure"):
            self.ask(self.context.licensing.deactivate, lambda answer: self._told(answer, "deactivated"))

    def save_request(self, path: str = "") -> None:
        self.ask(self.context.licensing.offline_request, lambda answer: self._save(answer, path))

    def save_proof(self, path: str = "", *, sure: bool | None = None) -> None:
        if sure if sure is not None else self._sure("proof.sure"):
            self.ask(self.context.licensing.offline_proof, lambda answer: self._save(answer, path))

    def install_file(self, path: str = "") -> None:
        chosen = path or QFileDialog.getOpenFileName(self, self.context.tr("license.title"), "", "*.podpora-licence;;*")[0]
        if chosen:
            self.ask(lambda: self.context.licensing.install_offline(Path(chosen)), lambda answer: self._told(answer, "refreshed"))

    def _save(self, answer: Any, path: str) -> None:
        if not isinstance(answer, Result) or not answer.ok:
            self._told(answer, "")
            return
        name = str(answer.data.get("name", "request"))
        chosen = path or QFileDialog.getSaveFileName(self, self.context.tr("license.title"), name)[0]
        if not chosen:
            return
        try:
            Path(chosen).write_text(answer.file)
        except OSError as problem:
            self.notice.say(self.context.tr("file.failed", why=problem.strerror or problem), "bad")
        else:
            self.notice.say(self.context.tr("offline.saved", file=Path(chosen).name), "good")
        self.context.tell()

    def _sure(self, question: str) -> bool:
        yes = QMessageBox.StandardButton.Yes
        return QMessageBox.question(self, self.context.build.name, self.context.tr(question)) == yes

    def _told(self, answer: Any, done: str) -> None:
        if isinstance(answer, Result) and answer.ok:
            self.notice.say(self.context.tr(done), "good")
        else:
            self.notice.answer(answer)
        self.context.tell()
