"""Help > Check for updates: what is covered is said before anything is downloaded or changed (EOL-8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podpora_sdk import Result
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
    "updates.released": ("{version}, released {day}", "{version}, vydaná {day}"),
    "updates.current": ("You have the newest version that is yours.", "Máte nejnovější verzi, která je vaše."),
    "updates.there": ("Version {version} is there, and your licence covers it.", "Je tu verze {version} a vaše licence ji pokrývá."),
    "updates.install": ("&Download {version}", "&Stáhnout {version}"), "updates.notes": ("What is &new", "Co je &nového"),
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
        if not isinstance(answer, Result) or "allowed" not in answer.data:
            self._not_told(answer)
            self.fit()
            return
        newest, mine = _release(answer.data, "newest"), _release(answer.data, "yours", "newest_owned", "newest_covered", "owned")
        tr = self.context.tr
        rows = [("newest", tr("updates.newest"), self._named(newest)), ("yours", tr("updates.yours"), self._named(mine))]
        price = answer.data.get("upgrade") or answer.data.get("price")
        if isinstance(price, Mapping):
            price = " ".join(str(price[name]) for name in ("amount", "price", "currency") if price.get(name))
        self._covered((*rows, ("price", tr("updates.price"), str(price or ""))))
        self._say(answer, newest, mine)
        self.fit()

    def _not_told(self, answer: Any) -> None:
        if isinstance(answer, Result) and answer.code == "request.not_found":
            self.word.say(self.context.tr("updates.unknown"), "note")
        else:
            self.word.answer(answer)

    def _named(self, release: Mapping[str, Any]) -> str:
        return str(release.get("version", ""))

    def _say(self, answer: Result, newest: Mapping[str, Any], mine: Mapping[str, Any]) -> None:
        tr, running = self.context.tr, self.context.build.version
        version, own = self._named(newest), self._named(mine)
        buttons = []
        if own and own != running:
            url = _address(mine)
            if url:
                buttons.append(
                    self.button(tr("updates.install", version=own), "download", lambda: open_url(self.context, self, url))
                )
            self.word.say(tr("updates.there", version=own), "good", (), buttons)
        elif version and version != running and not self.context.licensing.may_update_to(version):
            ways = _ways(answer)
            self.word.say(tr("updates.keep", version=version), "note", ways)
        else:
            self.word.say(
                answer.message if not answer.ok else tr("updates.current"), "good" if answer.ok else "warn", _ways(answer)
            )


def _release(data: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """A release of the server's answer: an object, or only its version."""
    for name in names:
        found = data.get(name)
        if isinstance(found, Mapping):
            return found
        if isinstance(found, str) and found:
            return {"version": found}
    return {}


def _address(release: Mapping[str, Any]) -> str:
    for name in ("url", "download_url", "notes_url"):
        if isinstance(found := release.get(name), str) and found:
            return found
    return ""


def _ways(answer: Result) -> Any:
    from podpora_sdk.server import next_of

    return next_of(answer.data.get("next")) or answer.next
