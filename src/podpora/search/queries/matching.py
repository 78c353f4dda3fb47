"""Looking into the index. The one place that speaks the engines' languages: what somebody typed never reaches their parsers (S58)."""

from collections.abc import Callable, Sequence
from functools import partial

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL

from podpora.search.models import Document
from podpora.search.rules import kin, variants, words
from podpora.search.values import EVERYWHERE, NORMALISER, Field, Reach, Term

HITS = 2000  # the newest so many are looked at: what comes after them is nobody's page
PREFIX = 3  # so many letters begin a word
Key = str | tuple[str, ...]  # a key that has to be there, one of several, or (`!solved`) one that must not
WEIGHTS = {Field.TITLE: "A", Field.PEOPLE: "B", Field.BODY: "C", Field.NOTES: "D"}


def matching(
    kind: str, terms: Sequence[Term], *, among: Sequence[Field] = EVERYWHERE, keys: Sequence[Key] = (), limit: int = HITS
) -> QuerySet[Document, int]:
    """The refs of what has all the terms in these fields and all the keys, the newest first; a subquery for `pk__in`.

    Terms of nothing but signs are no terms. Without any term it is everything of the kind that has the keys.
    """
    hits = documents(expression(terms, among, [f"kind:{kind}", *keys]), limit)
    return hits.order_by().values_list("ref", flat=True)


def documents(asked: str, limit: int) -> QuerySet[Document]:
    """The newest documents that fit an expression."""
    return Document.objects.filter(pk__in=RawSQL(_STATEMENTS[connection.vendor], (asked, limit)))  # noqa: S611  # parameters


_STATEMENTS = {
    "sqlite": "(SELECT rowid FROM search_text WHERE search_text MATCH %s ORDER BY rowid DESC LIMIT %s)",
    "postgresql": "(SELECT id FROM search_document WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s)",
}


def has_words(terms: Sequence[Term]) -> bool:
    """Is there anything to look for? Signs alone are nothing."""
    return bool(_asked(terms))


def _asked(terms: Sequence[Term]) -> list[tuple[Term, list[str]]]:
    return [(term, found) for term in terms if (found := words(term.text))]


def expression(
    terms: Sequence[Term], among: Sequence[Field], keys: Sequence[Key], *, is_loose: bool = False, reach: Reach = Reach.NEAR
) -> str:
    """What is looked for, in the engine's language. `is_loose`: one of the terms is enough; `reach`: how far from the word as typed."""
    speak = _sqlite if connection.vendor == "sqlite" else _postgresql
    return speak(_asked(terms), among, keys, is_loose=is_loose, reach=reach)


def _sqlite(
    terms: Sequence[tuple[Term, list[str]]], among: Sequence[Field], keys: Sequence[Key], *, is_loose: bool, reach: Reach
) -> str:
    """FTS5: every word stands in quotes, where nothing means anything."""
    fixed = [" OR ".join(f'keys : "={one}"' for one in _each(key)) for key in keys if not _is_refused(key)]
    refused = [f'keys : "={str(key)[1:]}"' for key in keys if _is_refused(key)]
    wanted: list[str] = []
    for term, found in terms:
        columns = _columns(term, among)
        if not columns:
            wanted.append('keys : "=nothing"')
            continue
        inner = f'"{" ".join(found)}"' if term.is_phrase else _any_of(term, found, reach, _quoted, " AND ", " OR ")
        # A filter costs as much as the look-up: words never meet the keys, so all fields need none.
        (refused if term.is_not else wanted).append(
            inner if len(columns) == len(EVERYWHERE) else f"{{{' '.join(columns)}}} : ({inner})"
        )
    if wanted and is_loose:
        wanted = [" OR ".join(f"({part})" for part in wanted)]
    positive = " AND ".join(f"({part})" for part in (*fixed, *wanted))
    return " NOT ".join([f"({positive})", *(f"({part})" for part in refused)])


