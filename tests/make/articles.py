"""Articles for tests."""

from datetime import UTC, datetime
from typing import Any

from podpora.base.actors import system
from podpora.knowledge import actions
from podpora.knowledge.models import Article
from podpora.knowledge.values import Facts, Words

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
BY = system("tests")
TEXT = {
    "cs": "## První\n\nText o **kalendáři**.\n\n## Druhá\n\nDál.\n\n## Třetí\n\nKonec.",
    "en": "## One\n\nAbout the **calendar**.\n\n## Two\n\nOn.",
}
TITLES = {"cs": "Prázdný kalendář", "en": "An empty calendar"}


def article(
    slug: str = "empty-calendar",
    *,
    languages: tuple[str, ...] = ("cs", "en"),
    published: bool = True,
    at: datetime = NOW,
    **facts: Any,
) -> Article:
    """An article with its words."""
    made = actions.create_article(Facts(slug, **facts), by=BY, at=at)
    for language in languages:
        actions.write(made, language, Words(TITLES[language], "", TEXT[language]), by=BY, at=at)
    if published and languages:
        actions.publish(made, by=BY, at=at)
    made.refresh_from_db()
    return made


def standard() -> None:
    """Those that come with the system."""
    actions.load_standard(by=BY, at=NOW)
