"""Tables of this room."""

from podpora.desk.models.calendars import Calendar, Holiday, HolidayFeed, Window
from podpora.desk.models.choices import choices_of
from podpora.desk.models.messages import Attachment, Message, message_code
from podpora.desk.models.queues import Queue, QueueMember, RoundRobin
from podpora.desk.models.slas import ClockSettings, Sla, SlaTarget
from podpora.desk.models.technicians import Absence, Skill, TechnicianProfile
from podpora.desk.models.tickets import VIP_CODES, Counter, Participant, StateChange, Ticket
from podpora.desk.models.tokens import ReplyToken
from podpora.desk.models.views import Presence, SavedView

__all__ = [
    "VIP_CODES",
    "Absence",
    "Attachment",
    "Calendar",
    "ClockSettings",
    "Counter",
    "Holiday",
    "HolidayFeed",
    "Message",
    "Participant",
    "Presence",
    "Queue",
    "QueueMember",
    "ReplyToken",
    "RoundRobin",
    "SavedView",
    "Skill",
    "Sla",
    "SlaTarget",
    "StateChange",
    "TechnicianProfile",
    "Ticket",
    "Window",
    "choices_of",
    "message_code",
]
