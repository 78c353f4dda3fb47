"""What people looked for and did not find."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from podpora.search.models import Miss
from podpora.search.rules import words

MISSES = 2000  # kinds of words that are remembered


@transaction.atomic
def note_miss(text: str, language: str, *, at: datetime) -> None:
    """Somebody found nothing. Addresses and long numbers are taken out: what is kept says what was missing, not who missed it."""
    said = " ".join(word for word in words(text) if "@" not in word and sum(c.isdigit() for c in word) < 6)[:200]
    if len(said) < 3:
        return
    known = Miss.objects.filter(words=said, language=language).update(times=F("times") + 1, last_at=at)
    if not known and Miss.objects.count() < MISSES:
        Miss.objects.bulk_create([Miss(words=said, language=language, first_at=at, last_at=at)], ignore_conflicts=True)


@transaction.atomic
def dismiss_miss(pk: int, *, at: datetime) -> bool:
    """There is an answer now, or there never will be. False if it was not there."""
    return bool(Miss.objects.filter(pk=pk, dismissed_at=None).update(dismissed_at=at))


@transaction.atomic
def forget_misses(*, at: datetime) -> int:
    """What nobody looked for in half a year is forgotten."""
    return Miss.objects.filter(last_at__lt=at - timedelta(days=180)).delete()[0]
