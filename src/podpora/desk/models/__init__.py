"""Tables of this room."""

from podpora.desk.models.automation import CannedReply, Macro, RuleRun, TimeRule, Trigger
from podpora.desk.models.calendars import Calendar, Holiday, HolidayFeed, Window
from podpora.desk.models.choices import choices_of
from podpora.desk.models.customers import CustomerNote
from podpora.desk.models.messages import Attachment, Message, message_code
from podpora.desk.models.queues import Queue, QueueMember, RoundRobin
from podpora.desk.models.refusals import Refusal
from podpora.desk.models.slas import ClockSettings, Sla, SlaTarget
from podpora.desk.models.technicians import Absence, Skill, TechnicianProfile
from podpora.desk.models.tickets import VIP_CODES, Counter, OwnState, Participant, StateChange, Tag, Ticket, TicketTag
from podpora.desk.models.tokens import ReplyToken
from podpora.desk.models.views import Presence, SavedView, TicketWork
from podpora.desk.models.work import (
    Field,
    FieldValue,
    Follower,
    Habit,
    Link,
    Mention,
    Merge,
    Rating,
    SavedDraft,
    Scheduled,
    TimeEntry,
)

__all__ = [
    "VIP_CODES",
    "Absence",
    "Attachment",
    "Calendar",
    "CannedReply",
    "ClockSettings",
    "Counter",
    "CustomerNote",
    "Field",
    "FieldValue",
    "Follower",
    "Habit",
    "Holiday",
    "HolidayFeed",
    "Link",
    "Macro",
    "Mention",
    "Merge",
    "Message",
    "OwnState",
    "Participant",
    "Presence",
    "Queue",
    "QueueMember",
    "Rating",
    "Refusal",
    "ReplyToken",
    "RoundRobin",
    "RuleRun",
    "SavedDraft",
    "SavedView",
    "Scheduled",
    "Skill",
    "Sla",
    "SlaTarget",
    "StateChange",
    "Tag",
    "TechnicianProfile",
    "Ticket",
    "TicketTag",
    "TicketWork",
    "TimeEntry",
    "TimeRule",
    "Trigger",
    "Window",
    "choices_of",
    "message_code",
]
