"""What the search index gets of the forum: a document for each post that everybody sees who sees its topic; never a whisper or what
was hidden. Those of one topic carry its number, so that a search shows the topic once."""

from collections.abc import Iterable, Sequence
from typing import Any

from podpora.forum.models import Post, Topic
from podpora.forum.queries import facts_of
from podpora.forum.rules import reaches
from podpora.forum.values import SOLVED_BOOST, Reach, Shown
from podpora.search.rules import key
from podpora.search.values import PUBLIC, STAFF, Entry, Source

KIND = "topic"
SEES = {Reach.EVERYBODY: PUBLIC, Reach.MEMBERS: "forum:members", Reach.CUSTOMERS: "forum:customers", Reach.STAFF: STAFF}


def entries(refs: Sequence[int]) -> Iterable[Entry]:
    """Posts as the index takes them. One statement."""
    rows = Post.objects.filter(pk__in=refs, state=Shown.VISIBLE, topic__state=Shown.VISIBLE, is_whisper=False)
    for post in rows.select_related("topic__category__product").order_by("pk"):
        topic = post.topic
        yield Entry(
            ref=post.pk,
            title=topic.title,
            heading=topic.title,
            people=f"{post.author_name} {' '.join(topic.tags)}",
            body=(post.text,),
            keys=_keys(topic, post),
            sees=(SEES[Reach(topic.category.reads)],),
            code=topic.code,
            place=str(post.number) if post.number > 1 else "",
            language=topic.language or topic.category.language,
            made_at=post.written_at,
            is_solved=topic.solved_at is not None,
            boost=SOLVED_BOOST if topic.solved_at is not None else 100,
        )


def _keys(topic: Topic, post: Post) -> list[str]:
    category = topic.category
    keys = [key("category", category.code), key("author", post.author_name), *(key("tag", tag) for tag in topic.tags)]
    if category.product is not None:
        keys.append(key("product", category.product.code))
    if topic.version:
        keys.append(key("version", topic.version))
    if topic.solved_at is not None:
        keys.append("is:solved")
    if post.author_id is not None:
        keys.append(f"person:{post.author_id}")
    return keys


def refs(after: int, size: int) -> Sequence[int]:
    return list(Post.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])


def sight(person: Any) -> Iterable[str]:
    """What somebody may find of the forum besides what is public."""
    return [SEES[reach] for reach in reaches(facts_of(person))]


SOURCE = Source(KIND, entries, refs)
