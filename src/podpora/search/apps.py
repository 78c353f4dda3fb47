"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "search.alike_set": _("Said which words mean the same: {after[words]}."),
    "search.alike_removed": _("Took out words that mean the same: {words}."),
}


class SearchConfig(AppConfig):
    name = "podpora.search"
    label = "search"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
