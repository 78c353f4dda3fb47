"""Words of what technicians do besides answering: kinds of tickets, fields, links, macros, ratings."""

from datetime import timedelta
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketKind(StrEnum):
    QUESTION = "question"
    PROBLEM = "problem"
    TASK = "task"


KIND_NAMES: dict[TicketKind, Promise] = {
    TicketKind.QUESTION: pgettext_lazy("kind of a ticket", "Question"),
    TicketKind.PROBLEM: pgettext_lazy("kind of a ticket", "Problem"),
    TicketKind.TASK: pgettext_lazy("kind of a ticket", "Task"),
}


# What macros, triggers and time rules do, by the words of rules.deeds.
DEED_NAMES: dict[str, Promise] = {
    "state": pgettext_lazy("a deed of a rule", "state"),
    "priority": pgettext_lazy("a deed of a rule", "priority"),
    "queue": pgettext_lazy("a deed of a rule", "queue"),
    "kind": pgettext_lazy("a deed of a rule", "kind"),
    "assign": pgettext_lazy("a deed of a rule", "technician"),
    "tags": pgettext_lazy("a deed of a rule", "tags"),
    "field": pgettext_lazy("a deed of a rule", "field"),
    "reply": pgettext_lazy("a deed of a rule", "answer"),
    "note": pgettext_lazy("a deed of a rule", "note"),
    "snooze": pgettext_lazy("a deed of a rule", "putting off"),
    "follow": pgettext_lazy("a deed of a rule", "following"),
}


def deed_said(done: str) -> str:
    """`state` or `state: ticket.already_done` of a log, as people read it."""
    name, colon, why = done.partition(":")
    return f"{DEED_NAMES.get(name, name)}{colon}{why}"


class ClosedAs(StrEnum):
    """Why a ticket is closed, where that is not because it was solved."""

    SPAM = "spam"
    DUPLICATE = "duplicate"
    NOTHING_TO_DO = "nothing_to_do"


CLOSED_AS_NAMES: dict[ClosedAs, Promise] = {
    ClosedAs.SPAM: _("Spam"),
    ClosedAs.DUPLICATE: _("Duplicate"),
    ClosedAs.NOTHING_TO_DO: _("Nothing to do"),
}


class TagColour(StrEnum):
    """Names of tokens, never colours themselves."""

    PLAIN = "plain"
    ACCENT = "accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MULTI = "multi"
    CHECKBOX = "checkbox"


FIELD_KIND_NAMES: dict[FieldKind, Promise] = {
    FieldKind.TEXT: pgettext_lazy("kind of a field", "Text"),
    FieldKind.NUMBER: pgettext_lazy("kind of a field", "Number"),
    FieldKind.DATE: pgettext_lazy("kind of a field", "Date"),
    FieldKind.CHOICE: _("One of several"),
    FieldKind.MULTI: _("Several of several"),
    FieldKind.CHECKBOX: _("Yes or no"),
}


class LinkKind(StrEnum):
    RELATES = "relates"
    DUPLICATES = "duplicates"
    BLOCKS = "blocks"
    SPLIT = "split"  # made by splitting; not by hand
    FOLLOW_UP = "follow_up"  # made when a question about a closed ticket becomes a new one


# How a link reads from its ticket, and from the other one.
LINK_NAMES: dict[LinkKind, tuple[Promise, Promise]] = {
    LinkKind.RELATES: (_("is related to"), _("is related to")),
    LinkKind.DUPLICATES: (_("is a duplicate of"), _("has the duplicate")),
    LinkKind.BLOCKS: (_("blocks"), _("is blocked by")),
    LinkKind.SPLIT: (_("was split from"), _("was split into")),
    LinkKind.FOLLOW_UP: (_("follows up"), _("is followed up by")),
}


class ScheduledState(StrEnum):
    WAITING = "waiting"
    HELD = "held"  # somebody wrote meanwhile: the writer is asked (CL-1)
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class Score(IntEnum):
    BAD = 0
    GOOD = 1


SCORE_NAMES: dict[Score, Promise] = {
    Score.BAD: pgettext_lazy("rating", "Not satisfied"),
    Score.GOOD: pgettext_lazy("rating", "Satisfied"),
}

UNDO_SECONDS = 20
UNDO_LONGEST = 120
UNMERGE_WITHIN = timedelta(minutes=30)
ASK_AFTER = timedelta(hours=1)  # how long after solving a customer is asked whether he is satisfied
RATE_WITHIN = timedelta(days=30)
MOST_TAGS = 20
MOST_DEPTH = 3  # how many times a trigger's deed may set off triggers again (RU-1)


class RuleKind(StrEnum):
    TRIGGER = "trigger"
    TIME = "time"
    MACRO = "macro"
