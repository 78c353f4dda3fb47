"""The words of this room: states, purposes of queues, priorities, drafts, and what its reason codes say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from podpora.base.decisions import Decision
from podpora.base.reasons import Way, declare
from podpora.catalog.values import FORUM, WRITE
from podpora.notifications.values import declare_kind


class State(StrEnum):
    NEW = "new"  # nobody has answered or taken a step yet
    OPEN = "open"  # the vendor's turn
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_VENDOR = "waiting_vendor"  # waits for a developer, a release, a third party
    SOLVED = "solved"
    CLOSED = "closed"

    @property
    def is_active(self) -> bool:
        return self in ACTIVE

    @property
    def is_waiting(self) -> bool:
        return self in WAITING

    @property
    def is_done(self) -> bool:
        return self in DONE

    @property
    def pauses_clock(self) -> bool:
        """SLA-4: intervals in these states do not count; read from the state history, never from a counter."""
        return self in WAITING or self in DONE


ACTIVE = frozenset({State.NEW, State.OPEN})
WAITING = frozenset({State.WAITING_CUSTOMER, State.WAITING_VENDOR})
DONE = frozenset({State.SOLVED, State.CLOSED})

STATE_NAMES: dict[State, Promise] = {
    State.NEW: pgettext_lazy("state of a ticket", "New"),
    State.OPEN: pgettext_lazy("state of a ticket", "Open"),
    State.WAITING_CUSTOMER: _("Waiting for customer"),
    State.WAITING_VENDOR: _("Waiting for us"),
    State.SOLVED: pgettext_lazy("state of a ticket", "Solved"),
    State.CLOSED: pgettext_lazy("state of a ticket", "Closed"),
}
# What the customer reads: in plain words, and whose turn it is.
STATE_SENTENCES: dict[State, Promise] = {
    State.NEW: _("We have it. A technician will answer you."),
    State.OPEN: _("A technician is working on it."),
    State.WAITING_CUSTOMER: _("We wait for your answer."),
    State.WAITING_VENDOR: _("We are working on it with our developers. You need not do anything."),
    State.SOLVED: _("Solved. If it is not, just write again."),
    State.CLOSED: _("Closed."),
}


class Purpose(StrEnum):
    """What a queue is for, which also is the topic that a customer chooses."""

    VIP = "vip"
    TECHNICAL = "technical"
    LICENCE_BILLING = "licence_billing"
    GENERAL = "general"


PURPOSE_NAMES: dict[Purpose, Promise] = {
    Purpose.VIP: _("VIP support"),
    Purpose.TECHNICAL: _("Technical questions"),
    Purpose.LICENCE_BILLING: _("Licences and billing"),
    Purpose.GENERAL: _("General questions"),
}


class Priority(IntEnum):
    LOW = 0
    NORMAL = 1
    HIGH = 2
    URGENT = 3


PRIORITY_NAMES: dict[Priority, Promise] = {
    Priority.LOW: _("Low"),
    Priority.NORMAL: _("Normal"),
    Priority.HIGH: _("High"),
    Priority.URGENT: _("Urgent"),
}


class MessageKind(StrEnum):
    PUBLIC = "public"
    NOTE = "note"  # among technicians; never leaves (VI-2)
    EVENT = "event"  # what happened to the ticket; technicians see all, customers those that concern them


class Via(StrEnum):
    WEB = "web"
    API = "api"
    PROGRAM = "program"
    MAIL = "mail"


class Side(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class Event(StrEnum):
    """The verbs of event messages; their sentences are EVENT_SENTENCES."""

    ASSIGNED = "assigned"
    ASSIGNED_IN_TURN = "assigned_in_turn"
    UNASSIGNED = "unassigned"
    NOBODY_PRESENT = "nobody_present"
    STATE = "state"
    REOPENED = "reopened"
    PRIORITY = "priority"
    QUEUE = "queue"
    PARTICIPANT = "participant"
    PRIVACY = "privacy"


EVENT_SENTENCES: dict[Event, Promise] = {
    Event.ASSIGNED: _("%(by)s assigned it to %(to)s"),
    Event.ASSIGNED_IN_TURN: _("Assigned to %(to)s, whose turn it was"),
    Event.UNASSIGNED: _("%(by)s returned it to the queue"),
    Event.NOBODY_PRESENT: _("No technician is present: the managers were told"),
    Event.STATE: _("%(by)s changed the state to “%(to)s”"),
    Event.REOPENED: _("%(by)s reopened it"),
    Event.PRIORITY: _("%(by)s set the priority to “%(to)s”"),
    Event.QUEUE: _("%(by)s moved it to the queue “%(to)s”"),
    Event.PARTICIPANT: _("%(by)s added %(to)s to the conversation"),
    Event.PRIVACY: _("%(by)s changed who in the company sees it"),
}
# VI-2: priorities, queues and who is on duty are the vendor's business.
EVENTS_FOR_CUSTOMERS = frozenset({Event.ASSIGNED, Event.ASSIGNED_IN_TURN, Event.STATE, Event.REOPENED, Event.PARTICIPANT})

REOPEN_DAYS = 14  # SC-3
SUBJECT_LENGTH = 200
TEXT_LENGTH = 50_000
MAX_FILES = 10
MAX_FILE_SIZE = 20 * 1024 * 1024
MAX_DIAGNOSTICS = 1024 * 1024
PREVIEW_LENGTH = 20_000  # how much of the diagnostics is shown in the conversation; the whole is a download


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
class Upload:
    """A file as it came in, before it is stored."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    is_diagnostics: bool = False  # what the program says about itself: readable in the ticket, besides the user's own files


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
    once: str = ""  # the form's token or the API's idempotency key: sent twice, opened once


