"""Articles and known problems as rows that `import` reads again."""

from collections.abc import Iterator

from podpora.journeys.exporting.archive import Part, Row
from podpora.knowledge import queries
from podpora.knowledge.models import Article
from podpora.knowledge.values import LANGUAGES
from podpora.problems.models import Problem

CHUNK = 200


def article_rows() -> Iterator[Row]:
    """Each with its newest words."""
    for article in Article.objects.select_related("category", "product").order_by("pk").iterator(CHUNK):
        row: Row = {
            "external_id": article.external_id or article.code, "code": article.code, "slug": article.slug,
            "category": article.category.slug if article.category else "", "product": article.product.code if article.product else "",
            "internal": article.is_internal, "guide": article.is_guide, "published": article.is_published, "published_at": article.published_at,
            "changed_at": article.changed_at, "related": article.related, "sources": article.sources,
        }  # fmt: skip
        row |= {name: value for name in ("from_major", "to_major") if (value := getattr(article, name)) is not None}
        for language in LANGUAGES:
            words, _number = queries.newest_words(article, language)
            row |= {f"title_{language}": words.title, f"summary_{language}": words.summary, f"text_{language}": words.text}
        yield row


def problem_rows() -> Iterator[Row]:
    names = ("code", "title_cs", "title_en", "symptom_cs", "symptom_en", "workaround_cs", "workaround_en", "from_version", "to_version",
             "state", "fixed_in", "why", "people", "on_fix", "reported_at", "changed_at")  # fmt: skip
    for problem in Problem.objects.select_related("product").order_by("pk").iterator(CHUNK):
        yield {
            "external_id": problem.external_id or problem.code, "product": problem.product.code, "platforms": " ".join(problem.platforms),
            "public": problem.is_public, **{name: getattr(problem, name) for name in names},
        }  # fmt: skip


PARTS = [Part("articles", article_rows), Part("problems", problem_rows)]
