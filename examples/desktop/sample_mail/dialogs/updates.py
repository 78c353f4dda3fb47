"""Help > Check for updates: what is covered is said before anything is downloaded or changed (EOL-8)."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import date
from typing import Any

from podpora_sdk import Next, Result, versions
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.parts import Dialog, Facts, Notice, faint, heading, label, open_url

NOT_COVERED = "version.not_covered"

texts.add({
    "updates.title": ("Updates", "Aktualizace"),
    "updates.running": ("{name} {version}", "{name} {version}"),
    "updates.this": ("This is the version that you use.", "Tuto verzi používáte."),
    "updates.unknown": ("The server does not say which versions there are. What your licence covers is known without it.",
                        "Server neříká, jaké verze jsou. Co vaše licence pokrývá, je známo i bez něj."),
    "updates.newest": ("Newest version", "Nejnovější verze"), "updates.yours": ("Newest version that is yours", "Nejnovější verze, která je vaše"),
    "updates.covered": ("Your licence covers", "Vaše licence pokrývá"), "updates.price": ("Upgrade", "Upgrade"),
    "updates.offer": ("{price}: covers {covers}, with VIP support until {day}", "{price}: pokrývá {covers}, s VIP podporou do {day}"),
    "updates.security": ("It closes a security hole: please install it soon.", "Opravuje bezpečnostní chybu: nainstalujte ji prosím brzy."),
    "updates.released": ("{version}, released {day}", "{version}, vydaná {day}"),
    "updates.current": ("You have the newest version that is yours.", "Máte nejnovější verzi, která je vaše."),
    "updates.there": ("Version {version} is there, and your licence covers it.", "Je tu verze {version} a vaše licence ji pokrývá."),
    "updates.install": ("&Download {version}", "&Stáhnout {version}"), "updates.notes": ("What is new", "Co je nového"),
    "updates.upgrade": ("&Upgrade…", "&Upgradovat…"),
    "updates.keep": ("{version} is not covered. Yours stays yours for ever; nothing was downloaded or changed.",
                     "Na verzi {version} se licence nevztahuje. Vaše verze zůstává navždy vaše, nic se nestáhlo ani nezměnilo."),
    "updates.ask": ("Is another version covered?", "Je pokryta jiná verze?"), "updates.version": ("&Version", "&Verze"),
    "updates.check": ("&Check", "&Ověřit"), "updates.again": ("Check &again", "Zkontrolovat &znovu"),
})  # fmt: skip


class UpdatesDialog(Dialog):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.tr("updates.title"), 520)
        tr, build = context.tr, context.build
        self.facts, self.word = Facts(), Notice(context, "word")
        self.body.addWidget(heading(tr("updates.running", name=build.name, version=build.version), 4))
        self.body.addWidget(faint(tr("updates.this")))
        for part in (self.busy, self.word, self.facts, self.notice):
            self.body.addWidget(part)
        self.body.addSpacing(4)
        self.body.addWidget(faint(tr("updates.ask")))
        self.version = QLineEdit()
        self.version.setObjectName("version")
        self.version.setMaxLength(30)
        self.version.setPlaceholderText("11.0")
        named = label(tr("updates.version"), wraps=False)
        named.setBuddy(self.version)
        self.check = self.button(tr("updates.check"), "check", self.do_check)
        row = QHBoxLayout()
        for widget in (named, self.version, self.check):
            row.addWidget(widget)
        self.body.addLayout(row)
        self.body.addStretch(1)
        last = QHBoxLayout()
        self.again = self.button(tr("updates.again"), "again", self.do_ask)
        last.addWidget(self.again)
        last.addStretch(1)
        last.addWidget(self.button(tr("close"), "close", self.accept, is_default=True))
        self.body.addLayout(last)
        self.version.returnPressed.connect(self.do_check)
        self._covered()
        self.do_ask()

    def _covered(self, more: tuple[tuple[str, str, str], ...] = ()) -> None:
        """What the licence covers, from the certificate: known without the server too."""
        tr, state = self.context.tr, self.context.state()
        update = self.context.licensing.may_update_to(self.context.build.version, self.context.build.released_on)
        covers = "" if state.covers is None else update.covered_through or tr("license.everything")
        self.facts.show_all([("covers", tr("updates.covered"), covers), *more])

    def do_ask(self) -> None:
        self.ask(self.context.licensing.updates, self._answered)

    def do_check(self) -> None:
        """Is the version that the user typed covered? From the certificate alone."""
        version = self.version.text().strip()
        if version:
            update = self.context.licensing.may_update_to(version)
            self.notice.say(update.message, "good" if update.allowed else "warn", update.next)
            self.fit()

    def _answered(self, answer: Any) -> None:
        """`update`: what may be installed now; `latest`: the newest there is; `upgrade`: what the step to it costs."""
        if not isinstance(answer, Result) or "allowed" not in answer.data:
            self._not_told(answer)
            self.fit()
            return
        tr, data = self.context.tr, answer.data
        update, latest, upgrade = (_object(data, name) for name in ("update", "latest", "upgrade"))
        rows = [
            ("newest", tr("updates.newest"), self._named(latest)), ("yours", tr("updates.yours"), self._named(update)),
            ("notes", tr("updates.notes"), str(update.get("notes") or "")), ("price", tr("updates.price"), self._offer(upgrade)),
        ]  # fmt: skip
        self._covered(tuple(rows))
        self._say_update(answer, update)
        if latest and latest.get("covered") is False:
            ways = [Next("buy", tr("updates.upgrade"), str(upgrade["url"]))] if upgrade.get("url") else answer.next
            self.notice.say(tr("updates.keep", version=latest.get("version", "")), "note", ways)
        self.fit()

    def _not_told(self, answer: Any) -> None:
        if isinstance(answer, Result) and answer.code == "request.not_found":
            self.word.say(self.context.tr("updates.unknown"), "note")
        else:
            self.word.answer(answer)

    def _named(self, release: Mapping[str, Any]) -> str:
        if not release.get("version"):
            return ""
        day = _day(release.get("released_on"))
        version = str(release["version"])
        return self.context.tr("updates.released", version=version, day=self.context.tr.day(day)) if day else version

    def _offer(self, upgrade: Mapping[str, Any]) -> str:
        """`890.00 CZK: covers 10 and all older ones, with VIP support until 22. 11. 2027`: the dates beside the price."""
        if not upgrade.get("price"):
            return ""
        tr = self.context.tr
        price = f"{upgrade['price']} {upgrade.get('currency', '')}".strip()
        major, through = upgrade.get("covered_through"), _day(upgrade.get("support_through"))
        if major is None or through is None:
            return price
        return tr("updates.offer", price=price, covers=tr("license.upto.short", major=major), day=tr.day(through))

    def _say_update(self, answer: Result, update: Mapping[str, Any]) -> None:
        tr = self.context.tr
        if update.get("version"):
            version = str(update["version"])
            url = self._download(version)
            text = tr("updates.there", version=version)
            if update.get("security"):
                text += f"\n{tr('updates.security')}"
            download = self.button(tr("updates.install", version=version), "download", lambda: open_url(self.context, self, url))
            self.word.say(text, "warn" if update.get("security") else "good", (), [download] if url else [])
        elif answer.ok:
            self.word.say(tr("updates.current"), "good")
        else:
            self.word.say(answer.message, "warn", answer.next)

    def _download(self, version: str) -> str:
        """The file for this system, only out of a list that the vendor has signed and the SDK has checked (S37)."""
        release = versions.newest(self.context.licensing.holding)
        if release is None or release.version != version:
            return ""
        system = {"Windows": "windows", "Darwin": "macos"}.get(platform.system(), "linux")
        return next((file.url for file in release.files if file.platform.startswith(system)), "")


def _object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
