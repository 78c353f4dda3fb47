"""The room and what its verbs say in the audit."""

from typing import Any

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


EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "release.published", "text": _("A release was published, or what is said about it changed."), "verbs": ("release.published",),
        "data": {
            "version": "postolka-10", "before": {},
            "after": {"number": "10.2.1", "channel": "stable", "released_on": "2026-11-22", "serial": 17},
        },
    },
    {
        "name": "release.withdrawn", "text": _("A release was withdrawn."), "verbs": ("release.withdrawn",), "facts": ("number",),
        "data": {"version": "postolka-10", "number": "10.2.1"},
    },
    {
        "name": "version.changed", "text": _("The life of a version changed."), "verbs": ("version.changed",),
        "data": {
            "version": "postolka-8", "before": {"support_ends_on": "2026-06-30"}, "after": {"support_ends_on": "2026-12-31"},
        },
    },
)  # fmt: skip


class CatalogConfig(AppConfig):
    name = "podpora.catalog"
    label = "catalog"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence
        from podpora.catalog.searching import RELEASES, VERSIONS
        from podpora.search.values import declare_source

        declare_source(RELEASES)
        declare_source(VERSIONS)
        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        for event in EVENTS:
            declare_event(EventType(**event))
