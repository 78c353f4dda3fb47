"""Saved views: a list with its filters under a name."""

from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk.models import SavedView
from podpora.desk.queries import ListWish
from podpora.people.models import Person
from podpora.people.permissions import is_manager

MOST_VIEWS = 50  # of one technician


@transaction.atomic
def save_view(wish: ListWish, *, name_cs: str, name_en: str, is_shared: bool, by: Actor, at: datetime) -> SavedView:
    """Keep what is wished under a name; in one language at least, the other is then the same."""
    names = _names(name_cs, name_en)
    owner = Person.objects.select_for_update().get(pk=by.person_id or 0)
    mine = SavedView.objects.filter(owner=owner)
    same = next((view for view in mine.filter(is_shared=is_shared, **names) if view.wish == wish.kept()), None)
    if same is not None:
        return same  # sent twice
    if mine.count() >= MOST_VIEWS:
        raise InvalidInput({"name": ["too_many"]}, {"name": {"most": MOST_VIEWS}})
    view = SavedView.objects.create(
        owner=owner, is_shared=is_shared, wish=wish.kept(), position=mine.count(), made_at=at, **names
    )  # fmt: skip
    record("view.saved", f"view:{view.code}", by=by, at=at, facts={"shared": is_shared})
    return view


@transaction.atomic
def change_view(view: SavedView, *, by: Actor, at: datetime, wish: ListWish | None = None, **changes: Any) -> SavedView:
    """Another content (`wish`), other names (`name_cs`, `name_en`), shared or not (`is_shared`). Not somebody else's."""
    view = _mine(view, by)
    if "name_cs" in changes or "name_en" in changes:
        changes |= _names(changes.get("name_cs", view.name_cs), changes.get("name_en", view.name_en))
    for name, value in changes.items():
        setattr(view, name, value)
    if wish is not None:
        view.wish = wish.kept()
    view.save()
    record("view.saved", f"view:{view.code}", by=by, at=at, facts={"shared": view.is_shared})
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: Actor, at: datetime) -> None:
    """Forget it. The tickets in it are not touched."""
    view = _mine(view, by)
    record("view.removed", f"view:{view.code}", by=by, at=at)
    view.delete()


def _mine(view: SavedView, by: Actor) -> SavedView:
    """A shared view is changed by its owner and by managers."""
    view = SavedView.objects.select_for_update(of=("self",)).select_related("owner").get(pk=view.pk)
    person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if person is None or not (view.owner_id == person.pk or (view.is_shared and is_manager(person))):
        raise NotYours
    return view


def _names(name_cs: str, name_en: str) -> dict[str, str]:
    names = {"name_cs": " ".join(name_cs.split()), "name_en": " ".join(name_en.split())}
    if not any(names.values()):
        raise InvalidInput({"name": ["required"]})
    if any(len(name) > 60 for name in names.values()):
        raise InvalidInput({"name": ["too_long"]}, {"name": {"most": 60}})
    if any("\x00" in name for name in names.values()):
        raise InvalidInput({"name": ["invalid_characters"]})
    return names
