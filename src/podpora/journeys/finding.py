"""One search over everything: the index for what many may read, the desk's own door for tickets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.urls import NoReverseMatch, reverse

from podpora.base.folding import folded
from podpora.desk import queries as desk
from podpora.desk.models import Ticket
from podpora.people.permissions import staff_may
from podpora.search import actions, queries
from podpora.search.rules import Asked, asked_for
from podpora.search.values import Found, Hit

PAGES = {
    "article": "public:article",
    "problem": "public:problem",
    "topic": "forum:bare",
    "release": "public:release",
    "version": "public:versions",
}
TICKETS = 5  # of them, beside everything else
TICKET, VERSION = "ticket", "version"


@dataclass(frozen=True, slots=True)
class Everything:
    """What was found for somebody: one list, and tickets that are his to see."""

    asked: Asked
    found: Found
    tickets: Sequence[Ticket] = ()

    @property
    def is_nothing(self) -> bool:
        return not self.found.hits and not self.tickets

    def meant(self, text: str) -> str:
        """The search with its misspelt words mended; empty if none is."""
        instead = dict(self.found.mended)
        return re.sub(r"\w+", lambda part: instead.get(folded(part[0]), part[0]), text) if instead else ""


def find(
    text: str, person: Any, *, language: str, kinds: Sequence[str] = (), page: int = 1, zone: tzinfo, at: datetime
) -> Everything:
    """What this person may find. Tickets are asked for at the desk's door, and only of those who have any."""
    asked = asked_for(text)
    wanted = [wish for wish in asked.wishes if (wish.name, wish.value) == ("in", "tickets") and not wish.is_not]
    tickets: Sequence[Ticket] = ()
    if (not kinds or TICKET in kinds) and page == 1 and getattr(person, "is_authenticated", False):
        tickets = _tickets(asked, text, person, zone, size=queries.PAGE if wanted or kinds else TICKETS)
    if wanted or kinds == (TICKET,):
        return Everything(asked, Found(), tickets)
    found = queries.find(asked, queries.reader_of(person, language), kinds=kinds, page=page, zone=zone, at=at)
    return Everything(asked, found, tickets)


def _tickets(asked: Asked, text: str, person: Any, zone: tzinfo, *, size: int) -> list[Ticket]:
    if any(wish.name not in ("in", "before", "after") for wish in asked.wishes) or not asked.terms:
        return []
    words = " ".join(part for part in text.split() if not part.lower().startswith("in:"))
    if staff_may(person, "tickets"):
        return list(desk.found(desk.seen_by_staff(person), words, person, zone=zone).order_by("-pk")[:size])
    return list(desk.found(desk.seen_by_customer(person), words, zone=zone, for_customer=True).order_by("-pk")[:size])


def note_miss(result: Everything, text: str, *, language: str, at: datetime) -> None:
    """Nothing was found by words alone: what to write an article about (office)."""
    if result.is_nothing and not result.asked.wishes:
        actions.note_miss(text, language, at=at)


def similar(title: str, text: str, person: Any, *, language: str, kinds: Sequence[str] = (), at: datetime) -> list[Hit]:
    """What is like a question that is being written, as far as this person may see it (FO-26)."""
    return queries.similar(title, text, queries.reader_of(person, language), kinds=kinds, at=at)


def suggested(text: str, person: Any, *, language: str, zone: tzinfo, at: datetime, size: int = 6) -> Everything:
    """The first few for a search that is being typed."""
    asked = asked_for(text)
    if sum(len(word) for word in asked.words) < 3:
        return Everything(asked, Found())
    return Everything(asked, queries.find(asked, queries.reader_of(person, language), size=size, zone=zone, at=at))


def address_of(hit: Hit) -> str:
    """The path at which a thing is read, a post of a topic at its place; empty where this installation has no such page."""
    is_post = hit.kind == "topic" and hit.place
    try:
        if hit.kind == VERSION:
            return f"{reverse(PAGES[VERSION])}#v{hit.code}"
        return reverse("forum:post", args=[hit.code, hit.place]) if is_post else reverse(PAGES[hit.kind], args=[hit.code])
    except (KeyError, NoReverseMatch):
        return ""
