"""The words of this room: what can be found, in which of its parts, and the register of the rooms that have something to find."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

NORMALISER = 2  # raise it with every change of rules.words: documents of older ones are made anew in the background
PART_LENGTH = 12_000  # characters of words in one document: a longer text has several, so that adding to it stays cheap


class Field(StrEnum):
    """The parts of what is indexed. Notes are technicians' words: a search for anybody else leaves them out (VI-2)."""

    TITLE = "title"
    PEOPLE = "people"
    BODY = "body"
    NOTES = "notes"


EVERYWHERE = (Field.TITLE, Field.PEOPLE, Field.BODY, Field.NOTES)
FOR_CUSTOMERS = (Field.TITLE, Field.PEOPLE, Field.BODY)


@dataclass(frozen=True, slots=True)
class Term:
    """What has to stand there: a word (with its endings and what it begins), or a phrase; or what must not."""

    text: str
    is_phrase: bool = False
    is_not: bool = False
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a source says about one thing: plain texts, made into words here. `keys` are found whole (`owner:42`).

    `sees`: which readers may find it (`public`, `staff`, `category:7`); without any it is found only by its own room. What somebody
    may find also has its `code`, which with the kind names the thing that is shown (posts of a topic have the topic's), `heading`,
    `place` in it, `language`, and when it was `made_at`.
    """

    ref: int  # the thing's primary key in its room
    title: str
    people: str = ""
    body: Sequence[str] = ()
    notes: Sequence[str] = ()
    keys: Sequence[str] = ()
    sees: Sequence[str] = ()
    code: str = ""
    heading: str = ""
    place: str = ""
    language: str = ""
    made_at: datetime | None = None
    is_solved: bool = False
    boost: int = 100  # percent


PUBLIC = "public"
STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: what he may find, and in which language he reads."""

    sees: tuple[str, ...] = (PUBLIC,)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. `pieces`: the line where the words stand, each piece with whether it is one of them."""

    kind: str
    code: str
    heading: str
    place: str
    language: str
    made_at: datetime
    is_solved: bool
    score: float
    pieces: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. `counts` by kind; `is_more`: there are more than were counted; `is_loose`: not all words stand there."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    is_more: bool = False
    is_loose: bool = False


Sight = Callable[[Any], Iterable[str]]
_sights: list[Sight] = []


def declare_sight(sight: Sight) -> None:
    """What persons may find besides what is public: a room says it of its own things (`category:7`)."""
    _sights.append(sight)


def sights() -> Sequence[Sight]:
    return _sights


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of things. `read`: entries for some refs, those that are gone left out; `refs`: so many refs behind one, in order."""

    kind: str
    read: Callable[[Sequence[int]], Iterable[Entry]]
    refs: Callable[[int, int], Sequence[int]]


_sources: dict[str, Source] = {}


def declare_source(source: Source) -> None:
    """Make a kind of things findable; called once, when the room is ready."""
    _sources[source.kind] = source


def source(kind: str) -> Source:
    return _sources[kind]


def kinds() -> list[str]:
    return sorted(_sources)


UNKNOWN_OPERATOR = declare(
    "search.unknown_operator",
    _(
        "There is no operator “{operator}”, so it was looked for as words. There are: {known} To look for a colon, use quotation marks."
    ),
)
NOT_UNDERSTOOD = declare(
    "search.not_understood", _("“{operator}” was not understood, so it was looked for as words. An example: {example}")
)
