"""The parts of the forum, made and changed by the vendor's managers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput, Problems
from podpora.catalog.models import Product
from podpora.forum import rules
from podpora.forum.actions.writing import find_again, recount_members
from podpora.forum.models import Category, Post, Topic
from podpora.forum.values import ICONS, Reach


@dataclass(frozen=True, slots=True)
class CategoryWish:
    code: str
    name_cs: str
    name_en: str
    text_cs: str = ""
    text_en: str = ""
    icon: str = "messages-square"
    language: str = ""
    reads: str = Reach.EVERYBODY
    writes: str = Reach.MEMBERS
    solving: bool = True
    is_open: bool = True
    by_mail: bool = False
    close_after_hours: int | None = None
    position: int = 0


@transaction.atomic
def order_categories(codes: Sequence[str], *, by: Actor, at: datetime) -> None:
    """The order in which readers see them; those that are not named keep theirs, behind. Raises InvalidInput."""
    rows = {row.code: row for row in Category.objects.select_for_update().order_by("position", "code")}
    if len(set(codes)) != len(codes) or not set(codes) <= set(rows):
        raise InvalidInput({"order": ["unknown"]}, {"order": {"choices": list(rows)}})
    order = [*codes, *(code for code in rows if code not in codes)]
    if order == list(rows) and [row.position for row in rows.values()] == list(range(1, len(rows) + 1)):
        return
    for position, code in enumerate(order, start=1):
        Category.objects.filter(code=code).update(position=position)
    record("forum.categories_ordered", "forum", by=by, at=at, after={"order": order})


@transaction.atomic
def save_category(
    wish: CategoryWish, *, category: Category | None = None, product: Product | None = None, by: Actor, at: datetime
) -> Category:
    """Make a category, or change one. Who reads it decides at once what is found of it (S54). Raises InvalidInput."""
    problems = Problems()
    for name in ("name_cs", "name_en"):
        if not getattr(wish, name).strip():
            problems.add(name, "required")
    if not wish.code or rules.slug_of(wish.code, longest=40) != wish.code:
        problems.add("code", "not_valid")
    elif Category.objects.filter(code=wish.code).exclude(pk=category.pk if category else 0).exists():
        problems.add("code", "taken")
    for name in ("reads", "writes"):
        if getattr(wish, name) not in {reach.value for reach in Reach}:
            problems.add(name, "unknown")
    if wish.icon not in ICONS:
        problems.add("icon", "unknown", choices=list(ICONS))
    problems.or_refuse()
    row = Category.objects.select_for_update().get(pk=category.pk) if category else Category()
    before: dict[str, Any] = {name: getattr(row, name) for name in asdict(wish)} if category else {}
    for name, value in asdict(wish).items():
        setattr(row, name, value)
    row.product = product
    row.save()
    if before and before["reads"] != row.reads:
        for topic in Topic.objects.filter(category=row).only("pk").iterator(chunk_size=500):
            find_again(topic, at=at)
        recount_members(Post.objects.filter(topic__category=row).values_list("author_id", flat=True).distinct())
    after = asdict(wish)
    changed = {name for name in after if before.get(name) != after[name]}
    verb = "forum.category_changed" if category else "forum.category_made"
    if changed or not category:
        record(verb, f"category:{row.code}", by=by, at=at, before={n: before.get(n) for n in changed} if category else None,
               after={n: after[n] for n in changed})  # fmt: skip
    return row
