"""Looking into the index. The one place that speaks the engines' languages: what somebody typed never reaches their parsers (S58)."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL

from podpora.search.models import Document
from podpora.search.rules import variants, words
from podpora.search.values import EVERYWHERE, NORMALISER, Field, Term

HITS = 2000  # the newest so many are looked at: what comes after them is nobody's page
PREFIX = 2  # so many letters begin a word
WEIGHTS = {Field.TITLE: "A", Field.PEOPLE: "B", Field.BODY: "C", Field.NOTES: "D"}


def matching(
    kind: str, terms: Sequence[Term], *, among: Sequence[Field] = EVERYWHERE, keys: Sequence[str] = (), limit: int = HITS
) -> QuerySet[Document, int]:
    """The refs of what has all the terms in these fields and all the keys, the newest first; a subquery for `pk__in`.

    Terms of nothing but signs are no terms. Without any term it is everything of the kind that has the keys.
    """
    expression = (_sqlite if connection.vendor == "sqlite" else _postgresql)(_asked(terms), among, [f"kind:{kind}", *keys])
    hits = Document.objects.filter(pk__in=RawSQL(_STATEMENTS[connection.vendor], (expression, limit)))  # noqa: S611  # parameters
    return hits.order_by().values_list("ref", flat=True)


_STATEMENTS = {
    "sqlite": "(SELECT rowid FROM search_text WHERE search_text MATCH %s ORDER BY rowid DESC LIMIT %s)",
    "postgresql": "(SELECT id FROM search_document WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s)",
}


def has_words(terms: Sequence[Term]) -> bool:
    """Is there anything to look for? Signs alone are nothing."""
    return bool(_asked(terms))


def _asked(terms: Sequence[Term]) -> list[tuple[Term, list[str]]]:
    return [(term, found) for term in terms if (found := words(term.text))]


def _sqlite(terms: Sequence[tuple[Term, list[str]]], among: Sequence[Field], keys: Sequence[str]) -> str:
    """FTS5: every word stands in quotes, where nothing means anything."""
    wanted = [f'keys : "={key}"' for key in keys]
    refused: list[str] = []
    for term, found in terms:
        columns = [term.field] if term.field and term.field in among else [] if term.field else list(among)
        if not columns:
            wanted.append('keys : "=nothing"')
            continue
        inner = f'"{" ".join(found)}"' if term.is_phrase else " AND ".join(f"({_any_sqlite(word)})" for word in found)
        # A filter costs as much as the look-up: words never meet the keys, so all fields need none.
        (refused if term.is_not else wanted).append(
            inner if len(columns) == len(EVERYWHERE) else f"{{{' '.join(columns)}}} : ({inner})"
        )
    positive = " AND ".join(f"({part})" for part in wanted)
    return " NOT ".join([f"({positive})", *(f"({part})" for part in refused)])


def _any_sqlite(word: str) -> str:
    exact, *others = variants(word)
    return " OR ".join([f'"{exact}"{" *" if len(exact) >= PREFIX else ""}', *(f'"{other}"' for other in others)])


def _postgresql(terms: Sequence[tuple[Term, list[str]]], among: Sequence[Field], keys: Sequence[str]) -> str:
    """A tsquery written out: lexemes in quotes (words have none), weights say in which fields."""
    parts = [f"'={key}'" for key in keys]
    for term, found in terms:
        columns = [term.field] if term.field and term.field in among else [] if term.field else list(among)
        weights = "".join(WEIGHTS[field] for field in columns) if len(columns) < len(EVERYWHERE) else ""
        if not columns:
            parts.append("'=nothing'")
            continue
        if term.is_phrase:
            inner = " <-> ".join(_lexeme(word, weights) for word in found)
        else:
            inner = " & ".join(f"({_any_postgresql(word, weights)})" for word in found)
        parts.append(f"{'!' if term.is_not else ''}({inner})")
    return " & ".join(parts)


def _lexeme(word: str, weights: str, *, prefix: bool = False) -> str:
    marks = ("*" if prefix else "") + weights
    return f"'{word}'" + (f":{marks}" if marks else "")


def _any_postgresql(word: str, weights: str) -> str:
    exact, *others = variants(word)
    first = _lexeme(exact, weights, prefix=len(exact) >= PREFIX)
    return " | ".join([first, *(_lexeme(other, weights) for other in others)])


def similar(
    kind: str, text: str, *, keys: Sequence[str] = (), among: Sequence[Field] = (Field.TITLE,), limit: int = 300
) -> list[tuple[int, int]]:
    """What shares words with a text: (ref, how many of its words), the most alike first, the newest of equals first.

    Among the newest `limit` only: a suggestion, not a search.
    """
    wanted = list(dict.fromkeys(word for word in words(text) if len(word) > 3))[:8]
    if not wanted:
        return []
    stems = {word: set(variants(word)) for word in wanted}
    either = _either(wanted, among, [f"kind:{kind}", *keys])
    documents = Document.objects.filter(pk__in=RawSQL(_STATEMENTS[connection.vendor], (either, limit)))  # noqa: S611
    found: dict[int, int] = {}
    for ref, title in documents.order_by("-pk").values_list("ref", "title"):
        there = set(title.split())
        score = sum(bool(forms & there) for forms in stems.values())
        if score:
            found[ref] = max(score, found.get(ref, 0))
    return sorted(found.items(), key=lambda pair: (-pair[1], -pair[0]))


def _either(wanted: Sequence[str], among: Sequence[Field], keys: Sequence[str]) -> str:
    if connection.vendor == "sqlite":
        some = " OR ".join(_any_sqlite(word) for word in wanted)
        fixed = " AND ".join(f'keys : "={key}"' for key in keys)
        return f"({fixed}) AND ({{{' '.join(among)}}} : ({some}))"
    weights = "".join(WEIGHTS[field] for field in among)
    some = " | ".join(_any_postgresql(word, weights) for word in wanted)
    return " & ".join([*(f"'={key}'" for key in keys), f"({some})"])


def outdated(size: int) -> list[tuple[str, int]]:
    """(kind, ref) of documents that an older normaliser made."""
    rows = Document.objects.filter(normaliser__lt=NORMALISER).order_by("pk").values_list("kind", "ref")[:size]
    return list(dict.fromkeys(rows))


def counts() -> dict[str, int]:
    """How many documents of each kind."""
    return dict(Document.objects.order_by().values_list("kind").annotate(Count("pk")))
