"""What readers get: published articles in their language, or in the one there is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.knowledge.models import Article, Category, Text
from podpora.knowledge.rules import shown_language
from podpora.knowledge.values import Heading, Shown, State

LIGHT = ("html", "words", "headings")


def visible(*, internal: bool = False) -> QuerySet[Article]:
    """The one place that says which articles a reader may see."""
    rows = Article.objects.filter(state=State.PUBLISHED, texts__number__gt=0)
    return (rows if internal else rows.filter(is_internal=False)).distinct()


def categories() -> list[Category]:
    return list(Category.objects.order_by("position", "slug"))


def listed(
    language: str, *, category: str = "", product: str = "", major: int | None = None, internal: bool = False, size: int = 500
) -> list[Shown]:
    """Published articles by their shelves, without their texts. Three statements."""
    rows = visible(internal=internal)
    if category:
        rows = rows.filter(category__slug=category)
    if product:
        rows = rows.filter(product__code=product)
    if major is not None:
        rows = rows.exclude(from_major__gt=major).exclude(to_major__lt=major)
    return list(_shown(rows.order_by("category__position", "category__slug", "position", "slug")[:size], language))


def _shown(rows: Iterable[Article], language: str, *, whole: bool = False) -> Iterable[Shown]:
    articles = list(rows.select_related("category", "product")) if isinstance(rows, QuerySet) else list(rows)
    texts: dict[int, list[Text]] = defaultdict(list)
    found = Text.objects.filter(article__in=[row.pk for row in articles], number__gt=0).order_by("language")
    for text in found if whole else found.defer(*LIGHT):
        texts[text.article_id].append(text)
    for row in articles:
        if shown := _of(row, texts[row.pk], language, whole=whole):
            yield shown


def _of(row: Article, texts: Sequence[Text], language: str, *, whole: bool) -> Shown | None:
    chosen = shown_language([text.language for text in texts], language[:2])
    text = next((each for each in texts if each.language == chosen), None)
    if text is None:
        return None
    return Shown(
        row.code, row.slug, text.language, text.title, text.summary, text.language != language[:2],
        tuple(each.language for each in texts), text.html if whole else "",
        tuple(Heading(*each) for each in text.headings) if whole else (),
        row.category.slug if row.category else "", row.category.name(language) if row.category else "", row.is_guide, row.is_internal,
        row.product.code if row.product else "", row.from_major, row.to_major, row.published_at, text.changed_at,
        tuple(row.related), tuple(row.sources),
    )  # fmt: skip


def read(slug: str, language: str, *, internal: bool = False) -> Shown:
    """One article, whole. NotYours if there is none, or none for this reader. Two statements."""
    row = visible(internal=internal).select_related("category", "product").filter(slug=slug[:80]).first()
    shown = next(iter(_shown([row], language, whole=True)), None) if row else None
    if shown is None:
        raise NotYours
    return shown


def named(slugs: Sequence[str], language: str, *, internal: bool = False) -> list[Shown]:
    """These articles, in this order, as far as they may be read. Two statements."""
    order = {slug: place for place, slug in enumerate(slugs)}
    return sorted(_shown(visible(internal=internal).filter(slug__in=order), language), key=lambda each: order[each.slug])


def related_to(article: Shown, *, size: int = 4, internal: bool = False) -> list[Shown]:
    """What its writer named, else others from its shelf."""
    found = named(article.related, article.language, internal=internal) if article.related else []
    if not found and article.category:
        shelf = visible(internal=internal).filter(category__slug=article.category).exclude(slug=article.slug)
        found = list(_shown(shelf.order_by("position", "slug")[:size], article.language))
    return found[:size]


def changed_since(language: str, *, size: int = 30) -> list[Shown]:
    """The articles that were changed last, for a feed."""
    return list(_shown(visible().order_by("-changed_at", "-pk")[:size], language))


def sitemap() -> list[tuple[str, datetime]]:
    """(slug, changed) of everything that anybody may read."""
    return list(visible().order_by("slug").values_list("slug", "changed_at"))
