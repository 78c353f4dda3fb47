"""What stands in a conversation: messages, notes, events, files; and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from podpora.desk.values.mailed import Mailed


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
    ASSIGNED_BY_LOAD = "assigned_by_load"
    ASSIGNED_BY_SKILL = "assigned_by_skill"
    GIVEN_BACK = "given_back"
    UNASSIGNED = "unassigned"
    NOBODY_PRESENT = "nobody_present"
    STATE = "state"
    REOPENED = "reopened"
    PRIORITY = "priority"
    QUEUE = "queue"
    PARTICIPANT = "participant"
    PRIVACY = "privacy"
    NOT_DELIVERED = "not_delivered"
    DELAYED = "delayed"
    SUBJECT = "subject"
    KIND = "kind"
    CLOSED_AS = "closed_as"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    FIELD = "field"
    MERGED = "merged"  # another one into this
    MERGED_INTO = "merged_into"
    UNMERGED = "unmerged"
    SPLIT = "split"
    SPLIT_FROM = "split_from"
    LINKED = "linked"
    PARENT = "parent"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    FORWARDED = "forwarded"
    RATED = "rated"
    AUTOMATIC = "automatic"


EVENT_SENTENCES: dict[Event, Promise] = {
    Event.ASSIGNED: _("%(by)s assigned it to %(to)s"),
    Event.ASSIGNED_IN_TURN: _("Assigned to %(to)s, whose turn it was"),
    Event.ASSIGNED_BY_LOAD: _("Assigned to %(to)s, who had the least to do"),
    Event.ASSIGNED_BY_SKILL: _("Assigned to %(to)s in turn, among those who know: %(skills)s"),
    Event.GIVEN_BACK: _("%(to)s did not take it up in time: it went back to the queue"),
    Event.UNASSIGNED: _("%(by)s returned it to the queue"),
    Event.NOBODY_PRESENT: _("No technician is present: the managers were told"),
    Event.STATE: _("%(by)s changed the state to “%(to)s”"),
    Event.REOPENED: _("%(by)s reopened it"),
    Event.PRIORITY: _("%(by)s set the priority to “%(to)s”"),
    Event.QUEUE: _("%(by)s moved it to the queue “%(to)s”"),
    Event.PARTICIPANT: _("%(by)s added %(to)s to the conversation"),
    Event.PRIVACY: _("%(by)s changed who in the company sees it"),
    Event.NOT_DELIVERED: _("A mail to %(to)s came back: it did not arrive"),
    Event.DELAYED: _("A mail to %(to)s is late: it is still being tried"),
    Event.SUBJECT: _("%(by)s changed the subject; it was “%(to)s”"),
    Event.KIND: _("%(by)s says that it is: %(to)s"),
    Event.CLOSED_AS: _("%(by)s closed it as: %(to)s"),
    Event.TAGGED: _("%(by)s added the tag “%(to)s”"),
    Event.UNTAGGED: _("%(by)s removed the tag “%(to)s”"),
    Event.FIELD: _("%(by)s set the field %(to)s"),
    Event.MERGED: _("%(by)s merged %(to)s into it"),
    Event.MERGED_INTO: _("%(by)s merged it into %(to)s"),
    Event.UNMERGED: _("%(by)s undid the merge with %(to)s"),
    Event.SPLIT: _("%(by)s made a part of it ticket %(to)s"),
    Event.SPLIT_FROM: _("%(by)s took it out of %(to)s"),
    Event.LINKED: _("%(by)s linked it with %(to)s"),
    Event.PARENT: _("%(by)s put it below %(to)s"),
    Event.SNOOZED: _("%(by)s put it off until %(to)s"),
    Event.WOKEN: _("It was put off and is back"),
    Event.FORWARDED: _("%(by)s forwarded it to %(to)s"),
    Event.RATED: _("%(by)s answered: %(to)s"),
    Event.AUTOMATIC: _("A rule was at work: %(to)s"),
}
# VI-2: priorities, queues and who is on duty are the vendor's business.
_ASSIGNED = frozenset({Event.ASSIGNED, Event.ASSIGNED_IN_TURN, Event.ASSIGNED_BY_LOAD, Event.ASSIGNED_BY_SKILL})
EVENTS_FOR_CUSTOMERS = _ASSIGNED | {Event.STATE, Event.REOPENED, Event.PARTICIPANT, Event.RATED}

SUBJECT_LENGTH = 200
TEXT_LENGTH = 50_000
MAX_FILES = 10
MAX_FILE_SIZE = 20 * 1024 * 1024
MAX_DIAGNOSTICS = 1024 * 1024
PREVIEW_LENGTH = 20_000  # how much of the diagnostics is shown in the conversation; the whole is a download


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, before it is stored."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    content_id: str = ""  # by which the HTML of a mail names it
    is_inline: bool = False
    is_diagnostics: bool = False  # what the program says about itself: readable in the ticket, besides the user's own files


@dataclass(frozen=True, slots=True)
class Words:
    """An answer or a note before it is a message."""

    text: str
    uploads: Sequence[Upload] = ()
    via: Via = Via.WEB
    once: str = ""
    mailed: Mailed | None = None  # it came by mail
    seen: int | None = None  # the ticket's revision that the writer had before his eyes (CL-1); None: do not ask


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An attachment's bytes after SC-11, and how many secrets were masked."""

    content: bytes
    secrets: int = 0
