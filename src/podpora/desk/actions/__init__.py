"""Writing on the desk: one function per thing that can happen to a ticket."""

from podpora.desk.actions.care import Changes, add_participant, assign, change, move_queue, set_priority, set_private
from podpora.desk.actions.messages import add_note, reply
from podpora.desk.actions.queues import create_queue, set_members, standard_queue, update_queue
from podpora.desk.actions.states import change_state, close, close_forgotten, reopen
from podpora.desk.actions.tickets import open_ticket
from podpora.desk.actions.views import change_view, remove_view, save_view

__all__ = [
    "Changes",
    "add_note",
    "add_participant",
    "assign",
    "change",
    "change_state",
    "change_view",
    "close",
    "close_forgotten",
    "create_queue",
    "move_queue",
    "open_ticket",
    "remove_view",
    "reopen",
    "reply",
    "save_view",
    "set_members",
    "set_priority",
    "set_private",
    "standard_queue",
    "update_queue",
]
