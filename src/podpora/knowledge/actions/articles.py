"""Articles and their shelves: what they are, besides their words."""

from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Product
from podpora.knowledge import rules
from podpora.knowledge.models import Article, Category, Text
from podpora.knowledge.values import KIND, Facts
from podpora.search import actions as search


@transaction.atomic
def create_article(facts: Facts, *, external_id: str = "", by: Actor, at: datetime) -> Article:
    """A new article, a draft without words."""
    article = Article(changed_at=at, external_id=external_id)
    _set(article, facts)
    article.save()
    audit.record("article.created", article, by=by, at=at, after={"slug": article.slug})
    return article


@transaction.atomic
def set_facts(article: Article, facts: Facts, *, by: Actor, at: datetime) -> Article:
    """Change what an article is. Its address may change too: the old one leads nowhere then."""
    row = Article.objects.select_for_update().get(pk=article.pk)
    before = _said(row)
    _set(row, facts)
    after = _said(row)
    if before != after:
        row.changed_at = at
        row.save()
        index_article(row, at=at)
        changed = [name for name in after if before[name] != after[name]]
        audit.record(
            "article.changed", row, by=by, at=at, before={n: before[n] for n in changed}, after={n: after[n] for n in changed}
        )
    return row


def _set(article: Article, facts: Facts) -> None:
    rules.check_facts(facts.slug, facts.from_major, facts.to_major)
    if Article.objects.filter(slug=facts.slug).exclude(pk=article.pk).exists():
        raise InvalidInput({"slug": ["article.slug_taken"]})
    article.category = _named(Category, "slug", facts.category, "category")
    article.product = _named(Product, "code", facts.product, "product")
    for name in ("slug", "from_major", "to_major", "is_internal", "is_guide", "review_on"):
        setattr(article, name, getattr(facts, name))
    article.related, article.sources = list(facts.related)[:10], list(facts.sources)[:50]


def _named(model: Any, column: str, value: str, field: str) -> Any:
    if not value:
        return None
    found = model.objects.filter(**{column: value}).first()
    if found is None:
        raise InvalidInput({field: ["unknown"]})
    return found


def _said(article: Article) -> dict[str, Any]:
    names = ("slug", "from_major", "to_major", "is_internal", "is_guide", "review_on", "related", "sources")
    category, product = article.category, article.product
    return {name: getattr(article, name) for name in names} | {
        "category": category.slug if category else "", "product": product.code if product else "",
    }  # fmt: skip


def index_article(article: Article, *, at: datetime) -> None:
    """Make it findable as it is now, in the same transaction."""
    search.index(KIND, list(Text.objects.filter(article=article).values_list("pk", flat=True)), at=at)


@transaction.atomic
def set_category(slug: str, names: dict[str, str], *, position: int = 0, by: Actor, at: datetime) -> Category:
    """Make a shelf, or name it anew. InvalidInput for an address that can't be, or a missing name."""
    rules.check_facts(slug, None, None)
    if len(slug) > 40:
        raise InvalidInput({"slug": ["too_long"]}, {"slug": {"most": 40}})
    if wrong := {f"name_{language}": ["required"] for language in ("cs", "en") if not names.get(language, "").strip()}:
        raise InvalidInput(wrong)
    facts = {"name_cs": names["cs"].strip()[:80], "name_en": names["en"].strip()[:80], "position": position}
    row = Category.objects.select_for_update().filter(slug=slug).first()
    if row is not None and _shelf(row) == facts:
        return row
    row, _made = Category.objects.update_or_create(slug=slug, defaults=facts)
    audit.record("article.category_set", f"article_category:{slug}", by=by, at=at, after=facts)
    return row


def _shelf(row: Category) -> dict[str, Any]:
    return {"name_cs": row.name_cs, "name_en": row.name_en, "position": row.position}


@transaction.atomic
def remove_category(category: Category, *, by: Actor, at: datetime) -> None:
    """Take an empty shelf away."""
    if category.articles.exists():
        raise InvalidInput({"category": ["article.category_in_use"]})
    audit.record("article.category_removed", f"article_category:{category.slug}", by=by, at=at)
    Category.objects.filter(pk=category.pk).delete()