def _postgresql(
    terms: Sequence[tuple[Term, list[str]]], among: Sequence[Field], keys: Sequence[Key], *, is_loose: bool, reach: Reach
) -> str:
    """A tsquery written out: lexemes in quotes (words have none), weights say in which fields."""
    fixed = ["(" + " | ".join(f"'={one}'" for one in _each(key)) + ")" for key in keys if not _is_refused(key)]
    refused = [f"!'={str(key)[1:]}'" for key in keys if _is_refused(key)]
    parts: list[str] = []
    for term, found in terms:
        columns = _columns(term, among)
        weights = "".join(WEIGHTS[field] for field in columns) if len(columns) < len(EVERYWHERE) else ""
        if not columns:
            parts.append("'=nothing'")
            continue
        if term.is_phrase:
            inner = " <-> ".join(_lexeme(word, weights) for word in found)
        else:
            inner = _any_of(term, found, reach, partial(_lexeme, weights=weights), " & ", " | ")
        (refused if term.is_not else parts).append(f"{'!' if term.is_not else ''}({inner})")
    if parts and is_loose:
        parts = ["(" + " | ".join(parts) + ")"]
    return " & ".join([*fixed, *parts, *refused])


def _columns(term: Term, among: Sequence[Field]) -> Sequence[Field]:
    if term.field is None:
        return among
    return [term.field] if term.field in among else []


def _any_of(term: Term, found: Sequence[str], reach: Reach, say: Callable[..., str], both: str, either: str) -> str:
    """All words of the term, each in any of its forms; or what means the same."""
    near = reach if not term.is_not else Reach.NEAR  # what must not stand there is taken at its word
    meant = [both.join(f"({either.join(_forms(word, near, say))})" for word in found)]
    if reach is not Reach.NEAR and not term.is_not:
        meant += [both.join(f"({either.join(_forms(word, Reach.NEAR, say))})" for word in words(text)) for text in term.also]
    return either.join(f"({part})" for part in meant if part) if len(meant) > 1 else meant[0]


def _forms(word: str, reach: Reach, say: Callable[..., str]) -> list[str]:
    exact, *others = variants(word)
    if reach is not Reach.NEAR:
        others += kin(word, is_wide=reach is Reach.WIDE)
    return [say(exact, prefix=len(exact) >= PREFIX), *(say(other) for other in others)]


def _quoted(word: str, *, prefix: bool = False) -> str:
    return f'"{word}"{" *" if prefix else ""}'


def _lexeme(word: str, weights: str, *, prefix: bool = False) -> str:
    marks = ("*" if prefix else "") + weights
    return f"'{word}'" + (f":{marks}" if marks else "")


def _each(key: Key) -> Sequence[str]:
    return (key,) if isinstance(key, str) else key


def _is_refused(key: Key) -> bool:
    return isinstance(key, str) and key.startswith("!")


def alike(
    kind: str, text: str, *, keys: Sequence[str] = (), among: Sequence[Field] = (Field.TITLE,), limit: int = 300
) -> list[tuple[int, int]]:
    """What shares words with a text: (ref, how many of its words), the most alike first, the newest of equals first.

    Among the newest `limit` only: a suggestion, not a search.
    """
    wanted = list(dict.fromkeys(word for word in words(text) if len(word) > 3))[:8]
    if not wanted:
        return []
    stems = {word: set(variants(word)) for word in wanted}
    either = expression([Term(word) for word in wanted], among, [f"kind:{kind}", *keys], is_loose=True)
    found: dict[int, int] = {}
    for ref, title in documents(either, limit).order_by("-pk").values_list("ref", "title"):
        there = set(title.split())
        score = sum(bool(forms & there) for forms in stems.values())
        if score:
            found[ref] = max(score, found.get(ref, 0))
    return sorted(found.items(), key=lambda pair: (-pair[1], -pair[0]))


def outdated(size: int) -> list[tuple[str, int]]:
    """(kind, ref) of documents that an older normaliser made."""
    rows = Document.objects.filter(normaliser__lt=NORMALISER).order_by("pk").values_list("kind", "ref")[:size]
    return list(dict.fromkeys(rows))


def counts() -> dict[str, int]:
    """How many documents of each kind."""
    return dict(Document.objects.order_by().values_list("kind").annotate(Count("pk")))
