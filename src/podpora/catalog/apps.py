"""The room and what its verbs say in the audit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "product.created": _("Created the product {after[name]}."),
    "edition.created": _("Created the edition {after[edition]}."),
    "version.changed": _("Changed the dates of the version."),
    "release.published": _("Published the release {after[number]}."),
    "release.withdrawn": _("Withdrew the release {number}."),
    "coverage.changed": _("Changed what a purchase covers."),
    "plan.changed": _("Changed a level of support."),
    "policy.changed": _("Changed the rules."),
    "offer.created": _("Created the offer {after[name]}."),
    "offer.changed": _("Changed the offer."),
    "prices.set": _("Set prices."),
    "prices.withdrawn": _("Withdrew prices."),
}


class CatalogConfig(AppConfig):
    name = "podpora.catalog"
    label = "catalog"

    def ready(self) -> None:
        from podpora.audit.values import declare_sentence

        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
