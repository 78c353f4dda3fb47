"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ledger.recorded": _("Recorded {kind} from {source}."),
    "ledger.moved": _("Moved the licence to {to}."),
}


class EntitlementsConfig(AppConfig):
    name = "podpora.entitlements"
    label = "entitlements"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
