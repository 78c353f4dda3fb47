"""One ranked list over everything that this reader may find. What he may not is no part of the question, so of no count either (C11)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Substr

from podpora.search.models import Document, Miss
from podpora.search.queries.matching import Key, documents, expression
from podpora.search.queries.spelling import groups, mend
from podpora.search.rules import (
    MEANINGLESS,
    Asked,
    Candidate,
    Wanted,
    Wish,
    doubtful,
    hinted,
    key,
    mended,
    pieces,
    ranked,
    read_day,
    wanted_of,
    widened,
    words,
)
from podpora.search.rules.asking import PLACES
from podpora.search.values import EVERYWHERE, FOR_CUSTOMERS, PUBLIC, STAFF, Field, Found, Hit, Reach, Reader, Term, sights

COUNTED = 1000  # documents that are looked at; a list of more says "1000+"
WEIGHED = 250  # of them, whose texts are read to tell which comes first
BODY = 8000  # characters of a text that is weighed
PAGE = 20
LOOSE = 10  # of things that have only some of the words
ENOUGH = 5  # so few with all the words, and those with some of them are shown too
LIGHT = ("pk", "kind", "code", "title", "people", "language", "is_solved", "boost")
NEVER = datetime.min.replace(tzinfo=UTC)
LIKE_TITLE, LIKE_TEXT = 10, 200  # FO-26: characters of a title that are worth it, and of the text that are read


def reader_of(person: Any, language: str) -> Reader:
    """What this person may find: what is public, and what each room says of its own."""
    sees = {PUBLIC}
    if person is not None and getattr(person, "is_authenticated", False):
        if getattr(person, "staff_role", ""):
            sees.add(STAFF)
        for sight in sights():
            sees.update(sight(person))
    return Reader(tuple(sorted(sees)), language[:2])


def find(
    asked: Asked, reader: Reader, *, kinds: Sequence[str] = (), page: int = 1, size: int = PAGE, zone: tzinfo = UTC, at: datetime
) -> Found:
    """A page of what has all that was asked for, the best first; if next to nothing has, with its misspelt words mended, and of what has
    half of the words.

    `kinds` narrows the list, not the counts, which are by kind. Four statements, up to eight where few were found.
    """
    if asked.is_empty or not (asked.words or asked.wishes):
        return Found()
    same = groups()
    meant = widened(asked, same)
    rows, is_loose = _candidates(meant, reader, zone, at), False
    instead: dict[str, tuple[str, str]] = {}
    is_mended = False
    if len(rows) < ENOUGH and (instead := mend(doubtful(asked, same))):
        others = {word: other for word, (other, _shown) in instead.items()}
        better = widened(mended(asked, others), same)
        found = _candidates(better, reader, zone, at)
        is_mended = len(found) > len(rows) == 0
        instead = instead if len(found) > len(rows) else {}
        meant, rows = (better, found) if is_mended else (hinted(meant, others), rows)
    if len(rows) < ENOUGH and _may_be_loose(meant):
        loose = _candidates(meant, reader, zone, at, is_loose=True)
        is_loose, rows = len(loose) > len(rows), loose if len(loose) > len(rows) else rows
    wanted = _wanted(meant, is_wide=is_loose)
    least = (len(wanted) + 1) // 2 if is_loose else 0
    order = _collapsed(_weighed(rows, wanted, reader, at=at, least=least), reader.language)[: LOOSE if is_loose else None]
    counts = Counter(each.kind for each, _score in order)
    chosen = [pair for pair in order if not kinds or pair[0].kind in kinds]
    shown = chosen[(page - 1) * size : page * size]
    return Found(
        tuple(_hits(shown, wanted)), len(chosen), tuple(sorted(counts.items())), len(rows) >= COUNTED, is_loose and bool(order),
        tuple((word, written) for word, (_other, written) in instead.items()), is_mended,
    )  # fmt: skip


def _may_be_loose(asked: Asked) -> bool:
    positive = [term for term in asked.terms if not term.is_not]
    return bool(positive) and not any(term.is_phrase or term.field for term in positive)


def _wanted(asked: Asked, *, is_wide: bool) -> list[Wanted]:
    """The words that count for the order: without those that say nothing, unless there are no others."""
    every = wanted_of([term for term in asked.terms if not term.is_not], is_wide=is_wide)
    return [one for one in every if one.word not in MEANINGLESS] or every


def _candidates(asked: Asked, reader: Reader, zone: tzinfo, at: datetime, *, is_loose: bool = False) -> list[Candidate]:
    keys, bounds = _narrowed(asked.wishes, zone)
    among = EVERYWHERE if STAFF in reader.sees else FOR_CUSTOMERS
    keys = [tuple(f"sees:{one}" for one in reader.sees), *keys]
    reach = Reach.WIDE if is_loose else Reach.FAMILY
    question = expression(asked.terms, among, keys, is_loose=is_loose, reach=reach)
    rows = _light(documents(question, COUNTED if not bounds else COUNTED * 20).filter(**bounds), at)
    if len(rows) >= COUNTED and asked.terms:  # very common words: those that have them in the title are looked at in any case
        terms = [term if term.field or term.is_not else replace(term, field=Field.TITLE) for term in asked.terms]
        titled = expression(terms, among, keys, is_loose=is_loose, reach=reach)
        known = {row.pk for row in rows}
        rows += [row for row in _light(documents(titled, WEIGHED).filter(**bounds), at) if row.pk not in known]
    return rows


def _light(rows: QuerySet[Document], at: datetime) -> list[Candidate]:
    """What is dated to come (a release that is not out yet) is not there yet."""
    return [Candidate(*row) for row in rows.filter(made_at__lte=at).order_by("-pk").values_list(*LIGHT)[:COUNTED]]


def _narrowed(wishes: Iterable[Wish], zone: tzinfo) -> tuple[list[Key], dict[str, Any]]:
    """Operators as keys, and days as bounds."""
    keys: list[Key] = []
    bounds: dict[str, Any] = {}
    for wish in wishes:
        if wish.name in ("before", "after"):
            day = read_day(wish.value)
            assert day is not None  # rules.asking.OPERATORS
            begins = datetime.combine(day, time(), tzinfo=zone)
            bounds |= {"made_at__lt": begins} if wish.name == "before" else {"made_at__gte": begins + timedelta(days=1)}
            continue
        meant = _keys_of(wish)
        if wish.is_not:
            keys += [f"!{one}" for one in meant]
        elif meant == ("!is:solved",):
            keys.append(meant[0])
        else:
            keys.append(meant)
    return keys, bounds


def _keys_of(wish: Wish) -> tuple[str, ...]:
    match wish.name:
        case "in":
            return (f"kind:{PLACES[wish.value]}",)
        case "is":
            return ("is:solved",) if wish.value == "solved" or wish.is_not else ("!is:solved",)
        case "version":
            numbers = wish.value.removeprefix("v").split(".")
            return tuple(key("version", ".".join(numbers[:length])) for length in range(1, len(numbers) + 1))
    return (key(wish.name, wish.value),)


def _weighed(
    rows: list[Candidate], wanted: Sequence[Wanted], reader: Reader, *, at: datetime, least: int
) -> list[tuple[Candidate, float]]:
    """Ranked: by what is at hand first, then the best of them by their texts."""
    best = rows
    if len(rows) > WEIGHED:
        best = [each for each, _score in ranked(rows, wanted, language=reader.language, at=at)[:WEIGHED]]
    more = Document.objects.filter(pk__in=[row.pk for row in best]).order_by()
    texts = {pk: facts for pk, *facts in more.values_list("pk", "made_at", Substr("body", 1, BODY))} if best else {}
    full = [replace(row, made_at=texts[row.pk][0], body=texts[row.pk][1]) for row in best if row.pk in texts]
    order = ranked(full, wanted, language=reader.language, at=at, least=least)
    if len(rows) > len(best) and not least:
        chosen = {each.pk for each in best}
        order += [(row, 0.0) for row in rows if row.pk not in chosen]
    return order


def _collapsed(order: Iterable[tuple[Candidate, float]], language: str) -> list[tuple[Candidate, float]]:
    """Each thing once, by its best part: a topic by one post, an article in the reader's language if that has the words too."""
    once: dict[tuple[str, str], tuple[Candidate, float]] = {}
    for each, score in order:
        best, worth = once.setdefault((each.kind, each.code), (each, score))
        if each.language == language != best.language:
            once[each.kind, each.code] = each, worth
    return list(once.values())


