"""The words of this room: what can be found, in which of its parts, and the register of the rooms that have something to find."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from podpora.base.reasons import declare

NORMALISER = 3  # raise it with every change of rules.words: documents of older ones are made anew in the background
PART_LENGTH = 12_000  # characters of words in one document: a longer text has several, so that adding to it stays cheap


class Field(StrEnum):
    """The parts of what is indexed. Notes are technicians' words: a search for anybody else leaves them out (VI-2)."""

    TITLE = "title"
    PEOPLE = "people"
    BODY = "body"
    NOTES = "notes"


EVERYWHERE = (Field.TITLE, Field.PEOPLE, Field.BODY, Field.NOTES)
FOR_CUSTOMERS = (Field.TITLE, Field.PEOPLE, Field.BODY)


class Reach(StrEnum):
    """How far from a word as it was typed its document may be: other endings; its family and what means the same; without its prefix."""

    NEAR = "near"
    FAMILY = "family"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class Term:
    """What has to stand there: a word (with its endings and what it begins), or a phrase; or what must not. `also`: what means the same."""

    text: str
    is_phrase: bool = False
    is_not: bool = False
    field: Field | None = None
    also: tuple[str, ...] = ()


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
LANGUAGES = ("cs", "en")


def in_each_language(pks: Iterable[int]) -> list[int]:
    """The refs of things that have one document in each language: a reader gets that in his own."""
    return [pk * len(LANGUAGES) + place for pk in pks for place in range(len(LANGUAGES))]


def thing_and_language(ref: int) -> tuple[int, str]:
    """The primary key of the thing, and the language, behind such a ref."""
    return ref // len(LANGUAGES), LANGUAGES[ref % len(LANGUAGES)]


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
    """A page of what was found. `counts` by kind; `is_more`: there are more than were counted; `is_loose`: not all words stand there.

    `mended` is never a guess that leads nowhere: this reader finds more with it.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    is_more: bool = False
    is_loose: bool = False
    mended: tuple[tuple[str, str], ...] = ()  # misspelt words, and what was meant as it is written
    is_mended: bool = False  # that was looked for, since nothing has the words as they were typed


Sight = Callable[[Any], Iterable[str]]
_sights: list[Sight] = []


def declare_sight(sight: Sight) -> None:
    """What persons may find besides what is public: a room says it of its own things (`category:7`)."""
    _sights.append(sight)


def sights() -> Sequence[Sight]:
    return _sights


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of things. `read`: entries for some refs, those that are gone left out; `refs`: so many refs behind one, in order.

    `is_edited`: its texts are the vendor's own, so their spelling is trusted; of other kinds only titles are.
    """

    kind: str
    read: Callable[[Sequence[int]], Iterable[Entry]]
    refs: Callable[[int, int], Sequence[int]]
    is_edited: bool = False


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
declare("search.alike_two", _("Write at least two words or phrases that mean the same, with commas between them."))
declare("search.alike_long", _("A group has at most 20 words or phrases, each of at most 60 characters, 500 in all."))
declare("search.alike_many", _("There are 500 groups already. Join some, or take out those that nobody needs."))
ALIKE = "search_words"
# Words that mean the same to people who ask about a program and its licence: Czech, English, and what they are called elsewhere.
STANDARD_ALIKE = (
    "aktivace, zprovoznění, activation",
    "aktualizace, update, upgrade, nová verze",
    "cena, ceník, kolik stojí, price, pricing",
    "faktura, daňový doklad, účtenka, invoice, receipt",
    "fórum, diskuse, komunita, forum, community",
    "heslo, password",
    "instalace, setup, install, installation",
    "kalendář, diář, calendar",
    "klíč, licenční klíč, aktivační klíč, licenční číslo, sériové číslo, aktivační kód, produktový klíč, license key, serial number, product key",
    "kontakty, adresář, contacts, address book",
    "licence, license",
    "nastavení, konfigurace, settings, configuration, preferences",
    "objednávka, nákup, koupě, order, purchase",
    "odpověď, reakce, reply, answer",
    "offline, bez internetu, bez připojení, without internet",
    "odstranit, smazat, vymazat, odebrat, delete, remove",
    "platba, úhrada, placení, zaplatit, uhradit, payment, pay",
    "počítač, pc, notebook, laptop, mac, stroj, computer",
    "podpora, VIP, VIP podpora, technická podpora, support",
    "pošta, mail, e-mail, mejl, zpráva, mailbox",
    "prodloužení, obnova podpory, renewal, renew, extension",
    "přenos, převod, přesun, stěhování, migrace, transfer, migration, move",
    "předání, změna majitele, prodat licenci, převést na jiného, hand over",
    "příloha, attachment",
    "přihlášení, login, přihlásit, sign in, log in",
    "skončit, vypršet, expirovat, propadnout, expire, expired",
    "složka, adresář pošty, folder",
    "spam, nevyžádaná pošta, junk",
    "tiket, požadavek, hlášení, ticket",
    "tisk, tiskárna, vytisknout, print, printer",
    "tmavý režim, tmavý vzhled, dark mode",
    "upozornění, notifikace, oznámení, připomenutí, upomínka, notification, reminder",
    "uvolnit, odebrat, odpojit, deaktivovat, free, release, deactivate",
    "vrácení peněz, vrátit, refundace, reklamace, odstoupení od smlouvy, refund, money back, withdrawal",
    "záloha, zálohování, backup",
    "zablokovaná, pozastavená, suspendovaná, suspended, blocked",
    "zařízení, počítač, device",
    "zkušební verze, trial, demo verze, vyzkoušení",
    "zrušení účtu, smazání účtu, delete account, close account",
    "životnost verze, konec podpory verze, ukončení podpory, eol, end of life",
    "centrální nastavení, nastavení serverem, hromadné nastavení, server settings, group policy",
    "doživotní licence, doživotní aktualizace, lifetime, lifetime licence, lifetime updates",
    "obchod, e-shop, eshop, shop, store",
    "duplicitní, zdvojený, dvojitý, duplicate",
    "firma, společnost, organizace, company, organisation",
    "chyba, error, závada, bug",
    "padá, spadne, zhroutí se, crash",
    "písmo, font",
    "schránka, účet pošty, mailbox",
)
