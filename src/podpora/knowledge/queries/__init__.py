"""Reading articles."""

from podpora.knowledge.queries.reading import (
    categories,
    changed_since,
    listed,
    named,
    read,
    related_to,
    sitemap,
)
from podpora.knowledge.queries.rendering import picture, rendered
from podpora.knowledge.queries.writing import (
    article,
    article_from,
    articles,
    due,
    expired_reviews,
    free_slug,
    missing,
    newest_words,
    revision,
    revisions,
    stale_texts,
)

__all__ = [
    "article", "article_from", "articles", "categories", "changed_since", "due", "expired_reviews", "free_slug", "listed",
    "missing", "named", "newest_words", "picture", "read", "related_to", "rendered", "revision", "revisions", "sitemap",
    "stale_texts",
]  # fmt: skip
