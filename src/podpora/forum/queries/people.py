"""Faces: by their name in addresses, for suggestions, with what they wrote."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from podpora.base.errors import NotYours
from podpora.forum.models import Category, Member, Penalised, Post
from podpora.forum.queries.seeing import Reader, posts_seen
from podpora.people.models import Person
from podpora.people.queries import staff_with


def member_with_handle(handle: str) -> Member:
    """Raises NotYours; also for somebody who gave his account up."""
    found = (
        Member.objects.select_related("person").filter(handle=handle, person__is_active=True).first()
        if "\x00" not in handle
        else None
    )
    if found is None:
        raise NotYours
    return found


def member_with(person: Person) -> Member | None:
    return Member.objects.select_related("person").filter(person=person).first()


def known_person(handle: str) -> Person | None:
    found = Member.objects.select_related("person").filter(handle=handle.lower()).first()
    return found.person if found else None


def members_named(handles: Iterable[str]) -> dict[int, str]:
    """Person -> handle, of those who are mentioned and still there."""
    return dict(Member.objects.filter(handle__in=list(handles), person__is_active=True).values_list("person_id", "handle"))


def standing_penalties(*, at: datetime) -> QuerySet[Penalised]:
    """Silences and suspensions that hold now, the newest first."""
    rows = Penalised.objects.filter(lifted_at=None).exclude(until_at__lte=at).select_related("person__forum_member")
    return rows.filter(person__forum_member__isnull=False).order_by("-since_at", "-pk")


def penalties_of(member: Member) -> QuerySet[Penalised]:
    """Everything that was decided about him, also what is over."""
    return Penalised.objects.filter(person=member.person_id).order_by("-since_at", "-pk")


def members_found(text: str, *, trust: int | None = None) -> QuerySet[Member]:
    """By the beginning of a handle or by a part of the name; for moderators. Newest first."""
    found = Member.objects.filter(person__is_active=True).select_related("person").order_by("-pk")
    if text:
        found = found.filter(Q(handle__startswith=text.lower().lstrip("@")) | Q(name__icontains=text))
    return found if trust is None else found.filter(trust=trust)


def posts_by(member: Member, reader: Reader, *, size: int = 20) -> list[Post]:
    """The newest posts of somebody that this reader sees (S54)."""
    rows = posts_seen(reader).filter(author=member.person_id).select_related("topic").defer("html", "text").order_by("-pk")
    return list(rows[:size])


def staff_of_forum() -> QuerySet[Person]:
    """Who may look after a topic."""
    return staff_with("forum")


def all_categories() -> list[Category]:
    """In their order, for managers."""
    return list(Category.objects.select_related("product").order_by("position", "code"))


def any_category(code: str) -> Category | None:
    """The category with this code, for managers."""
    return None if "\x00" in code else Category.objects.select_related("product").filter(code=code).first()
