"""The room and what its verbs say in the audit and to webhooks."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "problem.created": _("Created the known problem: {after[title]}."),
    "problem.changed": _("Changed what is known of the problem."),
    "problem.state": _("Changed the problem from {before[state]} to {after[state]}."),
    "problem.tied": _("Tied {code} to the problem."),
    "problem.untied": _("Untied {code} from the problem."),
}
EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "problem.created", "text": _("A known problem was created."), "verbs": ("problem.created",),
        "data": {"problem": "P-12", "before": None, "after": {"title": "The calendar is empty after an update", "state": "reported"}},
    },
    {
        "name": "problem.state_changed", "text": _("A known problem was confirmed, is being fixed, is fixed, or will not be."),
        "verbs": ("problem.state",),
        "data": {"problem": "P-12", "before": {"state": "being_fixed"}, "after": {"state": "fixed", "fixed_in": "10.2.1"}},
    },
    {
        "name": "problem.tied", "text": _("A person, ticket or topic was tied to a known problem."), "verbs": ("problem.tied",),
        "facts": ("kind", "code"), "data": {"problem": "P-12", "kind": "ticket", "code": "T-1042"},
    },
)  # fmt: skip


class ProblemsConfig(AppConfig):
    name = "podpora.problems"
    label = "problems"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence, declare_words
        from podpora.problems.searching import SOURCE
        from podpora.problems.values import STATE_NAMES, State
        from podpora.search.values import declare_source

        declare_source(SOURCE)
        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        declare_words("problem.state", "state", lambda state: str(STATE_NAMES.get(State(state), state)))
        for event in EVENTS:
            declare_event(EventType(**event))
