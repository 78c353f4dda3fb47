"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "ledger.recorded": _("Recorded {kind} from {source}."),
    "ledger.moved": _("Moved the licence to {to}."),
}
# What was recorded, as it stands in a sentence.
KIND_WORDS = {
    "purchase": _("a purchase"), "subscription": _("a subscription"), "trial": _("a trial"), "free": _("a FREE licence"),
    "upgrade": _("an upgrade"), "lifetime": _("lifetime updates"), "renewal": _("a renewal"), "extra_device": _("an extra device"),
    "goodwill": _("support as goodwill"), "alignment": _("a common date"), "refund": _("a refund"),
    "chargeback_opened": _("a disputed payment"), "chargeback_won": _("a dispute that was won"),
    "chargeback_lost": _("a dispute that was lost"), "paid_again": _("a payment after a dispute"), "suspension": _("a suspension"),
    "reinstatement": _("a reinstatement"),
}  # fmt: skip


class EntitlementsConfig(AppConfig):
    name = "podpora.entitlements"
    label = "entitlements"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence, declare_words

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        declare_words("ledger.recorded", "kind", lambda kind: str(KIND_WORDS.get(kind, kind)))
