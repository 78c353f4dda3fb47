"""How words are spelt, read from what everybody may find, and which words mean the same, as people say."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.search.models import Alike, Document, Sweep, Word
from podpora.search.queries.spelling import ends_of
from podpora.search.rules import stem, words
from podpora.search.rules.meaning import LONGEST, MEMBERS, SHORTEST
from podpora.search.values import ALIKE, PUBLIC, STANDARD_ALIKE, kinds, source

AT_ONCE = 4000  # documents that are read for their words
LONGEST_WORD = 30
ANEW = timedelta(days=1)
MOST_GROUPS = 500
MOST_TIMES = 2_000_000_000


@transaction.atomic
def learn_words(*, at: datetime, size: int = AT_ONCE) -> int:
    """Read the next documents that everybody may find; after the last one wait, and begin again a day after the beginning.

    Words that a whole sweep did not see are forgotten: their texts are gone or changed. Returns how many documents were read.
    """
    sweep = Sweep.objects.select_for_update().first() or Sweep.objects.create(begun_at=at)
    rows = list(
        Document.objects.filter(pk__gt=sweep.last, keys__contains=f"=sees:{PUBLIC}")
        .order_by("pk")
        .values_list("pk", "kind", "heading", "shown")[:size]
    )
    edited = {kind for kind in kinds() if source(kind).is_edited}
    _remember(_spelt(((heading, shown if kind in edited else "") for _pk, kind, heading, shown in rows)), sweep.number)
    sweep.last = rows[-1][0] if rows else sweep.last
    if len(rows) < size and at - sweep.begun_at >= ANEW:
        Word.objects.filter(sweep__lt=sweep.number).delete()
        sweep.number, sweep.last, sweep.begun_at = sweep.number + 1, 0, at
    sweep.save()
    return len(rows)


@transaction.atomic
def learn_anew(*, at: datetime) -> None:
    """Forget every word and read all documents again, from the next run on."""
    Word.objects.all().delete()
    Sweep.objects.all().delete()


def _spelt(texts: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, int]]:
    """Folded word -> (as it is written, how often)."""
    often: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in texts:
        for part in " ".join(text).split():
            shown = part.strip("„“”\"'‚‘’()[]{}<>.,:;!?…*_`–—-/|").lower()
            if SHORTEST <= len(shown) <= LONGEST_WORD and shown.isalpha() and len(found := words(shown)) == 1:
                often[found[0]] += 1
                if not shown.isascii() or found[0] not in written:
                    written[found[0]] = shown  # people leave accents out, they rarely put them in
    return {word: (written[word], count) for word, count in often.items() if len(word) <= LONGEST_WORD}


def _remember(found: Mapping[str, tuple[str, int]], sweep: int) -> None:
    """New words are added, known ones brought up to date: one statement for a thousand of them."""
    known = {row.word: row for row in Word.objects.filter(word__in=list(found))} if found else {}
    rows = []
    for word, (shown, count) in found.items():
        head, tail = ends_of(word)
        row = known.get(word) or Word(word=word, stem=stem(word), head=head, tail=tail, length=len(word), times=0, shown=shown)
        row.times = count if row.sweep != sweep else min(row.times + count, MOST_TIMES)
        row.shown, row.sweep = shown if not shown.isascii() else row.shown, sweep
        rows.append(row)
    Word.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["word"], update_fields=["times", "shown", "sweep"]
    )


def checked(line: str) -> str:
    """A group as it is kept. InvalidInput for fewer than two words, and for too many or too long ones."""
    members = list(dict.fromkeys(text for part in line.replace("\n", ",").split(",") if (text := " ".join(part.split()))))
    if len(members) < 2 or any(not words(text) for text in members):
        raise InvalidInput({"words": ["search.alike_two"]})
    if len(members) > MEMBERS or any(len(text) > LONGEST for text in members) or len(", ".join(members)) > 500:
        raise InvalidInput({"words": ["search.alike_long"]})
    return ", ".join(members)


@transaction.atomic
def set_alike(row: Alike | None, line: str, *, by: Actor, at: datetime) -> Alike:
    """A new group of words that mean the same (None), or another text for one. The same again changes nothing."""
    text = checked(line)
    known = Alike.objects.filter(words=text).first()
    if known is not None:
        return known
    if row is None and Alike.objects.count() >= MOST_GROUPS:
        raise InvalidInput({"words": ["search.alike_many"]})
    before = row.words if row is not None else ""
    row = row or Alike()
    row.words, row.changed_at = text, at
    row.save()
    audit.record("search.alike_set", f"{ALIKE}:{row.pk}", by=by, at=at, before={"words": before}, after={"words": text})
    return row


@transaction.atomic
def remove_alike(row: Alike, *, by: Actor, at: datetime) -> None:
    """These words mean different things after all."""
    audit.record("search.alike_removed", f"{ALIKE}:{row.pk}", by=by, at=at, facts={"words": row.words})
    Alike.objects.filter(pk=row.pk).delete()


@transaction.atomic
def load_alike(*, at: datetime) -> int:
    """The groups that come with the system, where nobody wrote any yet. How many."""
    if Alike.objects.exists():
        return 0
    return len(Alike.objects.bulk_create(Alike(words=checked(line), changed_at=at) for line in STANDARD_ALIKE))
