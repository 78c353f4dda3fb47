"""The words of this room: what can be found, in which of its parts, and the register of the rooms that have something to find."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

NORMALISER = 1  # raise it with every change of rules.words: documents of older ones are made anew in the background
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
    """What a source says about one thing: plain texts, made into words here. `keys` are found whole (`owner:42`)."""

    ref: int  # the thing's primary key in its room
    title: str
    people: str = ""
    body: Sequence[str] = ()
    notes: Sequence[str] = ()
    keys: Sequence[str] = ()


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
