"""Old addresses lead on. The first thing that claims one has it."""

from podpora.forum import rules
from podpora.forum.models import Category, Member, OldAddress, Topic


def lead(
    path: str, *, topic: Topic | None = None, number: int = 0, category: Category | None = None, member: Member | None = None
) -> None:
    key = rules.old_path(path)
    if key:
        places = {"topic": topic, "number": number, "category": category, "member": member}
        OldAddress.objects.get_or_create(path=key, defaults=places)
