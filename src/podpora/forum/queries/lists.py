"""Lists of topics: by category, tag, state; in pages that cost the same however long the list is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, F, Q, QuerySet

from podpora.forum.models import Category, Reading, Subscription, Topic, TopicTag
from podpora.forum.queries.seeing import Reader, topics_seen
from podpora.forum.rules import effective, first_unread, is_new, is_unread
from podpora.forum.values import TOPICS_PAGE, Level


@dataclass(frozen=True, slots=True)
class TopicWish:
    """What somebody wants to see. `solved`: yes, no or nothing; `order`: latest, new, top; `after`: where the last page ended."""

    category: str = ""
    tag: str = ""
    solved: str = ""
    product: str = ""
    order: str = "latest"
    after: str = ""
    unread: bool = False
    author: int | None = None


@dataclass(frozen=True, slots=True)
class TopicRow:
    topic: Topic
    is_new: bool = False
    unread: int = 0
    go_to: int = 0  # the first unread post


@dataclass(frozen=True, slots=True)
class TopicPage:
    rows: list[TopicRow]
    more: str = ""  # `after` of the next page


ORDERS = {"latest": ("last_post_at", "id"), "new": ("started_at", "id"), "top": ("votes", "id")}


def narrowed(reader: Reader, wish: TopicWish) -> QuerySet[Topic]:
    found = topics_seen(reader)
    if wish.category:
        found = found.filter(category__in=[pk for pk, row in reader.categories.items() if row.code == wish.category])
    if wish.product:
        found = found.filter(category__product__code=wish.product)
    if wish.tag:
        found = found.filter(pk__in=TopicTag.objects.filter(name=wish.tag).values("topic"))
    if wish.solved in ("yes", "no"):
        found = found.filter(solved_at__isnull=wish.solved == "no", category__solving=True)
    if wish.author is not None:
        found = found.filter(author=wish.author)
    if wish.unread and reader.person is not None:
        found = found.filter(pk__in=unread_topics(reader.person).values("pk"))
    return found


def unread_topics(person_id: int) -> QuerySet[Topic]:
    """FO-25: tracked or watched, with posts behind the last one that was read."""
    tracked = Subscription.objects.filter(person=person_id, topic__isnull=False, level__gte=Level.TRACKING).values("topic")
    read = Reading.objects.filter(person=person_id, last_read__gte=F("topic__last_shown")).values("topic")
    return Topic.objects.filter(pk__in=tracked).exclude(pk__in=read)


def topic_page(reader: Reader, wish: TopicWish, *, at: datetime, size: int = TOPICS_PAGE) -> TopicPage:
    """One page, pinned topics first on the first one. Two statements for a visitor, four for a member."""
    column, _pk = ORDERS.get(wish.order, ORDERS["latest"])
    found = narrowed(reader, wish)
    pinned: list[Topic] = []
    if wish.order == "latest" and (wish.category or not wish.tag):
        found = found.filter(is_pinned=False) if wish.category else found
        if wish.category and not wish.after:
            pinned = list(narrowed(reader, wish).filter(is_pinned=True).order_by("-last_post_at", "-id")[:10])
    if place := _place(wish.after, column):
        value, pk = place
        found = found.filter(Q(**{f"{column}__lt": value}) | Q(**{column: value, "id__lt": pk}))
    topics = list(found.order_by(f"-{column}", "-id")[: size + 1])
    more = _mark(topics[size - 1], column) if len(topics) > size else ""
    return TopicPage(mark_read_state(reader, [*pinned, *topics[:size]], at=at), more)


def _mark(topic: Topic, column: str) -> str:
    value = getattr(topic, column)
    return f"{value.timestamp() if isinstance(value, datetime) else value}~{topic.pk}"


def _place(after: str, column: str) -> tuple[datetime | int, int] | None:
    """Where a page goes on; nonsense begins at the top."""
    value, _tilde, pk = after.partition("~")
    try:
        if column == "votes":
            return int(value), int(pk)
        return datetime.fromtimestamp(float(value), UTC), int(pk)
    except (ValueError, OverflowError, OSError):
        return None


def mark_read_state(reader: Reader, topics: Iterable[Topic], *, at: datetime) -> list[TopicRow]:
    """What is new and unread to this reader (FO-25); nothing to a visitor."""
    topics = list(topics)
    for topic in topics:
        topic.category = reader.categories[topic.category_id]
    if reader.person is None or not topics:
        return [TopicRow(topic) for topic in topics]
    ids = [topic.pk for topic in topics]
    read = dict(Reading.objects.filter(person=reader.person, topic__in=ids).values_list("topic_id", "last_read"))
    levels = {row.topic_id: Level(row.level) for row in Subscription.objects.filter(person=reader.person, topic__in=ids)}
    joined = reader.facts.joined_at if reader.facts and reader.facts.joined_at else at
    rows = []
    for topic in topics:
        level = effective(levels.get(topic.pk), [], None)
        last = read.get(topic.pk)
        unread = topic.last_shown - (last or 0) if is_unread(topic.last_shown, last, level) else 0
        fresh = is_new(topic.started_at, joined_at=joined, opened=last is not None, at=at)
        rows.append(TopicRow(topic, fresh, unread, first_unread(last, topic.last_shown) if last else 0))
    return rows


def categories_of(reader: Reader) -> list[Category]:
    """In their order, of those that he reads."""
    return sorted(reader.categories.values(), key=lambda row: (row.position, row.code))


def popular_tags(reader: Reader, *, category: str = "", size: int = 20) -> list[tuple[str, int]]:
    """The tags of what he sees, the most used first (S54: a tag of hidden topics alone does not exist)."""
    topics = narrowed(reader, TopicWish(category=category)).values("pk")
    rows = TopicTag.objects.filter(topic__in=topics).values_list("name").annotate(n=Count("pk")).order_by("-n", "name")
    return list(rows[:size])
