"""Help > Managed settings: what the company's administrator has set for this installation (CS-22)."""

from __future__ import annotations

import json
from typing import Any

from podpora_sdk import Result
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.parts import Dialog, Facts, faint, heading

COLUMNS = ("key", "value", "mode", "source", "state")
NOTHING = ("settings.none", "settings.unchanged", "request.not_found")

texts.add({
    "managed.title": ("Managed settings", "Spravovaná nastavení"), "managed.head": ("Managed settings", "Spravovaná nastavení"),
    "managed.by": ("Managed by {organisation}", "Spravuje {organisation}"),
    "managed.none": ("Nothing is managed: every setting of this program is yours.",
                     "Nic se nespravuje: všechna nastavení tohoto programu jsou vaše."),
    "managed.none.more": (
        "When your company sets something for all its installations, you see here what it is, whether it is locked, and where it comes from.",
        "Když vaše firma něco nastaví pro všechny své instalace, uvidíte tady, co to je, zda je to zamčené a odkud to pochází.",
    ),
    "managed.key": ("Setting", "Nastavení"), "managed.value": ("Value", "Hodnota"), "managed.mode": ("Mode", "Režim"),
    "managed.source": ("From", "Odkud"), "managed.state": ("State", "Stav"), "mode.forced": ("locked", "zamčeno"),
    "mode.default": ("default", "výchozí"), "mode.initial": ("initial", "počáteční"), "managed.applied": ("applied", "použito"),
    "managed.organisation": ("Organisation", "Organizace"), "managed.revision": ("Revision", "Revize"),
    "managed.fetched": ("Last fetched", "Naposledy staženo"), "managed.fetch": ("&Fetch now", "&Stáhnout nyní"),
})  # fmt: skip


class ManagedDialog(Dialog):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.tr("managed.title"), 660)
        tr = context.tr
        self.facts, self.table = Facts(), QTableWidget(0, len(COLUMNS))
        self.nothing, self.more = heading(tr("managed.none"), 1), faint(tr("managed.none.more"))
        self.table.setObjectName("managed")
        self.table.setAccessibleName(tr("managed.head"))
        self.table.setHorizontalHeaderLabels([tr(f"managed.{name}") for name in COLUMNS])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setTabKeyNavigation(False)
        self.head = heading(tr("managed.head"), 4)
        self.body.addWidget(self.head)
        for part in (self.facts, self.nothing, self.more, self.busy, self.notice):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.body.addStretch(0)
        last = QHBoxLayout()
        self.fetch = self.button(tr("managed.fetch"), "fetch", self.do_fetch)
        last.addWidget(self.fetch)
        last.addStretch(1)
        last.addWidget(self.button(tr("close"), "close", self.accept, is_default=True))
        self.body.addLayout(last)
        self.look()

    def look(self) -> None:
        """What counts now: from the last good bundle."""
        tr, settings = self.context.tr, self.context.licensing.settings()
        rows = list(settings)
        fetched = max((row.fetched_at for row in rows if row.fetched_at), default=None)
        self.facts.show_all([
            ("organisation", tr("managed.organisation"), settings.organisation),
            ("revision", tr("managed.revision"), str(settings.revision) if settings.revision else ""),
            ("fetched", tr("managed.fetched"), tr.moment(fetched) if fetched else ""),
        ])  # fmt: skip
        self.facts.setVisible(bool(rows))
        name = settings.organisation
        self.head.setText(tr("managed.by", organisation=name) if name else tr("managed.head"))
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            mode = tr(f"mode.{row.mode}") if row.mode != "forced" or row.locked else tr("mode.default")
            state = tr("managed.applied") if row.state == "applied" else row.message
            shown = (
                row.key,
                row.value if isinstance(row.value, str) else json.dumps(row.value, ensure_ascii=False),
                mode,
                row.source,
                state,
            )
            for column, text in enumerate(shown):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setToolTip(text)
                self.table.setItem(place, column, item)
        for part, is_shown in ((self.table, bool(rows)), (self.nothing, not rows), (self.more, not rows)):
            part.setVisible(is_shown)

    def do_fetch(self) -> None:
        self.ask(self.context.licensing.refresh_settings, self._answered)

    def _answered(self, answer: Any) -> None:
        if isinstance(answer, Result) and (answer.ok or answer.code in NOTHING):
            self.notice.say("" if answer.code == "request.not_found" else answer.message, "good")
        else:
            self.notice.answer(answer)
        self.look()
