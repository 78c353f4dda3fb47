"""From a solved topic or a ticket to an article, with where it came from at both ends (FO-32); and the other way: the topic says so.

The article is a draft that somebody edits. When it is published, its topics get a banner to it; nobody is mailed, no address changes.
"""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.folding import folded
from podpora.desk.models import Ticket
from podpora.forum import actions as forum
from podpora.forum import queries as topics
from podpora.forum.models import Topic
from podpora.journeys.topics import anonymised, without_names
from podpora.knowledge import actions, queries
from podpora.knowledge.models import Article
from podpora.knowledge.rules import slug_of
from podpora.knowledge.values import LANGUAGES, Facts, Words

TOPIC, TICKET = "topic:", "ticket:"


@transaction.atomic
def from_topic(topic: Topic, *, by: Actor, at: datetime) -> Article:
    """A draft with the question and the answer that solved it, without the names of those who wrote. Made twice, it is the same one."""
    source = f"{TOPIC}{topic.number}"
    if known := queries.article_from(source):
        return known
    said = topics.topic_text(topic)
    names = {str(name) for name in said.authors}
    major = said.version.partition(".")[0]
    text = _text(without_names(said.question, names), without_names(said.answer, names), said.language)
    facts = Facts(_slug(said.title), from_major=int(major) if major.isascii() and major.isdigit() else None, sources=(source,))
    return _draft(facts, said.title, text, said.language, by=by, at=at)


@transaction.atomic
def from_ticket(ticket: Ticket, *, by: Actor, at: datetime) -> Article:
    """A draft with what was asked and answered last, without names, addresses and codes; made twice, it is the same one."""
    source = f"{TICKET}{ticket.code}"
    if known := queries.article_from(source):
        return known
    said = anonymised(ticket)
    language = ticket.requester.language
    facts = Facts(_slug(said.title), sources=(source,))
    return _draft(facts, said.title, _text(said.question, said.answer, language), language, by=by, at=at)


def _slug(title: str) -> str:
    return queries.free_slug(slug_of(title, folded(title)))


def _spoken(language: str) -> str:
    return language[:2] if language[:2] in LANGUAGES else LANGUAGES[0]


def _text(question: str, answer: str, language: str) -> str:
    heads = {"cs": ("Otázka", "Odpověď"), "en": ("The question", "The answer")}[_spoken(language)]
    return f"## {heads[0]}\n\n{question.strip()}\n\n## {heads[1]}\n\n{answer.strip()}\n"


def _draft(facts: Facts, title: str, text: str, language: str, *, by: Actor, at: datetime) -> Article:
    article = actions.create_article(facts, by=by, at=at)
    actions.write(article, _spoken(language), Words(title[:200], "", text, facts.sources[0]), by=by, at=at)
    return article


@transaction.atomic
def publish(article: Article, *, languages: tuple[str, ...] = (), by: Actor, at: datetime) -> Article:
    """Publish it, and let the topics that it was made of say so."""
    row = actions.publish(article, languages=languages, by=by, at=at)
    _note(row, row.slug, _title(row), by=by, at=at)
    return row


@transaction.atomic
def archive(article: Article, *, by: Actor, at: datetime) -> Article:
    """Nobody reads it any more; its topics say nothing of it either."""
    row = actions.archive(article, by=by, at=at)
    _note(row, "", "", by=by, at=at)
    return row


def publish_due(*, by: Actor, at: datetime) -> int:
    """Publish what was put off until now, each in a transaction of its own. How many."""
    found = list(queries.due(at))
    actions.publish_due(by=by, at=at)
    for article in found:
        article.refresh_from_db()
        if article.is_published:
            _note(article, article.slug, _title(article), by=by, at=at)
    return len(found)


def _title(article: Article) -> str:
    return next((text.title for text in article.texts.all() if text.number), article.slug)


def _note(article: Article, slug: str, title: str, *, by: Actor, at: datetime) -> None:
    for source in article.sources:
        number = str(source).removeprefix(TOPIC)
        if not str(source).startswith(TOPIC) or not number.isdigit():
            continue
        topic = Topic.objects.filter(number=int(number)).first()
        if topic is not None and (topic.article, topic.article_title) != (slug[:120], title[:200]):
            forum.note_article(topic, slug, title, by=by, at=at)
