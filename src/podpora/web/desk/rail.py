"""The views beside the list, with how many tickets each has: fixed ones, saved ones, queues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from podpora.desk import queries
from podpora.desk.models import SavedView
from podpora.desk.queries import COUNT_LIMIT, ListWish, Sight
from podpora.web.desk.wishes import query_of, saved_query

VIEW_NAMES = {
    "mine": pgettext_lazy("tickets", "Mine"),
    "unassigned": pgettext_lazy("tickets", "Unassigned"),
    "breaching": pgettext_lazy("tickets", "Breaching"),
    "waiting": pgettext_lazy("tickets", "Waiting"),
    "waiting_customer": gettext_lazy("Waiting for customer"),
    "waiting_vendor": gettext_lazy("Waiting for us"),
    "snoozed": pgettext_lazy("tickets", "Put off"),
    "followed": pgettext_lazy("tickets", "Followed"),
    "mentioned": pgettext_lazy("tickets", "I was mentioned"),
    "stand_in": gettext_lazy("For absent colleagues"),
    "open": gettext_lazy("All unfinished"),
    "solved": pgettext_lazy("tickets", "Solved"),
    "all": gettext_lazy("All tickets"),
}
ICONS = {
    "mine": "user-check", "unassigned": "user-x", "breaching": "clock", "waiting_customer": "message-circle", "waiting_vendor": "history",
    "snoozed": "alarm-clock", "followed": "eye", "mentioned": "at-sign", "stand_in": "users", "open": "inbox", "solved": "check", "all": "layers",
}  # fmt: skip
# `g` and this letter goes there.
KEYS = {
    "mine": "m", "unassigned": "u", "breaching": "b", "waiting_customer": "w", "waiting_vendor": "d", "snoozed": "z", "followed": "f",
    "mentioned": "n", "stand_in": "c", "open": "o", "solved": "s", "all": "a",
}  # fmt: skip


SELDOM = {"snoozed", "followed", "mentioned", "stand_in"}  # stand there when something is in them


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    name: Any
    count: str | None
    is_current: bool
    icon: str = ""
    key: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Rail:
    views: Sequence[Link]
    saved: Sequence[Link]
    current: Link | None
    saved_view: SavedView | None  # the one that is shown, if it is the reader's


def rail_of(sight: Sight, wish: ListWish, saved_code: str, *, at: datetime) -> Rail:
    """Two statements: saved views, and all counts at once."""
    saved = queries.saved_views(sight.person)
    counts = queries.counts(sight, saved, at=at)
    chosen = next((view for view in saved if view.code == saved_code), None)
    views = [
        _view(view, wish, counts, is_current=chosen is None and view == wish.view and not wish.words)
        for view in ICONS
        if view not in SELDOM or counts.get(view) or view == wish.view
    ]
    own = [
        Link(
            "?" + saved_query(view),
            view_name(view),
            shown(counts.get(view.code)),
            view is chosen,
            "users" if view.is_shared else "star",
        )
        for view in saved
    ]
    current = next((link for link in (*views, *own) if link.is_current), None)
    return Rail(views, own, current, chosen if chosen and chosen.owner_id == sight.person.pk else None)


def _view(view: str, wish: ListWish, counts: dict[str, int], *, is_current: bool) -> Link:
    count = counts.get(view)
    return Link(
        "?" + query_of(ListWish(view, queue=wish.queue)), VIEW_NAMES[view], shown(count), is_current, ICONS[view], KEYS[view],
        is_urgent=view == "breaching" and bool(count),
    )  # fmt: skip


def view_name(view: SavedView) -> str:
    """A saved view's name in the reader's language, or in the one that it has."""
    names = (view.name_cs, view.name_en) if get_language() == "cs" else (view.name_en, view.name_cs)
    return names[0] or names[1]


def shown(number: int | None) -> str | None:
    if not number:
        return None
    return f"{COUNT_LIMIT - 1}+" if number >= COUNT_LIMIT else str(number)
