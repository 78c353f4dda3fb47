"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "licence.seat_notice": _("More devices are active than the licence has seats for; its owner was told."),
    "licence.key_shown": _("Looked at the key."),
}


class LicensingConfig(AppConfig):
    name = "podpora.licensing"
    label = "licensing"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
