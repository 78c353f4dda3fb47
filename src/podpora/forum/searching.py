"""What the search index gets of a topic: what everybody sees who sees the topic, never a whisper or what was hidden."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from podpora.forum.models import Post, Topic
from podpora.forum.values import Shown
from podpora.search.values import Entry, Source

KIND = "topic"


def entries(refs: Sequence[int]) -> Iterable[Entry]:
    """Visible topics as the index takes them. Two statements. Keys say who reads it and what it is; whoever searches adds them."""
    texts: dict[int, list[str]] = defaultdict(list)
    people: dict[int, dict[str, None]] = defaultdict(dict)
    writers: dict[int, dict[str, None]] = defaultdict(dict)
    posts = Post.objects.filter(topic__in=refs, state=Shown.VISIBLE, is_whisper=False).order_by("number")
    for number, name, author, text in posts.values_list("topic_id", "author_name", "author_id", "text").iterator(chunk_size=500):
        texts[number].append(text)
        people[number][name] = None
        if author is not None:
            writers[number][f"person:{author}"] = None
    rows = Topic.objects.filter(pk__in=refs, state=Shown.VISIBLE).select_related("category__product").order_by("pk")
    for topic in rows:
        category = topic.category
        keys = [f"reads:{category.reads}", f"category:{category.code}", f"solved:{'yes' if topic.solved_at else 'no'}"]
        keys += [f"tag:{tag}" for tag in topic.tags]
        keys += [f"product:{category.product.code}"] if category.product else []
        keys += [f"version:{topic.version}"] if topic.version else []
        keys += [f"language:{topic.language or category.language}"] if topic.language or category.language else []
        yield Entry(
            ref=topic.pk,
            title=topic.title,
            people=" ".join([*people[topic.pk], *topic.tags]),
            body=texts[topic.pk],
            keys=[*keys, *list(writers[topic.pk])[:50]],
        )


def refs(after: int, size: int) -> Sequence[int]:
    return list(Topic.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])


SOURCE = Source(KIND, entries, refs)
