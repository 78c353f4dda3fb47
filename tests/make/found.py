"""Things to be found: a kind of its own, held in memory, so that search is tested without any room."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from podpora.search import actions, queries
from podpora.search.rules import asked_for
from podpora.search.values import Entry, Found, Reader, Source, _sources, declare_source

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
KIND = "topic"


class Shelf:
    """What was put into the index by `put`."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}

    def put(self, title: str, text: str = "", *, sees: tuple[str, ...] = ("public",), **more: Any) -> int:
        ref = len(self.entries) + 1
        entry = Entry(ref, title, body=(text,) if text else (), sees=sees, code=f"D-{ref}", made_at=NOW, language="cs")
        self.entries[ref] = replace(entry, **more)
        actions.index(KIND, [ref], at=NOW)
        return ref

    def read(self, refs: Any) -> list[Entry]:
        return [self.entries[ref] for ref in refs if ref in self.entries]

    def refs(self, after: int, size: int) -> list[int]:
        return sorted(ref for ref in self.entries if ref > after)[:size]


@contextmanager
def shelf() -> Iterator[Shelf]:
    made, before = Shelf(), _sources.get(KIND)
    declare_source(Source(KIND, made.read, made.refs))
    try:
        yield made
    finally:
        if before is None:
            del _sources[KIND]
        else:
            declare_source(before)


def find(text: str, reader: Reader | None = None, **more: Any) -> Found:
    return queries.find(asked_for(text), reader or Reader(language="cs"), at=NOW, **more)


def codes(text: str, reader: Reader | None = None, **more: Any) -> list[str]:
    return [hit.code for hit in find(text, reader, **more).hits]
