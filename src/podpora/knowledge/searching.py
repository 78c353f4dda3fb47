"""What the search index gets of an article: one document for each language in which it is published."""

from collections.abc import Iterable, Sequence

from podpora.knowledge.models import Text
from podpora.knowledge.values import KIND, State
from podpora.search.rules import key
from podpora.search.values import PUBLIC, STAFF, Entry, Source

BOOST = 130  # the vendor's own answer, checked


def entries(refs: Sequence[int]) -> Iterable[Entry]:
    """Published texts, by their primary keys. One statement."""
    rows = Text.objects.filter(pk__in=refs, number__gt=0, article__state=State.PUBLISHED)
    for text in rows.select_related("article__category", "article__product").order_by("pk"):
        article = text.article
        keys = [key("lang", text.language)]
        if article.category is not None:
            keys.append(key("category", article.category.slug))
        if article.product is not None:
            keys.append(key("product", article.product.code))
        if article.from_major is not None:
            last = article.to_major if article.to_major is not None else article.from_major + 20
            keys += [key("version", major) for major in range(article.from_major, min(last, article.from_major + 50) + 1)]
        yield Entry(
            ref=text.pk,
            title=text.title,
            heading=text.title,
            people=text.summary,
            body=(text.summary, text.words),
            keys=keys,
            sees=(STAFF,) if article.is_internal else (PUBLIC,),
            code=article.slug,
            language=text.language,
            made_at=text.changed_at,
            boost=BOOST,
        )


def refs(after: int, size: int) -> Sequence[int]:
    return list(Text.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])


SOURCE = Source(KIND, entries, refs, is_edited=True)
