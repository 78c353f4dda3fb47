from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "settings.schema": _("Uploaded version {version} of the settings' description."),
    "settings.published": _("Published revision {revision} of the settings."),
    "settings.rolled_back": _("Took the settings back to the content of revision {content_of}, as revision {revision}."),
    "settings.group": _("Changed a group of devices."),
    "settings.group_deleted": _("Deleted the group {before[name]}."),
    "settings.group_devices": _("Changed which devices are in the group."),
    "settings.refused": _("A device did not take settings that came in."),
    "settings.rollout_started": _("Started to roll out revision {revision} in {waves} waves ({rollout})."),
    "settings.rollout_wave": _("Began wave {wave} of the roll-out {rollout}."),
    "settings.rollout_paused": _("Paused the roll-out {rollout}."),
    "settings.rollout_resumed": _("Resumed the roll-out {rollout}."),
    "settings.rollout_halted": _("The roll-out {rollout} was halted."),
    "settings.rollout_ended": _("The roll-out {rollout} is over."),
    "settings.approval_asked": _("Asked a second person to approve settings ({proposal})."),
    "settings.approval_given": _("Decided about settings that waited for approval ({proposal})."),
    "settings.guarded": _("Changed which settings a second person approves."),
}

_ROLLOUT = ("rollout", "revision")
EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "settings.published", "text": _("Central settings were published."), "verbs": ("settings.published", "settings.rolled_back"),
        "facts": ("revision", "changes", "content_of", "product"),
        "data": {"settings": "C-2M8XPA4R", "revision": 9, "changes": 3, "content_of": None, "product": "postolka"},
    },
    {
        "name": "settings.rollout_halted", "text": _("A roll-out of settings was halted, by itself or by a person."),
        "verbs": ("settings.rollout_halted",), "facts": (*_ROLLOUT, "errors", "reports"),
        "data": {"settings": "C-2M8XPA4R", "rollout": "RO-7Q4K92XM", "revision": 9, "errors": 3, "reports": 100},
    },
    {
        "name": "settings.rollout_ended", "text": _("A roll-out of settings is over: done, replaced by another, or taken back."),
        "verbs": ("settings.rollout_ended",), "facts": (*_ROLLOUT, "state"),
        "data": {"settings": "C-2M8XPA4R", "rollout": "RO-7Q4K92XM", "revision": 9, "state": "done"},
    },
)  # fmt: skip


class FleetConfig(AppConfig):
    name = "podpora.fleet"
    label = "fleet"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence
        from podpora.fleet import values  # noqa: F401  # declares its reason codes

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        for event in EVENTS:
            declare_event(EventType(**event))