def _hits(chosen: Sequence[tuple[Candidate, float]], wanted: Sequence[Wanted]) -> Iterable[Hit]:
    said = [one.word for one in wanted]
    rows = {
        row.pk: row for row in Document.objects.filter(pk__in=[each.pk for each, _score in chosen]).defer("keys", "body", "notes")
    }
    for each, score in chosen:
        if (row := rows.get(each.pk)) is None:
            continue
        line = pieces(row.shown, said) or ((row.shown[:140] + ("…" if len(row.shown) > 140 else ""), False),)
        yield Hit(
            row.kind, row.code, row.heading, row.place, row.language, row.made_at or NEVER, row.is_solved, round(score, 3),
            line if row.shown else (),
        )  # fmt: skip


def similar(
    title: str, text: str = "", reader: Reader | None = None, *, kinds: Sequence[str] = (), size: int = 5, at: datetime
) -> list[Hit]:
    """What is like a question that is being written (FO-26): by its title and the beginning of its text, any of the words, the title
    counting more. Nothing for a title of fewer than ten characters. Three statements."""
    if len(title.strip()) < LIKE_TITLE:
        return []
    reader = reader or Reader()
    said = _telling(title)
    more = [word for word in _telling(text[:LIKE_TEXT]) if word not in said]
    if not said:
        return []
    keys: list[Key] = [tuple(f"sees:{one}" for one in reader.sees)]
    if kinds:
        keys.append(tuple(f"kind:{kind}" for kind in kinds))
    reach = Reach.FAMILY
    question = expression([Term(word) for word in said], FOR_CUSTOMERS, keys, is_loose=True, reach=reach)
    by_title = expression([Term(word, field=Field.TITLE) for word in said], FOR_CUSTOMERS, keys, is_loose=True, reach=reach)
    rows = {row.pk: row for row in (*_light(documents(by_title, COUNTED), at), *_light(documents(question, WEIGHED), at))}
    wanted = wanted_of([Term(word) for word in said + more[:4]])
    order = _weighed(list(rows.values()), wanted, reader, at=at, least=min(2, len(said)))
    return list(_hits(_collapsed(order, reader.language)[:size], wanted))


def _telling(text: str) -> list[str]:
    found = dict.fromkeys(word for word in words(text) if word not in MEANINGLESS and len(word) > 2)
    return list(found)[:8]


def misses(*, since: datetime | None = None, size: int = 100) -> QuerySet[Miss]:
    """What people did not find, the most often looked for first; `since`: what somebody looked for after that."""
    rows = Miss.objects.filter(dismissed_at=None)
    return (rows.filter(last_at__gte=since) if since else rows).order_by(F("times").desc(), "-last_at")[:size]
