"""Tables of this room."""

from podpora.desk.models.choices import choices_of
from podpora.desk.models.messages import Attachment, Message, message_code
from podpora.desk.models.queues import Queue, QueueMember, RoundRobin
from podpora.desk.models.tickets import VIP_CODES, Counter, Participant, StateChange, Ticket
from podpora.desk.models.views import Presence, SavedView

__all__ = [
    "VIP_CODES",
    "Attachment",
    "Counter",
    "Message",
    "Participant",
    "Presence",
    "Queue",
    "QueueMember",
    "RoundRobin",
    "SavedView",
    "StateChange",
    "Ticket",
    "choices_of",
    "message_code",
]
