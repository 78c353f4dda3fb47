"""Publishing: the newest revisions become what is read."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.knowledge import queries, rules
from podpora.knowledge.actions.articles import index_article
from podpora.knowledge.models import Article, Revision, Text
from podpora.knowledge.queries.rendering import rendered
from podpora.knowledge.values import State


@transaction.atomic
def publish(article: Article, *, languages: tuple[str, ...] = (), by: Actor, at: datetime) -> Article:
    """What was written last in these languages (none given: in all) is read from now on. Published again, nothing happens."""
    row = Article.objects.select_for_update().get(pk=article.pk)
    texts = list(row.texts.filter(newest__gt=0))
    if not texts:
        raise InvalidInput({"text": ["article.nothing_to_publish"]})
    fresh = [text for text in texts if text.has_draft and (not languages or text.language in languages)]
    for text in fresh:
        _make(text, Revision.objects.get(article=row, language=text.language, number=text.newest), at=at)
    if not fresh and row.is_published and row.publish_at is None:
        return row
    first = row.published_at is None
    row.state, row.publish_at, row.changed_at = State.PUBLISHED, None, at
    row.published_at = row.published_at or at
    row.save(update_fields=["state", "publish_at", "changed_at", "published_at"])
    index_article(row, at=at)
    facts = {"slug": row.slug, "languages": sorted(text.language for text in fresh), "first": first}
    audit.record("article.published", row, by=by, at=at, facts=facts)
    return row


def _make(text: Text, revision: Revision, *, at: datetime) -> None:
    made = rendered(revision.text)
    text.number, text.title, text.summary = revision.number, revision.title, revision.summary or made.excerpt[:300]
    text.html, text.words, text.renderer, text.changed_at = made.html, made.text, made.version, at
    text.headings = [[heading.level, heading.anchor, heading.text] for heading in made.headings]
    text.save()


@transaction.atomic
def schedule(article: Article, publish_at: datetime | None, *, by: Actor, at: datetime) -> Article:
    """Publish it by itself at that moment; None: not by itself."""
    if publish_at is not None:
        rules.check_moment(publish_at, at)
    row = Article.objects.select_for_update().get(pk=article.pk)
    if row.publish_at != publish_at:
        row.publish_at = publish_at
        row.save(update_fields=["publish_at"])
        audit.record("article.scheduled", row, by=by, at=at, after={"publish_at": publish_at})
    return row


def publish_due(*, by: Actor, at: datetime) -> int:
    """Publish what was put off until now. How many."""
    found = list(queries.due(at))
    for article in found:
        try:
            publish(article, by=by, at=at)
        except InvalidInput:  # its words were never written: it waits for somebody
            schedule(article, None, by=by, at=at)
    return len(found)


@transaction.atomic
def archive(article: Article, *, by: Actor, at: datetime) -> Article:
    """Nobody reads it any more; its words stay, and it can be published again."""
    row = Article.objects.select_for_update().get(pk=article.pk)
    if row.state != State.ARCHIVED:
        row.state, row.publish_at, row.changed_at = State.ARCHIVED, None, at
        row.save(update_fields=["state", "publish_at", "changed_at"])
        index_article(row, at=at)
        audit.record("article.archived", row, by=by, at=at, facts={"slug": row.slug})
    return row


@transaction.atomic
def render_anew(size: int, *, at: datetime) -> int:
    """Texts that an older renderer made are made again from what was written."""
    found = queries.stale_texts(size)
    for text in found:
        made = rendered(Revision.objects.get(article=text.article, language=text.language, number=text.number).text)
        Text.objects.filter(pk=text.pk).update(
            html=made.html, words=made.text, renderer=made.version, headings=[[h.level, h.anchor, h.text] for h in made.headings]
        )
        index_article(text.article, at=at)
    return len(found)
