"""Articles: read by everybody, written by the vendor's systems and staff."""

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api import limits
from podpora.api.access import anybody, caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.v1.releases import Day
from podpora.api.v1.schemas import Strict
from podpora.base.addresses import address_of, neighbourhood
from podpora.base.clock import format_instant, parse_instant
from podpora.base.errors import InvalidInput
from podpora.journeys import articles as journey
from podpora.knowledge import actions, queries
from podpora.knowledge.models import Article
from podpora.knowledge.values import LANGUAGES, Facts, Shown, Words

router = Router(tags=["articles"])
writers = vendor("knowledge", "knowledge")
Slug = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), Field(examples=["empty-calendar"])]
Code = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Major = Annotated[int, Field(ge=1, le=10_000)]


class TextIn(Strict):
    """The words in one language; `text` is Markdown. `note` is for colleagues."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    summary: Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)] = ""
    text: Annotated[str, StringConstraints(max_length=60_000)] = ""
    note: Annotated[str, StringConstraints(max_length=200)] = ""


class TextsIn(Strict):
    cs: TextIn | None = None
    en: TextIn | None = None

    def given(self) -> dict[str, Words]:
        found = {language: getattr(self, language) for language in LANGUAGES}
        return {
            language: Words(text.title, text.summary, text.text, text.note) for language, text in found.items() if text is not None
        }


class ArticleIn(Strict):
    """What an article is, and its words. `publish`: at once; else it waits as a draft."""

    slug: Slug
    category: Code = ""
    product: Code = ""
    from_major: Major | None = None
    to_major: Major | None = None
    internal: bool = False
    guide: bool = False
    review_on: Day | None = None
    related: Annotated[list[Code], Field(max_length=10)] = []
    texts: TextsIn = TextsIn()
    publish: bool = False
    external_id: Annotated[str, StringConstraints(max_length=100)] = ""

    def facts(self, sources: tuple[str, ...] = ()) -> Facts:
        return Facts(
            self.slug, self.category, self.product, self.from_major, self.to_major, self.internal, self.guide, self.review_on,
            tuple(self.related), sources,
        )  # fmt: skip


class PublishIn(Strict):
    """`at`: when, an instant to come; without it now."""

    at: Annotated[str, StringConstraints(max_length=40)] | None = None


class FeedbackIn(Strict):
    helped: bool
    missing: Annotated[str, StringConstraints(max_length=1000)] = ""


class CategoryIn(Strict):
    name_cs: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
    name_en: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
    position: Annotated[int, Field(ge=0, le=10_000)] = 0


def article_json(shown: Shown, *, whole: bool = False) -> dict[str, Any]:
    """A published article as everybody may read it, in the reader's language or in the one there is."""
    found: dict[str, Any] = {
        "code": shown.code, "slug": shown.slug, "language": shown.language, "languages": shown.languages, "title": shown.title,
        "summary": shown.summary, "category": shown.category or None, "product": shown.product or None, "guide": shown.is_guide,
        "internal": shown.is_internal, "from_major": shown.from_major, "to_major": shown.to_major, "published_at": _at(shown.published_at),
        "changed_at": _at(shown.changed_at), "url": f"{settings.SITE_URL}/faq/{shown.slug}/",
    }  # fmt: skip
    if whole:
        found |= {"html": shown.html, "contents": [{"level": h.level, "anchor": h.anchor, "text": h.text} for h in shown.headings]}
    return found


def written_json(article: Article) -> dict[str, Any]:
    """An article as its writers see it, with what is not published yet."""
    texts = {}
    for text in article.texts.all():
        words, number = queries.newest_words(article, text.language)
        texts[text.language] = {
            "title": words.title, "summary": words.summary, "text": words.text, "revision": number, "published_revision": text.number or None,
            "helped": text.helped, "not_helped": text.not_helped,
        }  # fmt: skip
    return {
        "code": article.code, "slug": article.slug, "state": article.state, "category": article.category.slug if article.category else None,
        "product": article.product.code if article.product else None, "internal": article.is_internal, "guide": article.is_guide,
        "from_major": article.from_major, "to_major": article.to_major, "review_on": article.review_on, "publish_at": _at(article.publish_at),
        "published_at": _at(article.published_at), "changed_at": _at(article.changed_at), "related": article.related, "sources": article.sources,
        "external_id": article.external_id or None, "texts": texts, "url": f"{settings.SITE_URL}/faq/{article.slug}/",
    }  # fmt: skip


def _at(instant: datetime | None) -> str | None:
    return format_instant(instant) if instant else None


def _language() -> str:
    return (get_language() or "en")[:2]


