"""The room, what its verbs say in the audit, and which article explains which refusal."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "article.created": _("Created the article {after[slug]}."),
    "article.changed": _("Changed what the article is about."),
    "article.written": _("Wrote revision {number} of the article ({language})."),
    "article.published": _("Published the article."),
    "article.scheduled": _("Set when the article is published by itself."),
    "article.archived": _("Archived the article."),
    "article.category_set": _("Named a category of articles: {after[name_en]}."),
    "article.category_removed": _("Removed a category of articles."),
}
EVENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "article.published", "text": _("An article was published, or a new revision of it."), "verbs": ("article.published",),
        "facts": ("slug", "languages", "first"),
        "data": {"article": "KB-7Q4K92", "slug": "moving-to-a-new-computer", "languages": ["cs", "en"], "first": True},
    },
    {
        "name": "article.archived", "text": _("An article was archived: nobody reads it any more."), "verbs": ("article.archived",),
        "facts": ("slug",), "data": {"article": "KB-7Q4K92", "slug": "moving-to-a-new-computer"},
    },
)  # fmt: skip


class KnowledgeConfig(AppConfig):
    name = "podpora.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from podpora.audit.values import EventType, declare_event, declare_sentence
        from podpora.base.reasons import explain
        from podpora.knowledge.searching import SOURCE
        from podpora.knowledge.values import EXPLAINED
        from podpora.search.values import declare_source

        declare_source(SOURCE)
        explain(EXPLAINED)
        for verb, sentence in SENTENCES.items():
            declare_sentence(verb, sentence)
        for event in EVENTS:
            declare_event(EventType(**event))
