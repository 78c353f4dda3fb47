"""Where an address of another forum leads."""

from dataclasses import dataclass

from podpora.forum.models import Category, Member, OldAddress, Topic
from podpora.forum.queries.seeing import Reader, topics_seen
from podpora.forum.rules import ways_of


@dataclass(frozen=True, slots=True)
class OldPlace:
    """One of them; `number`: the post in the topic, 0 for its beginning."""

    topic: Topic | None = None
    number: int = 0
    category: Category | None = None
    member: Member | None = None


def old_place(path: str, reader: Reader) -> OldPlace | None:
    """What stands there now, if this reader sees it: an address says nothing of what is hidden (S54)."""
    ways = ways_of(path)
    rows = {
        row.path: row for row in OldAddress.objects.select_related("member__person").filter(path__in=[key for key, _number in ways])
    }
    for key, number in ways:
        row = rows.get(key)
        if row is None:
            continue
        if row.topic_id is not None:
            topic = topics_seen(reader).filter(pk=row.topic_id).first()
            return OldPlace(topic, number or row.number) if topic else None
        if row.category_id is not None:
            category = reader.categories.get(row.category_id)
            return OldPlace(category=category) if category else None
        member = row.member
        return OldPlace(member=member) if member is not None and member.person.is_active else None
    return None


def topic_numbered(number: int) -> Topic | None:
    """Whatever its state: for those who bring posts of it in."""
    return Topic.objects.filter(number=number).first()


def key_of_topic(number: int) -> int | None:
    return Topic.objects.filter(number=number).values_list("pk", flat=True).first()
