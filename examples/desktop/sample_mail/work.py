"""Network and disk work beside the user interface: the window never waits.

`ask(owner, question, then)` runs `question` in a thread and calls `then` with its answer in the thread of the user interface, if
`owner` is still there. The threads are daemons: closing the program never waits for a server either.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

Question = Callable[[], Any]
Then = Callable[[Any], None]


class Courier(QObject):
    """Lives in the thread of the user interface; answers arrive there."""

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.under_way = 0
        self.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(self, owner: QObject, question: Question, then: Then) -> None:
        self.under_way += 1
        threading.Thread(target=self._run, args=(owner, question, then), daemon=True, name="sample-mail work").start()

    def _run(self, owner: QObject, question: Question, then: Then) -> None:
        try:
            answer = question()
        except Exception as problem:  # a mistake of ours is an answer too: the window must not wait for ever
            answer = problem
        try:
            self.arrived.emit((owner, then, answer))
        except RuntimeError:
            return  # the program is closing

    @Slot(object)
    def _deliver(self, parcel: tuple[QObject, Then, Any]) -> None:
        owner, then, answer = parcel
        self.under_way -= 1
        if shiboken6.isValid(owner):
            then(answer)


def courier() -> Courier:
    """The one courier of the program."""
    program = QCoreApplication.instance()
    assert program is not None
    found = program.findChild(Courier)
    return found if isinstance(found, Courier) else Courier(program)


def ask(owner: QObject, question: Question, then: Then) -> None:
    courier().ask(owner, question, then)
