"""Writing the audit: adding entries; and, by law, taking a person's name out of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit.actions.announcing import announce_entries
from podpora.audit.models import Entry, Erasure
from podpora.audit.rules import recorded
from podpora.audit.values import HasCode
from podpora.base.actors import Actor

ERASED = "—"

_gathered: ContextVar[list[Entry] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """What is recorded inside is written at its end, in its order, by one statement. Use it inside the transaction of a whole story.

    Where the story fails nothing is written, as without it. Inside another one it changes nothing.
    """
    if _gathered.get() is not None:
        yield
        return
    entries: list[Entry] = []
    mark = _gathered.set(entries)
    try:
        yield
    finally:
        _gathered.reset(mark)
    Entry.objects.bulk_create(entries)
    announce_entries(entries)


def record(
    verb: str,
    subject: str | HasCode,
    *,
    by: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write that `by` did `verb` to `subject`, in the caller's transaction. Secrets among the facts are masked.

    A verb that is an event (values.EventType) is told to the webhooks that want it, in the same transaction.
    """
    entry = Entry(
        verb=verb[:80],
        subject=_name_of(subject)[:120],
        actor_kind=by.kind,
        actor_name=_one_line(by.name)[:254],
        person_id=by.person_id,
        on_behalf_of=by.on_behalf_of,
        address=by.address[:64],
        at=at,
        facts=recorded(facts or {}),
        before=None if before is None else recorded(before),
        after=None if after is None else recorded(after),
    )
    waiting = _gathered.get()
    if waiting is None:
        entry.save(force_insert=True)
        announce_entries([entry])
    else:
        waiting.append(entry)


def _one_line(name: str) -> str:
    """A name that brings line breaks or other control characters does not begin a second line of a log (A21)."""
    return "".join(character if character.isprintable() else " " for character in name)


def _name_of(subject: str | HasCode) -> str:
    if isinstance(subject, str):
        return subject
    return f"{type(subject).__name__.lower()}:{subject.code}"


@transaction.atomic
def erase_person(person_id: int, words: list[str], *, by: Actor, at: datetime) -> int:
    """Take a person's name and `words` (his addresses) out of all entries; what happened stays. How many changed."""
    door = Erasure.objects.create(person_id=person_id)
    count = 0
    for entry in Entry.objects.filter(person_id=person_id).iterator():
        entry.actor_name, entry.address = ERASED, ""
        entry.save(update_fields=["actor_name", "address"])
        count += 1
    for word in filter(None, words):
        count += _erase_word(word)
    door.delete()
    record("person.erased", f"person:{person_id}", by=by, at=at, facts={"entries": count})
    return count


def _erase_word(word: str) -> int:
    count = 0
    found = Entry.objects.none()
    for field in ("facts", "before", "after", "subject", "actor_name"):
        found = found | Entry.objects.filter(**{f"{field}__icontains": word})
    for entry in found.iterator():
        for field in ("facts", "before", "after"):
            setattr(entry, field, _without(getattr(entry, field), word))
        entry.subject = entry.subject.replace(word, ERASED)
        entry.actor_name = entry.actor_name.replace(word, ERASED)
        entry.save(update_fields=["facts", "before", "after", "subject", "actor_name"])
        count += 1
    return count


def _without(value: Any, word: str) -> Any:
    if isinstance(value, dict):
        return {name: _without(item, word) for name, item in value.items()}
    if isinstance(value, list):
        return [_without(item, word) for item in value]
    return value.replace(word, ERASED) if isinstance(value, str) else value
