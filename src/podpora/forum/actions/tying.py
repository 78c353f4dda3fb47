"""What a topic knows of other rooms: public codes of a ticket, an article, a known problem. Journeys call these."""

from datetime import datetime

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.forum.actions.locking import locked
from podpora.forum.models import Topic


@transaction.atomic
def note_ticket(topic: Topic, ticket: str, *, by: Actor, at: datetime) -> Topic:
    """FO-31: a ticket was made of it. Readers learn only that our staff look into it."""
    topic = locked(topic)
    topic.ticket = ticket
    topic.save(update_fields=["ticket"])
    record("topic.ticket", topic, by=by, at=at, facts={"ticket": ticket})
    return topic


@transaction.atomic
def note_article(topic: Topic, article: str, title: str, *, by: Actor, at: datetime) -> Topic:
    """FO-32: an article was made of it, or none any more; nobody is told, the topic keeps its place and its address."""
    topic = locked(topic)
    topic.article, topic.article_title = article[:120], title[:200]
    topic.save(update_fields=["article", "article_title"])
    record("topic.article", topic, by=by, at=at, facts={"article": article})
    return topic


@transaction.atomic
def note_problem(topic: Topic, problem: str, *, by: Actor, at: datetime) -> Topic:
    """It is one of the reports of a known problem."""
    topic = locked(topic)
    topic.problem = problem[:40]
    topic.save(update_fields=["problem"])
    record("topic.problem", topic, by=by, at=at, facts={"problem": problem})
    return topic


@transaction.atomic
def note_origin(topic: Topic, ticket: str, *, by: Actor, at: datetime) -> Topic:
    """FO-31: it was made of a ticket; only staff see of which."""
    topic = locked(topic)
    topic.from_ticket = ticket
    topic.save(update_fields=["from_ticket"])
    record("topic.from_ticket", topic, by=by, at=at, facts={"ticket": ticket})
    return topic
