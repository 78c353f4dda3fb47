"""What a technician wants to see, read from the address and written into one: the address is the state of the list."""

from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from podpora.desk.queries import CHOICES, VIEWS, ListWish, wish_of
from podpora.desk.rules.searching import LENGTH
from podpora.desk.values import Column

# The name in the address, and in the wish.
PARTS = {
    "view": "view", "queue": "queue", "q": "words", "state": "state", "who": "assignee", "priority": "priority", "order": "order",
}  # fmt: skip


def wish_from(given: QueryDict) -> ListWish:
    """The wish of an address; what makes no sense is the default. A search looks everywhere unless a view is chosen."""
    texts = {name: " ".join(given.get(name, "").replace("\x00", "").split()) for name in (*PARTS, "after")}
    words = texts["q"][:LENGTH]
    view = texts["view"] if texts["view"] in VIEWS else "all" if words else "mine"
    columns = tuple(column for column in Column if column in given.getlist("column"))
    return ListWish(
        view,
        texts["queue"][:40],
        words,
        texts["after"][:120],
        texts["state"][:20],
        texts["who"][:20],
        texts["priority"][:1],
        texts["order"] if texts["order"] in CHOICES else "",
        columns,
    )


def query_of(wish: ListWish, **changes: Any) -> str:
    """The wish as the query of an address, without its place in the list. `changes` by the names of the address."""
    parts = {name: getattr(wish, attribute) for name, attribute in PARTS.items()} | changes
    if parts["view"] == "all" and parts["q"]:
        parts["view"] = ""
    pairs = [(name, str(value)) for name, value in parts.items() if value]
    if wish.columns:
        pairs += [("column", column) for column in wish.columns]
    return urlencode(pairs)


def saved_query(view: Any) -> str:
    """The address of a saved view."""
    return query_of(wish_of(view.wish), saved=view.code)
