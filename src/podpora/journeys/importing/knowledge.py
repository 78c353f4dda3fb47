"""Articles and known problems of an older system, or of an export."""

from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor
from podpora.journeys import articles as journey
from podpora.journeys.importing.reading import Outcome, Reader, Row, Sources, known, remember
from podpora.knowledge import actions as knowledge
from podpora.knowledge.models import Category
from podpora.knowledge.values import LANGUAGES, LONGEST_TEXT, Words
from podpora.knowledge.values import Facts as ArticleFacts
from podpora.problems import actions as problems
from podpora.problems.models import Problem
from podpora.problems.values import LONGEST, State
from podpora.problems.values import Facts as ProblemFacts

IN_BOTH = tuple(f"{name}_{language}" for name in ("title", "summary", "text") for language in LANGUAGES)
ARTICLE = ("external_id", "slug", "category", "product", "from_major", "to_major", "internal", "guide", "published", *IN_BOTH)
PROBLEM_TEXTS = tuple(f"{name}_{language}" for name in ("title", "symptom", "workaround") for language in LANGUAGES)
PROBLEM = (
    *("external_id", "product", "from_version", "to_version", "platforms", "state", "fixed_in", "why", "public"), *PROBLEM_TEXTS,
)  # fmt: skip
READ_OVER = (
    "code",
    "published_at",
    "changed_at",
    "related",
    "sources",
    "reported_at",
    "people",
    "on_fix",
)  # in an export, for people


@transaction.atomic
def bring_in_article(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One article with its words; a category that is not here is made. Published unless `published` says no."""
    read = Reader(row, (*ARTICLE, *READ_OVER))
    external_id = read.text("external_id", most=100, required=True)
    slug = read.text("slug", most=80, required=True)
    category, product = read.text("category", most=40), read.text("product", most=40)
    majors = [read.number(name, least=1, most=10_000, usual=0) or None for name in ("from_major", "to_major")]
    is_internal, is_guide = read.flag("internal"), read.flag("guide")
    is_draft = str(row.get("published", "")).lower() in ("no", "false", "0")
    words = {}
    for language in LANGUAGES:
        title = read.text(f"title_{language}", most=200)
        said = Words(title, read.text(f"summary_{language}", most=300), read.text(f"text_{language}", most=LONGEST_TEXT))
        if title:
            words[language] = said
    if not words:
        read.problems.add("title_en", "required")
    read.or_refuse()
    if there := known("article", external_id, row):
        return there
    if category and not Category.objects.filter(slug=category).exists():
        knowledge.set_category(category, {"cs": category, "en": category}, by=by, at=at)
    facts = ArticleFacts(slug, category, product, majors[0], majors[1], is_internal, is_guide)
    article = knowledge.create_article(facts, external_id=external_id, by=by, at=at)
    for language, said in words.items():
        knowledge.write(article, language, said, by=by, at=at)
    if not is_draft:
        journey.publish(article, by=by, at=at)
    return remember("article", external_id, article.code, row, at=at)


@transaction.atomic
def bring_in_problem(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One known problem with how far it is."""
    read = Reader(row, (*PROBLEM, *READ_OVER))
    external_id = read.text("external_id", most=100, required=True)
    product = read.text("product", most=40, required=True)
    texts = {name: read.text(name, most=200 if name.startswith("title") else LONGEST) for name in PROBLEM_TEXTS}
    versions = {name: read.text(name, most=30) for name in ("from_version", "to_version")}
    platforms = tuple(read.text("platforms", most=60).replace(",", " ").split())
    state = read.text("state", most=12) or State.REPORTED.value
    if state not in list(State):
        read.problems.add("state", "unknown", choices=list(State))
    fixed_in, why = read.text("fixed_in", most=50), read.text("why", most=2000)
    is_public = str(row.get("public", "")).lower() not in ("no", "false", "0")
    read.or_refuse()
    if there := known("problem", external_id, row):
        return there
    said: dict[str, Any] = {**texts, **versions}
    facts = ProblemFacts(product, **said, platforms=platforms, is_public=is_public)
    problem: Problem = problems.create_problem(facts, external_id=external_id, by=by, at=at)
    problems.set_state(problem, State(state), fixed_in=fixed_in, why=why, by=by, at=at)
    return remember("problem", external_id, problem.code, row, at=at)
