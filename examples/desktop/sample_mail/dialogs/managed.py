"""Help > Managed settings: what the company's administrator has set for this installation (CS-22)."""

from __future__ import annotations

from typing import Any

from podpora_sdk import Managed, Result
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from sample_mail import texts
from sample_mail.context import Context
from sample_mail.parts import Dialog, Facts, faint, heading
from sample_mail.settings.known import SCHEMA, page_of, shown, title_of

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
    "mode.default": ("default", "výchozí"), "mode.initial": ("initial", "počáteční"), "managed.applied": ("used", "použito"),
    "managed.organisation": ("Organisation", "Organizace"), "managed.revision": ("Revision", "Revize"),
    "managed.fetched": ("Last fetched", "Naposledy staženo"), "managed.fetch": ("&Fetch now", "&Stáhnout nyní"),
    "managed.yours": ("your own value counts", "platí vaše hodnota"),
    "from.company": ("Whole company", "Celá firma"), "from.group": ("Your group", "Vaše skupina"), "from.device": ("This computer", "Tento počítač"),
    "from.policy:machine": ("Computer's administrator", "Správce počítače"), "from.policy:user": ("Your account's policy", "Zásady vašeho účtu"),
    "managed.loses": ("It wins over: {losers}", "Má přednost před: {losers}"),
    "managed.released": (
        "Your company's licence has ended: the values stay, nothing is locked any more.",
        "Licence vaší firmy skončila: hodnoty zůstávají, nic už není zamčené.",
    ),
})  # fmt: skip


class ManagedDialog(Dialog):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.tr("managed.title"), 780)
        tr = context.tr
        self.facts, self.table = Facts(), QTableWidget(0, len(COLUMNS))
        self.nothing, self.more = heading(tr("managed.none"), 1), faint(tr("managed.none.more"))
        self.released = faint(tr("managed.released"), name="released")
        self.table.setObjectName("managed")
        self.table.setAccessibleName(tr("managed.head"))
        self.table.setHorizontalHeaderLabels([tr(f"managed.{name}") for name in COLUMNS])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setMinimumHeight(280)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(COLUMNS.index("mode"), QHeaderView.ResizeMode.ResizeToContents)
        self.table.setTabKeyNavigation(False)
        self.head = heading(tr("managed.head"), 4)
        self.body.addWidget(self.head)
        for part in (self.facts, self.released, self.nothing, self.more, self.busy, self.notice):
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
        """What counts now: from the last good bundle, in the order of the settings' pages."""
        tr, settings = self.context.tr, self.context.preferences.managed()
        order = list(SCHEMA)
        rows = sorted(settings, key=lambda row: (order.index(row.key) if row.key in SCHEMA else len(order), row.key))
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
            for column, (text, tip) in enumerate(self._cells(row)):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setToolTip(tip or text)
                self.table.setItem(place, column, item)
        self.table.resizeRowsToContents()
        self.released.setVisible(bool(rows) and settings.released)
        for part, is_shown in ((self.table, bool(rows)), (self.nothing, not rows), (self.more, not rows)):
            part.setVisible(is_shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.resizeRowsToContents()

    def _cells(self, row: Managed) -> list[tuple[str, str]]:
        """Text and explanation of each column."""
        tr, preferences = self.context.tr, self.context.preferences
        is_lost_lock = row.mode == "forced" and not row.locked and row.state == "applied"
        mode = tr("mode.default") if is_lost_lock else tr(f"mode.{row.mode}")
        problem = preferences.problem(row)
        state = problem or tr("managed.applied")
        if not problem and not row.locked and row.key in SCHEMA and preferences.is_chosen(row.key):
            state = tr("managed.yours")
        losers = "; ".join(f"{_origin(tr, loser.source)}: {shown(row.key, loser.value, tr.language)}" for loser in row.losers)
        page = page_of(row.key, tr.language)
        return [
            (title_of(row.key, tr.language), f"{page} · {row.key}" if page else row.key),
            (shown(row.key, row.value, tr.language), ""),
            (mode, ""),
            (_origin(tr, row.source), tr("managed.loses", losers=losers) if losers else ""),
            (state, ""),
        ]

    def do_fetch(self) -> None:
        self.ask(self.context.licensing.refresh_settings, self._answered)

    def _answered(self, answer: Any) -> None:
        if isinstance(answer, Result) and (answer.ok or answer.code in NOTHING):
            self.notice.say("" if answer.code == "request.not_found" else answer.message, "good")
        else:
            self.notice.answer(answer)
        self.context.tell()
        self.look()


def _origin(tr: texts.Texts, source: str) -> str:
    """`company`, `group:G-…`, `device:D-…`, `policy:machine` in words."""
    found = source if source.startswith("policy:") else source.partition(":")[0]
    return tr(f"from.{found}") if f"from.{found}" in texts.TEXTS else source
