"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ticket.opened": _("Opened the ticket."),
    "ticket.replied": _("Answered in the ticket."),
    "ticket.noted": _("Left an internal note."),
    "ticket.state": _("Changed the state from {before[state]} to {after[state]}."),
    "ticket.assigned": _("Changed the technician from {before[to]} to {after[to]}."),
    "ticket.priority": _("Changed the priority from {before[priority]} to {after[priority]}."),
    "ticket.queue": _("Moved the ticket from {before[queue]} to {after[queue]}."),
    "ticket.private": _("Changed who in the company sees the ticket."),
    "ticket.participant": _("Added somebody to the conversation."),
    "queue.created": _("Created the queue."),
    "queue.changed": _("Changed the queue."),
    "queue.members": _("Changed who works in the queue."),
}


class DeskConfig(AppConfig):
    name = "podpora.desk"
    label = "desk"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
