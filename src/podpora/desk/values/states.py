"""States of a ticket, purposes of queues, priorities."""

from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(StrEnum):
    NEW = "new"  # nobody has answered or taken a step yet
    OPEN = "open"  # the vendor's turn
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_VENDOR = "waiting_vendor"  # waits for a developer, a release, a third party
    SOLVED = "solved"
    CLOSED = "closed"
    MERGED = "merged"  # goes on in another ticket; nobody moves it by hand (RU-3)

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
DONE = frozenset({State.SOLVED, State.CLOSED, State.MERGED})

STATE_NAMES: dict[State, Promise] = {
    State.NEW: pgettext_lazy("state of a ticket", "New"),
    State.OPEN: pgettext_lazy("state of a ticket", "Open"),
    State.WAITING_CUSTOMER: _("Waiting for customer"),
    State.WAITING_VENDOR: _("Waiting for us"),
    State.SOLVED: pgettext_lazy("state of a ticket", "Solved"),
    State.CLOSED: pgettext_lazy("state of a ticket", "Closed"),
    State.MERGED: pgettext_lazy("state of a ticket", "Merged"),
}
# What the customer reads: in plain words, and whose turn it is.
STATE_SENTENCES: dict[State, Promise] = {
    State.NEW: _("We have it. A technician will answer you."),
    State.OPEN: _("A technician is working on it."),
    State.WAITING_CUSTOMER: _("We wait for your answer."),
    State.WAITING_VENDOR: _("We are working on it with our developers. You need not do anything."),
    State.SOLVED: _("Solved. If it is not, just write again."),
    State.CLOSED: _("Closed."),
    State.MERGED: _("It goes on together with another question of yours."),
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

REOPEN_DAYS = 14  # SC-3
