"""A ticket as the rules see it, and a question before it is one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from podpora.base.decisions import Decision
from podpora.desk.values.mailed import Mailed, Receipt
from podpora.desk.values.messages import Upload, Via
from podpora.desk.values.states import Priority, State


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket as the rules see it."""

    code: str
    state: State
    priority: Priority = Priority.NORMAL
    is_vip: bool = False
    opened_at: datetime | None = None
    waiting_since: datetime | None = None  # the first customer's message that nobody answered yet; None: not our turn
    solved_at: datetime | None = None
    changed_at: datetime | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands in the technician's list: lower rank first, then the longer wait."""

    rank: int
    since: datetime


@dataclass(frozen=True, slots=True)
class SupportSnapshot:
    """What the gate said when the ticket was opened (SC-2: the promise lasts to the solution)."""

    decision: Decision = field(default_factory=Decision)
    tier: str = ""
    through: date | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a ticket is about: public codes and words, a snapshot of the moment it was opened."""

    product: str = ""
    licence: str = ""
    device: str = ""
    device_name: str = ""
    app_version: str = ""
    platform: str = ""
    version_is_ended: bool = False  # EOL-5


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before it is a ticket."""

    subject: str
    text: str
    about: About = field(default_factory=About)
    uploads: Sequence[Upload] = ()
    via: Via = Via.WEB
    is_private: bool = False
    mailed: Mailed | None = None
    is_unproven: bool = False  # on a form for everybody: anybody may have typed the address
    receipt: Receipt = field(default_factory=Receipt)
    once: str = ""  # the form's token or the API's idempotency key: sent twice, opened once
