"""Tickets of an older desk, as they come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from podpora.desk.values.messages import MessageKind, Side, Upload
from podpora.desk.values.states import State


@dataclass(frozen=True, slots=True)
class OldMessage:
    """What somebody wrote then. `email`: who, if he is known here; `name` as it stood there."""

    kind: MessageKind
    side: Side
    email: str
    name: str
    text: str
    at: datetime
    uploads: Sequence[Upload] = ()


@dataclass(frozen=True, slots=True)
class OldTicket:
    """A ticket with its conversation and the state that it had. `solved_at` counts only where it is done."""

    subject: str
    messages: Sequence[OldMessage]
    state: State
    opened_at: datetime
    solved_at: datetime
    licence: str = ""
