"""Pure rules of articles."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from podpora.base.errors import Problems

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 80
FURTHEST = timedelta(days=366)


def check_facts(slug: str, from_major: int | None, to_major: int | None) -> None:
    """InvalidInput for what an article can't be."""
    problems = Problems()
    if len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug):
        problems.add("slug", "article.slug")
    if from_major is not None and to_major is not None and to_major < from_major:
        problems.add("to_major", "article.majors_backwards")
    problems.or_refuse()


def check_words(title: str, text: str, *, most: int) -> None:
    """InvalidInput for what can't be an article."""
    problems = Problems()
    if not title.strip():
        problems.add("title", "required")
    elif len(title) > 200:
        problems.add("title", "too_long", most=200)
    if len(text) > most:
        problems.add("text", "article.too_long")
    problems.or_refuse()


def check_moment(publish_at: datetime, at: datetime) -> None:
    """InvalidInput for a moment at which nothing can be published."""
    if not at < publish_at <= at + FURTHEST:
        problems = Problems()
        problems.add("publish_at", "article.publish_past")
        problems.or_refuse()


def shown_language(languages: Sequence[str], wanted: str) -> str:
    """The language in which an article is shown: the reader's, else English, else what there is."""
    return next((one for one in (wanted, "en") if one in languages), languages[0] if languages else "")


def applies_to(from_major: int | None, to_major: int | None, major: int) -> bool:
    """Is it about this version?"""
    return (from_major is None or major >= from_major) and (to_major is None or major <= to_major)


def slug_of(title: str, folded: str) -> str:
    """An address made of a title (`folded`: without accents)."""
    words = re.findall(r"[a-z0-9]+", folded)
    found = "-".join(words)[:60].strip("-")
    return found or "article"
