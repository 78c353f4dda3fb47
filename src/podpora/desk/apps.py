"""The room and what its verbs say in the audit."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ticket.opened": _("Opened the ticket."),
    "ticket.confirmed": _("Confirmed by mail that he wrote it."),
    "ticket.imported": _("Took the ticket over from another system, with {messages} messages."),
    "ticket.replied": _("Answered in the ticket."),
    "ticket.noted": _("Left an internal note."),
    "ticket.state": _("Changed the state from {before[state]} to {after[state]}."),
    "ticket.assigned": _("Changed the technician from {before[to]} to {after[to]}."),
    "ticket.priority": _("Changed the priority from {before[priority]} to {after[priority]}."),
    "ticket.queue": _("Moved the ticket from {before[queue]} to {after[queue]}."),
    "ticket.private": _("Changed who in the company sees the ticket."),
    "ticket.participant": _("Added somebody to the conversation."),
    "ticket.sla_warning": _("A deadline of the ticket is near: {metric}."),
    "ticket.sla_breached": _("A deadline of the ticket was missed: {metric}."),
    "technician.profile": _("Changed what the technician can do and how much he takes."),
    "skill.saved": _("Saved the skill."),
    "skill.deleted": _("Deleted the skill."),
    "absence.added": _("Away from {from} to {to}."),
    "absence.changed": _("Changed the absence to {after[from]} to {after[to]}."),
    "absence.ended": _("Ended the absence of {before[from]} to {before[to]}."),
    "calendar.created": _("Made the calendar."),
    "calendar.changed": _("Changed the calendar."),
    "calendar.deleted": _("Deleted the calendar."),
    "calendar.holiday": _("Added {on} as a day without service."),
    "calendar.holiday_removed": _("Made {on} a day with service again."),
    "calendar.feed": _("Changed from where days without service are fetched: {url}."),
    "sla.created": _("Made the agreement."),
    "sla.changed": _("Changed the agreement."),
    "sla.ordered": _("Changed the order of the agreements."),
    "sla.deleted": _("Deleted the agreement."),
    "sla.rules": _("Changed what pauses a clock, or the priorities of plans."),
    "ticket.not_delivered": _("A mail of the ticket came back."),
    "ticket.subject": _("Changed the subject from “{before[subject]}” to “{after[subject]}”."),
    "ticket.kind": _("Changed the kind from {before[kind]} to {after[kind]}."),
    "ticket.closed_as": _("Closed it as {after[why]}."),
    "ticket.own_state": _("Gave it the state {after[name]}."),
    "ticket.tags": _("Changed the tags from {before[tags]} to {after[tags]}."),
    "ticket.fields": _("Changed fields."),
    "ticket.followed": _("Began to follow the ticket: {person}."),
    "ticket.unfollowed": _("No longer follows the ticket: {person}."),
    "ticket.linked": _("Linked it with {other}."),
    "ticket.unlinked": _("Removed the link with {other}."),
    "ticket.parent": _("Put it below {parent}."),
    "ticket.merged": _("Merged it into {into}; messages: {messages}."),
    "ticket.took_in": _("Merged {from} into it; messages: {messages}."),
    "ticket.unmerged": _("Undid the merge with {other}."),
    "ticket.split": _("Made a part of it ticket {new}."),
    "ticket.snoozed": _("Put it off until {after[until]}."),
    "ticket.woken": _("It came back."),
    "ticket.scheduled": _("Wrote an answer to be sent at {send_at}: {answer}."),
    "ticket.withdrawn": _("Took back the answer {answer}."),
    "ticket.held": _("The answer {answer} was held, because somebody wrote meanwhile."),
    "ticket.draft_taken": _("Took over a draft."),
    "ticket.forwarded": _("Forwarded it to somebody outside."),
    "ticket.published": _("Published it in the forum as topic {topic}, with the requester's consent."),
    "ticket.rated": _("Said whether he is satisfied: {after[score]}."),
    "ticket.time": _("Changed the time from {before[minutes]} to {after[minutes]} minutes."),
    "ticket.macro": _("Used the macro {macro}: {done}."),
    "ticket.rule": _("The rule {rule} did: {done}."),
    "tag.made": _("Made the tag."),
    "tag.changed": _("Changed the tag {before[name]} to {after[name]}."),
    "tag.merged": _("Merged the tag {was} into it; tickets: {tickets}."),
    "desk.field": _("Changed a field of tickets."),
    "desk.own_state": _("Changed a state of our own."),
    "desk.canned": _("Changed the canned reply {after[name]}."),
    "desk.macro": _("Changed the macro {after[name]}."),
    "desk.trigger": _("Changed the trigger {after[name]}."),
    "desk.time_rule": _("Changed the time rule {after[name]}."),
    "desk.order": _("Changed the order: {order}."),
    "desk.rule_removed": _("Removed {before[name]}."),
    "queue.created": _("Created the queue."),
    "queue.changed": _("Changed the queue."),
    "queue.members": _("Changed who works in the queue."),
    "ticket.many": _("Changed many tickets at once."),
    "ticket.many_undone": _("Undid a change of many tickets."),
    "customer.note": _("Wrote down something about the customer."),
    "customer.note_removed": _("Removed a note on the customer."),
    "view.saved": _("Saved a view of the list."),
    "view.removed": _("Removed a saved view of the list."),
}


EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "ticket.opened", "text": _("A ticket was opened."), "verbs": ("ticket.opened",), "facts": ("queue", "customer", "support"),
        "data": {"ticket": "T-1042", "queue": "vip", "customer": "C-2M8XPA4R", "support": "support.active"},
    },
    {
        "name": "ticket.replied", "text": _("A message was added to a ticket."), "verbs": ("ticket.replied",),
        "facts": ("message", "side", "state"), "data": {"ticket": "T-1042", "message": "M-9K2XW7QA", "side": "customer", "state": "open"},
    },
    {
        "name": "ticket.sla_warning", "text": _("A deadline of a ticket is near."), "verbs": ("ticket.sla_warning",),
        "facts": ("metric", "due_at", "queue", "sla"),
        "data": {"ticket": "T-1042", "metric": "first_response", "due_at": "2027-03-10T09:00:00Z", "queue": "vip", "sla": "vip"},
    },
    {
        "name": "ticket.sla_breached", "text": _("A deadline of a ticket was missed."), "verbs": ("ticket.sla_breached",),
        "facts": ("metric", "due_at", "queue", "sla"),
        "data": {"ticket": "T-1042", "metric": "first_response", "due_at": "2027-03-10T09:00:00Z", "queue": "vip", "sla": "vip"},
    },
    {
        "name": "ticket.state", "text": _("A ticket changed its state."), "verbs": ("ticket.state",),
        "data": {"ticket": "T-1042", "before": {"state": "open"}, "after": {"state": "waiting_customer"}},
    },
    {
        "name": "ticket.noted", "text": _("A note was written in a ticket."), "verbs": ("ticket.noted",), "facts": ("message",),
        "data": {"ticket": "T-1042", "message": "M-9K2XW7QA"},
    },
    {"name": "ticket.assigned", "text": _("A ticket has another technician."), "verbs": ("ticket.assigned",),
     "data": {"ticket": "T-1042", "before": {"to": None}, "after": {"to": "U-7Q2M4XKD"}}},
    {
        "name": "ticket.changed", "text": _("Something else about a ticket changed."),
        "verbs": (
            "ticket.priority", "ticket.queue", "ticket.private", "ticket.subject", "ticket.kind", "ticket.closed_as", "ticket.own_state",
            "ticket.tags", "ticket.fields", "ticket.linked", "ticket.unlinked", "ticket.parent", "ticket.time",
        ), "data": {"ticket": "T-1042", "before": {"priority": 1}, "after": {"priority": 2}},
    },
    {
        "name": "ticket.merged", "text": _("A ticket was merged into another one."), "verbs": ("ticket.merged",), "facts": ("into", "messages"),
        "data": {"ticket": "T-1042", "into": "T-1040", "messages": 2},
    },
    {
        "name": "ticket.unmerged", "text": _("A merge of tickets was undone."), "verbs": ("ticket.unmerged",), "facts": ("other",),
        "data": {"ticket": "T-1042", "other": "T-1040"},
    },
    {
        "name": "ticket.split", "text": _("A part of a ticket became one of its own."), "verbs": ("ticket.split",), "facts": ("new", "messages"),
        "data": {"ticket": "T-1042", "new": "T-1043", "messages": ["M-9K2XW7QA"]},
    },
    {"name": "ticket.snoozed", "text": _("A ticket was put off."), "verbs": ("ticket.snoozed",),
     "data": {"ticket": "T-1042", "before": {"until": None}, "after": {"until": "2027-03-11T08:00:00Z"}}},
    {"name": "ticket.woken", "text": _("A ticket that was put off is back."), "verbs": ("ticket.woken",),
     "data": {"ticket": "T-1042", "before": {"until": "2027-03-11T08:00:00Z"}, "after": {"until": None}}},
    {
        "name": "ticket.rated", "text": _("A customer said whether he is satisfied."), "verbs": ("ticket.rated",),
        "data": {"ticket": "T-1042", "before": None, "after": {"score": "good"}},
    },
    {"name": "ticket.solved", "text": _("A ticket was solved."), "data": {"ticket": "T-1042"}},
)  # fmt: skip


class DeskConfig(AppConfig):
    name = "podpora.desk"
    label = "desk"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence, declare_words
        from podpora.desk.searching import SOURCE
        from podpora.desk.values import KIND_NAMES, METRIC_NAMES, PRIORITY_NAMES, STATE_NAMES, deed_said
        from podpora.search.values import declare_source

        declare_source(SOURCE)
        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        declare_words("ticket.state", "state", lambda state: str(STATE_NAMES.get(state, state)))
        declare_words("ticket.priority", "priority", lambda priority: str(PRIORITY_NAMES.get(priority, priority)))
        declare_words("ticket.kind", "kind", lambda kind: str(KIND_NAMES.get(kind, kind)))
        for verb in ("ticket.macro", "ticket.rule"):
            declare_words(verb, "done", deed_said)
        for verb in ("ticket.sla_warning", "ticket.sla_breached"):
            declare_words(verb, "metric", lambda metric: str(METRIC_NAMES.get(metric, metric)))
        for event in EVENTS:
            declare_event(EventType(**event))
