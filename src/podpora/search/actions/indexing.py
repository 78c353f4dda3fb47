"""Keeping the index. Called by the rooms in the transaction in which their things change, so that nothing found is stale (FORUM 2)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.search.models import Document
from podpora.search.queries import matching
from podpora.search.rules import prepared
from podpora.search.values import NORMALISER, PART_LENGTH, Entry, Field, kinds, source

MOST = 1_000_000
SHOWN = ("code", "place", "language", "is_solved", "boost")


@transaction.atomic
def index(kind: str, refs: Sequence[int], *, at: datetime) -> int:
    """Make these things findable as they are now; those that are gone are forgotten. Returns how many there are."""
    entries = list(source(kind).read(refs))
    forget(kind, [ref for ref in refs if ref not in {entry.ref for entry in entries}])
    known = {(row.ref, row.part): row for row in Document.objects.filter(kind=kind, ref__in=refs)}
    fresh = []
    for entry in entries:
        parts = list(documents_of(kind, entry, at=at))
        for document in parts:
            old = known.get((document.ref, document.part))
            if old is None:
                fresh.append(document)
            else:
                document.pk = old.pk  # its place among the newest stays
                document.save(force_update=True)
        if (entry.ref, len(parts)) in known:
            Document.objects.filter(kind=kind, ref=entry.ref, part__gte=len(parts)).delete()
    Document.objects.bulk_create(fresh)
    return len(entries)


@transaction.atomic
def append(kind: str, ref: int, field: Field, text: str, *, at: datetime) -> None:
    """More words of a thing. Only these are made into words; the rest of it is not read again."""
    last = Document.objects.filter(kind=kind, ref=ref).order_by("-part").first()
    if last is None:
        index(kind, [ref], at=at)
        return
    more = prepared([text])
    if len(last.body) + len(last.notes) + len(more) > PART_LENGTH and last.body + last.notes:
        kept = {name: getattr(last, name) for name in ("keys", "title", "people", "heading", "made_at", *SHOWN)}
        last = Document(kind=kind, ref=ref, part=last.part + 1, **kept)
    setattr(last, field.value, f"{getattr(last, field.value)} {more}".strip())
    if last.code and field is Field.BODY:
        last.shown = f"{last.shown} {text}".strip()
    last.indexed_at = at
    last.save()


@transaction.atomic
def forget(kind: str, refs: Sequence[int]) -> None:
    """These things can't be found any more (C11)."""
    if refs:
        Document.objects.filter(kind=kind, ref__in=refs).delete()


@transaction.atomic
def renew(key: str, *, at: datetime) -> int:
    """Make everything that has this key (`person:42`) anew: somebody was erased or renamed (C11). Returns how many."""
    count = 0
    for kind in kinds():
        refs = list(dict.fromkeys(matching(kind, (), keys=(key,), limit=MOST)))
        for begin in range(0, len(refs), 500):
            count += index(kind, refs[begin : begin + 500], at=at)
    return count


def documents_of(kind: str, entry: Entry, *, at: datetime) -> Iterator[Document]:
    """An entry as the documents that it fills: one, and more for a long text."""
    keys = " ".join(f"={key}" for key in (f"kind:{kind}", *(f"sees:{one}" for one in entry.sees), *entry.keys))
    head: dict[str, Any] = {
        "kind": kind,
        "ref": entry.ref,
        "keys": keys,
        "title": prepared([entry.title]),
        "people": prepared([entry.people]),
    }
    if entry.sees:
        head |= {name: getattr(entry, name) for name in SHOWN} | {"heading": (entry.heading or entry.title)[:300]}
        head["made_at"] = entry.made_at or at
    bodies, notes = list(_portions(entry.body)), [prepared(portion) for portion in _portions(entry.notes)]
    for part in range(max(len(bodies), len(notes), 1)):
        yield Document(
            **head,
            part=part,
            body=prepared(bodies[part]) if part < len(bodies) else "",
            shown=" ".join(bodies[part]) if entry.sees and part < len(bodies) else "",
            notes=notes[part] if part < len(notes) else "",
            normaliser=NORMALISER,
            indexed_at=at,
        )


def _portions(texts: Iterable[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    length = 0
    for text in texts:
        for piece in _pieces(text):
            if length + len(piece) > PART_LENGTH and portion:
                yield portion
                portion, length = [], 0
            portion.append(piece)
            length += len(piece)
    if portion:
        yield portion


def _pieces(text: str) -> Iterator[str]:
    """A very long text in pieces; a word may be cut, one in ten thousand."""
    for begin in range(0, max(len(text), 1), PART_LENGTH):
        yield text[begin : begin + PART_LENGTH]
