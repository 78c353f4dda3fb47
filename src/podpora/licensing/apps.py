"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "licence.issued": _("Issued the licence."),
    "licence.seats_changed": _("Changed the devices from {before[seats]} to {after[seats]}."),
    "licence.state_changed": _("Changed the state from {before[state]} to {after[state]}."),
    "licence.renamed": _("Renamed the licence to “{after[name]}”."),
    "licence.key_shown": _("Looked at the key."),
    "licence.key_replaced": _("Replaced the key."),
    "licence.activated": _("Activated a device."),
    "licence.deactivated": _("Deactivated a device."),
    "signing_key.made": _("Made a key that signs certificates."),
    "signing_key.rotated": _("Replaced the key that signs certificates."),
}


class LicensingConfig(AppConfig):
    name = "podpora.licensing"
    label = "licensing"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
