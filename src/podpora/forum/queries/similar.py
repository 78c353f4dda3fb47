"""FO-26: topics like the one that is being written."""

from podpora.forum.models import Topic
from podpora.forum.queries.seeing import Reader, topics_seen
from podpora.search import queries as search

SHORTEST = 10
MOST = 5


def similar_topics(reader: Reader, title: str, text: str = "", *, size: int = MOST) -> list[Topic]:
    """At most five that this reader sees, solved and closed ones too; solved first among equals. Nothing for a short title."""
    if len(title.strip()) < SHORTEST:
        return []
    found = dict(search.similar("topic", f"{title} {text[:200]}"))
    seen = topics_seen(reader).filter(pk__in=list(found)[:100])
    return sorted(seen, key=lambda topic: (-found[topic.pk], topic.solved_at is None, -topic.pk))[:size]