@dataclass(frozen=True, slots=True)
class Words:
    """An answer or a note before it is a message."""

    text: str
    uploads: Sequence[Upload] = ()
    via: Via = Via.WEB
    once: str = ""
    seen: int | None = None  # the ticket's revision that the writer had before his eyes (CL-1); None: do not ask


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An attachment's bytes after SC-11, and how many secrets were masked."""

    content: bytes
    secrets: int = 0


NEW_TICKET = Way("ask", _("Open a new ticket"), "centre:new")

TOO_LATE_TO_REOPEN = declare(
    "ticket.too_late_to_reopen",
    _("Ticket {ticket} was solved on {solved_on}. It could be reopened until {until}; please open a new one and mention it."),
    ways=(NEW_TICKET, FORUM, WRITE),
)
NEWER_MESSAGE = declare(
    "ticket.newer_message",
    _("{author} wrote while you were writing. Read it, then send your answer again: your text is kept."),
)
NOT_FROM_HERE = declare("ticket.state_not_possible", _("A ticket in the state “{state}” can't become “{wanted}”."))
ALREADY_DONE = declare("ticket.already_done", _("Ticket {ticket} is solved or closed already."))
NOT_DONE = declare("ticket.not_done", _("Ticket {ticket} is not solved, so there is nothing to reopen."))
OWN_TICKET = declare("ticket.own", _("{technician} is a customer in this ticket and can't be its technician."))
NOT_A_TECHNICIAN = declare("ticket.not_a_technician", _("{technician} does not answer tickets."))
NOT_IN_QUEUE = declare("ticket.not_in_queue", _("{technician} does not serve this queue and can't read its tickets."))
NO_TICKETS_ROLE = declare(
    "ticket.role",
    _("Your role in {customer} does not include VIP tickets. You may ask about licences and bills; others ask an administrator."),
    ways=(WRITE,),
)

TOO_MANY_FILES = declare("ticket.too_many_files", _("At most ten files can be added to one message."))
FILE_TOO_LARGE = declare("ticket.file_too_large", _("A file may have 20 MB at most."))
FILE_EMPTY = declare("ticket.file_empty", _("This file is empty."))
NOT_TEXT = declare("ticket.not_text", _("This contains characters that are not text."))
NOT_DIAGNOSTICS = declare("ticket.not_diagnostics", _("Diagnostics have to be text or JSON, at most 1 MB."))
NOT_A_MEMBER = declare(
    "ticket.not_a_member", _("Only members of your company can be added here. Ask an administrator to invite this person.")
)

declare_kind("ticket.received", label=_("Receipt for a new ticket"))
declare_kind("ticket.answered", label=_("Answers to my tickets"), can_mute=False, automatic=False)
declare_kind("ticket.solved", label=_("My ticket was solved"))
declare_kind("ticket.assigned", label=_("A ticket was assigned to me"), staff=True)
declare_kind("ticket.replied", label=_("A customer wrote in my ticket"), automatic=False, staff=True)
declare_kind("ticket.noted", label=_("A colleague's note in my ticket"), automatic=False, staff=True)
declare_kind("ticket.unassigned", label=_("A ticket that nobody could take"), can_mute=False, staff=True)
