"""What can happen to a ticket, as the clocks, the triggers and the followers hear of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class HappeningKind(StrEnum):
    OPENED = "opened"
    REPLIED = "replied"  # words that the customer's side reads, of either side
    NOTED = "noted"
    STATE = "state"
    ASSIGNED = "assigned"
    PRIORITY = "priority"
    QUEUE = "queue"
    SUBJECT = "subject"
    KIND = "kind"
    PARTICIPANT = "participant"
    PRIVACY = "privacy"
    TAGS = "tags"
    FIELD = "field"
    MERGED = "merged"  # it took another ticket in
    UNMERGED = "unmerged"
    SPLIT = "split"
    LINKED = "linked"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    FORWARDED = "forwarded"
    RATED = "rated"
    TIME = "time"
    SLA_WARNING = "sla_warning"  # a deadline is near; only triggers that name it hear of it
    SLA_BREACHED = "sla_breached"
    CALENDAR = "calendar"  # a calendar or an SLA changed: only the clocks hear of it


HAPPENING_NAMES: dict[HappeningKind, Promise] = {
    HappeningKind.OPENED: _("A ticket is opened"),
    HappeningKind.REPLIED: _("A message is written"),
    HappeningKind.NOTED: _("A note is written"),
    HappeningKind.STATE: _("The state changes"),
    HappeningKind.ASSIGNED: _("The technician changes"),
    HappeningKind.PRIORITY: _("The priority changes"),
    HappeningKind.QUEUE: _("The queue changes"),
    HappeningKind.SUBJECT: _("The subject changes"),
    HappeningKind.KIND: _("The kind changes"),
    HappeningKind.PARTICIPANT: _("Somebody is added to the conversation"),
    HappeningKind.PRIVACY: _("It becomes private, or is no more"),
    HappeningKind.TAGS: _("Tags change"),
    HappeningKind.FIELD: _("A field changes"),
    HappeningKind.MERGED: _("Another ticket is merged into it"),
    HappeningKind.UNMERGED: _("A merge is undone"),
    HappeningKind.SPLIT: _("A part becomes a ticket of its own"),
    HappeningKind.LINKED: _("It is linked with another ticket"),
    HappeningKind.SNOOZED: _("It is put off"),
    HappeningKind.WOKEN: _("It comes back"),
    HappeningKind.FORWARDED: _("It is forwarded to somebody else"),
    HappeningKind.RATED: _("The customer rates it"),
    HappeningKind.TIME: _("Time is written down"),
    HappeningKind.SLA_WARNING: _("A deadline is near"),
    HappeningKind.SLA_BREACHED: _("A deadline was missed"),
    HappeningKind.CALENDAR: _("A calendar changes"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `message`: the words, where it is words (a desk.Message); `before` and `after`: plain values
    of what changed (a state, a technician's code, a list of tags)."""

    kind: HappeningKind
    message: Any = None
    before: Any = None
    after: Any = None
