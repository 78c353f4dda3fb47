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
}

EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "settings.published", "text": _("Central settings were published."), "verbs": ("settings.published", "settings.rolled_back"),
        "facts": ("revision", "changes", "content_of", "product"),
        "data": {"settings": "C-2M8XPA4R", "revision": 9, "changes": 3, "content_of": None, "product": "postolka"},
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