@router.get("articles", auth=anybody)
def articles(request: HttpRequest, category: str = "", product: str = "", version: str = "") -> HttpResponse:
    """Every published article, by its category. `?category=`, `?product=`, `?version=10` (a major) narrow it."""
    if version and not (version.isascii() and version.isdigit() and len(version) < 6):
        raise InvalidInput({"version": ["not_valid"]})
    found = queries.listed(_language(), category=category[:40], product=product[:40], major=int(version) if version else None)
    return answer({"items": [article_json(each) for each in found], "next": None})


@router.get("articles/{slug}", auth=anybody)
def one_article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article with its `html` and its contents."""
    return answer(article_json(queries.read(slug, _language()), whole=True))


@router.post("articles", auth=writers, response={201: Any})
def create(request: HttpRequest, body: ArticleIn) -> HttpResponse:
    """A new article: 201. Its words are a draft unless `publish` is true."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    made = actions.create_article(body.facts(), external_id=body.external_id, by=by, at=at)
    return answer(written_json(_written(made, body, by, at)), 201)


@router.put("articles/{slug}", auth=writers)
def change(request: HttpRequest, slug: str, body: ArticleIn) -> HttpResponse:
    """Change what an article is and write new revisions of its words; a language that is left out stays as it is."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    found = queries.article(slug)
    found = actions.set_facts(found, body.facts(tuple(found.sources)), by=by, at=at)
    return answer(written_json(_written(found, body, by, at)))


def _written(article: Article, body: ArticleIn, by: Any, at: datetime) -> Article:
    for language, words in body.texts.given().items():
        actions.write(article, language, words, by=by, at=at)
    if body.publish:
        journey.publish(article, by=by, at=at)
    return queries.article(article.code)


@router.get("articles/{slug}/draft", auth=writers)
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """An article as its writers see it: state, newest words of each language, what readers said."""
    return answer(written_json(queries.article(slug)))


@router.get("articles/{slug}/revisions", auth=writers)
def revisions(request: HttpRequest, slug: str, language: str = "en") -> HttpResponse:
    """What was written in a language, the newest first (100 at most)."""
    if language not in LANGUAGES:
        raise InvalidInput({"language": ["unknown"]}, {"language": {"choices": list(LANGUAGES)}})
    rows = queries.revisions(queries.article(slug), language)[:100]
    return answer({
        "items": [
            {"number": r.number, "title": r.title, "summary": r.summary, "text": r.text, "note": r.note, "written_at": format_instant(r.written_at)}
            for r in rows
        ],
        "next": None,
    })  # fmt: skip


@router.post("articles/{slug}/publish", auth=writers)
def publish(request: HttpRequest, slug: str, body: PublishIn) -> HttpResponse:
    """The newest words of every language are read from now on, or from `at` on."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    found = queries.article(slug)
    if body.at is None:
        journey.publish(found, by=by, at=at)
    else:
        try:
            later = parse_instant(body.at)
        except ValueError:
            raise InvalidInput({"at": ["not_an_instant"]}) from None
        actions.schedule(found, later, by=by, at=at)
    return answer(written_json(queries.article(found.code)))


@router.api_operation(["DELETE"], "articles/{slug}", auth=writers, response={204: None})
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Nobody reads it any more; its words stay and it can be published again."""
    journey.archive(queries.article(slug), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


@router.post("articles/{slug}/feedback", auth=anybody, response={204: None})
def feedback(request: HttpRequest, slug: str, body: FeedbackIn) -> HttpResponse:
    """Did it help, and what was missing? One reader is counted once."""
    at, where = request.now, neighbourhood(address_of(request))  # type: ignore[attr-defined]
    limits.take(f"feedback:{where}", at=at, most=30, window=3600)
    shown = queries.read(slug, _language())
    actions.answer(
        queries.article(shown.code), shown.language, body.helped, missing=body.missing, reader=f"api:{where}"[:40], at=at
    )
    return answer(None, 204)


@router.get("article-categories", auth=anybody)
def categories(request: HttpRequest) -> HttpResponse:
    """The shelves of the FAQ, in their order."""
    rows = queries.categories()
    return answer(
        {
            "items": [{"slug": r.slug, "name_cs": r.name_cs, "name_en": r.name_en, "position": r.position} for r in rows],
            "next": None,
        }
    )


@router.put("article-categories/{slug}", auth=writers)
def set_category(request: HttpRequest, slug: str, body: CategoryIn) -> HttpResponse:
    """Make a shelf or name it anew."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    row = actions.set_category(slug, {"cs": body.name_cs, "en": body.name_en}, position=body.position, by=by, at=at)
    return answer({"slug": row.slug, "name_cs": row.name_cs, "name_en": row.name_en, "position": row.position})
