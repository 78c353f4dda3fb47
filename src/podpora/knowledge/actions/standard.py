"""The articles that come with the system, so that each refusal has an answer to lead to from the first day."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from podpora.base.actors import Actor
from podpora.knowledge.actions.articles import create_article, set_category
from podpora.knowledge.actions.publishing import publish
from podpora.knowledge.actions.writing import write
from podpora.knowledge.models import Article
from podpora.knowledge.queries.standard import shelves, standard


@transaction.atomic
def load_standard(folder: Path | None = None, *, by: Actor, at: datetime) -> Sequence[Article]:
    """Load those that are not there yet, by their address; what the vendor changed, archived or wrote himself stays. Those that were made."""
    there = set(Article.objects.values_list("slug", flat=True))
    made = []
    for place, (slug, names) in enumerate(shelves().items()):
        set_category(slug, names, position=place, by=by, at=at)
    for each in standard(folder):
        if each.facts.slug in there:
            continue
        article = create_article(each.facts, by=by, at=at)
        for language, words in each.words.items():
            write(article, language, words, by=by, at=at)
        made.append(publish(article, by=by, at=at))
    return made
