"""Writing: every save is a revision that stays."""

from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.folding import folded
from podpora.files import actions as files
from podpora.files.models import StoredFile
from podpora.knowledge import rules
from podpora.knowledge.actions.articles import create_article
from podpora.knowledge.models import Article, Picture, Revision, Text
from podpora.knowledge.values import CHANGED, LANGUAGES, LONGEST_TEXT, Facts, Words


@transaction.atomic
def begin_article(title: str, language: str, category: str, *, by: Actor, at: datetime) -> Article:
    """A draft with nothing but its title, which gives it its address. Raises InvalidInput where that address is taken (sent twice, S21)."""
    article = create_article(Facts(rules.slug_of(title, folded(title)), category), by=by, at=at)
    write(article, language, Words(title, "", ""), by=by, at=at)
    return article


@transaction.atomic
def write(article: Article, language: str, words: Words, *, based_on: int | None = None, by: Actor, at: datetime) -> Revision:
    """A new revision; what is published stays as it is. Refused if somebody saved another one since `based_on`.

    The same words again are no new revision.
    """
    assert language in LANGUAGES
    rules.check_words(words.title, words.text, most=LONGEST_TEXT)
    Article.objects.select_for_update().get(pk=article.pk)
    text, _made = Text.objects.get_or_create(article=article, language=language)
    last = Revision.objects.select_related("author").filter(article=article, language=language, number=text.newest).first()
    said = (words.title.strip(), words.summary.strip()[:300], words.text.replace("\r\n", "\n").replace("\x00", ""))
    if last is not None and said == (last.title, last.summary, last.text):
        return last
    if based_on is not None and based_on != text.newest:
        refuse(CHANGED, author=str(last.author) if last and last.author else "?", number=text.newest).or_refuse()
    revision = Revision.objects.create(
        article=article, language=language, number=text.newest + 1, title=said[0], summary=said[1], text=said[2],
        note=words.note.strip()[:200], author_id=by.person_id, written_at=at,
    )  # fmt: skip
    text.newest = revision.number
    text.save(update_fields=["newest"])
    Article.objects.filter(pk=article.pk).update(changed_at=at)
    audit.record(
        "article.written", article, by=by, at=at, facts={"language": language, "number": revision.number, "note": revision.note}
    )
    return revision


def restore(revision: Revision, *, by: Actor, at: datetime) -> Revision:
    """An older revision becomes the newest one again."""
    words = Words(revision.title, revision.summary, revision.text, f"= {revision.number}")
    return write(revision.article, revision.language, words, by=by, at=at)


@transaction.atomic
def add_picture(content: "bytes | File[bytes]", *, name: str, by: Actor, at: datetime) -> StoredFile:
    """A picture for an article, drawn anew (files.store_picture). Raises what that raises."""
    stored = files.store_picture(content, name=name, by=by, at=at)
    Picture.objects.create(file=stored, added_at=at)
    return stored
