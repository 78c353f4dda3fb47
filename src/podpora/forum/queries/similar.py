"""FO-26: topics like the one that is being written."""

from datetime import datetime

from podpora.forum.models import Topic
from podpora.forum.queries.seeing import Reader, topics_seen
from podpora.search import queries as search
from podpora.search.values import PUBLIC, STAFF
from podpora.search.values import Reader as Searcher

MOST = 5


def similar_topics(reader: Reader, title: str, text: str = "", *, size: int = MOST, at: datetime) -> list[Topic]:
    """At most five that this reader sees, closed ones too, solved ones first (FB-2). Nothing for a title of fewer than ten characters."""
    sees = {PUBLIC, "forum:members", "forum:customers", STAFF}  # narrowed by what the reader sees, below
    hits = search.similar(title, text, Searcher(tuple(sorted(sees))), kinds=("topic",), size=size * 4, at=at)
    order = {int(hit.code): place for place, hit in reversed(list(enumerate(hits)))}
    found = sorted(topics_seen(reader).filter(number__in=order), key=lambda topic: order[topic.number])[:size]
    return sorted(found, key=lambda topic: topic.solved_at is None)
