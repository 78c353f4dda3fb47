"""What was meant by words that nothing has: the nearest of the words that everybody may read, and words that mean the same."""

from collections.abc import Sequence

from django.db.models import Q

from podpora.search.models import Alike as Group
from podpora.search.models import Word
from podpora.search.rules import Alike, alike_from, nearest, stem

LOOKED_AT = 4000  # known words that may be the one, the most used first
APART = 2  # letters by which they may be longer or shorter


def ends_of(word: str) -> tuple[str, str]:
    """The first and the last letters under which a word is kept: of two wrong letters next to each other one of these is free."""
    size = 2 if len(word) < 7 else 3
    return word[:size], word[-size:]


def mend(doubted: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Misspelt word -> (the word that was meant, as it is written). Known words are not misspelt. Two statements."""
    if not doubted:
        return {}
    stems = {stem(word) for word in doubted}
    known = set(Word.objects.filter(Q(word__in=doubted) | Q(stem__in=stems)).values_list("stem", flat=True))
    unknown = [word for word in doubted if stem(word) not in known]
    if not unknown:
        return {}
    heads = {word[:size] for word in unknown for size in (2, 3)}
    tails = {word[-size:] for word in unknown for size in (2, 3)}
    lengths = (min(map(len, unknown)) - APART, max(map(len, unknown)) + APART)
    rows = Word.objects.filter(Q(head__in=heads) | Q(tail__in=tails), length__range=lengths).order_by("-times")
    shown = {word: (shown, times) for word, shown, times in rows.values_list("word", "shown", "times")[:LOOKED_AT]}
    often = [(word, times) for word, (_shown, times) in shown.items()]
    found = {word: nearest(word, often) for word in unknown}
    return {word: (meant, shown[meant][0]) for word, meant in found.items() if meant}


def groups() -> list[Alike]:
    """Words that mean the same, to look for. One statement."""
    return [alike_from(line) for line in Group.objects.order_by("pk").values_list("words", flat=True)]


def alike_rows() -> Sequence[Group]:
    """The same, to be read and changed."""
    return list(Group.objects.all())


def alike_row(pk: int) -> Group | None:
    return Group.objects.filter(pk=pk).first()


def vocabulary() -> int:
    """How many words are known."""
    return Word.objects.count()
