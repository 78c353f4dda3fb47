"""What readers say of an article."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from podpora.base.actors import Actor
from podpora.knowledge.models import Article, Feedback, Text
from podpora.knowledge.values import LONGEST_MISSING


@transaction.atomic
def answer(article: Article, language: str, helped: bool, *, missing: str = "", reader: str, at: datetime) -> Feedback | None:
    """Did it help? Each reader once; said again, the newer word counts. None for a language in which it is not published."""
    text = Text.objects.select_for_update().filter(article=article, language=language, number__gt=0).first()
    if text is None:
        return None
    said = "" if helped else " ".join(missing.replace("\x00", "").split())[:LONGEST_MISSING]
    old = Feedback.objects.filter(article=article, language=language, reader=reader).first()
    if old is not None and old.helped == helped and (not said or said == old.missing):
        return old
    if old is None or old.helped != helped:
        counted = Text.objects.filter(pk=text.pk)
        if old is not None:
            counted.update(**_one(old.helped, -1))
        counted.update(**_one(helped, 1))
    facts = {"number": text.number, "helped": helped, "missing": said, "said_at": at, "seen_at": None}
    row, _made = Feedback.objects.update_or_create(article=article, language=language, reader=reader, defaults=facts)
    return row


def _one(helped: bool, step: int) -> dict[str, F]:
    name = "helped" if helped else "not_helped"
    return {name: F(name) + step}  # type: ignore[dict-item]


@transaction.atomic
def mark_feedback_seen(article: Article, *, by: Actor, at: datetime) -> int:
    """Somebody read what was missing. How many were new."""
    return Feedback.objects.filter(article=article, seen_at=None, helped=False).update(seen_at=at)
