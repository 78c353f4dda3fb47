"""What writers get: everything, with drafts, revisions and what readers said."""

from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet

from podpora.base.errors import NotYours
from podpora.base.folding import folded
from podpora.base.markdown import VERSION
from podpora.knowledge.models import Article, Feedback, Revision, Text
from podpora.knowledge.values import State, Words


def articles(*, state: str = "", words: str = "", category: str = "") -> QuerySet[Article]:
    """All articles, for those who write them."""
    rows = Article.objects.select_related("category", "product").prefetch_related("texts")
    if state in list(State):
        rows = rows.filter(state=state)
    if category:
        rows = rows.filter(category__slug=category)
    for word in words.split()[:6]:
        rows = rows.filter(Q(texts__title__folds=folded(word)) | Q(slug__contains=folded(word))).distinct()
    return rows.annotate(unread=Count("feedback", filter=Q(feedback__seen_at=None, feedback__helped=False), distinct=True))


def article(name: str) -> Article:
    """By code or slug; NotYours if it is not there."""
    found = Article.objects.select_related("category", "product").filter(Q(code=name.upper()[:20]) | Q(slug=name[:80])).first()
    if found is None:
        raise NotYours
    return found


def revisions(article: Article, language: str) -> QuerySet[Revision]:
    return article.revisions.filter(language=language).select_related("author").order_by("-number")


def revision(article: Article, language: str, number: int) -> Revision:
    found = article.revisions.filter(language=language, number=number).first()
    if found is None:
        raise NotYours
    return found


def newest_words(article: Article, language: str) -> tuple[Words, int]:
    """What was written last in a language, with its number; empty and 0 where nothing was."""
    last = revisions(article, language).first()
    return (Words(last.title, last.summary, last.text), last.number) if last else (Words("", "", ""), 0)


def missing(article: Article | None = None) -> QuerySet[Feedback]:
    """What readers missed and nobody dealt with."""
    rows = Feedback.objects.filter(seen_at=None, helped=False).select_related("article")
    return rows.filter(article=article) if article is not None else rows


def due(at: datetime) -> QuerySet[Article]:
    return Article.objects.filter(publish_at__lte=at).order_by("publish_at", "pk")


def expired_reviews(on: date) -> QuerySet[Article]:
    """Published articles that somebody should look at again."""
    return Article.objects.filter(state=State.PUBLISHED, review_on__lte=on).order_by("review_on")


def stale_texts(size: int) -> list[Text]:
    """Texts that an older renderer made."""
    return list(Text.objects.filter(number__gt=0, renderer__lt=VERSION).select_related("article").order_by("pk")[:size])


def free_slug(slug: str) -> str:
    """This address, or the next one that nobody has: `calendar-2`."""
    taken = set(Article.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return slug if slug not in taken else next(name for n in range(2, len(taken) + 3) if (name := f"{slug}-{n}") not in taken)


def article_from(source: str) -> Article | None:
    """The article that was made of this topic or ticket (`topic:42`), if one was."""
    found = (
        Article.objects.filter(sources__contains=source)
        if connection.vendor == "postgresql"
        else Article.objects.exclude(sources=[])
    )
    return next((row for row in found.order_by("pk") if source in row.sources), None)
