"""Articles: written, published, found, judged."""

from datetime import date, timedelta

import pytest

from podpora.base import reasons
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.knowledge import actions, queries, rules
from podpora.knowledge.models import Article, Feedback, Revision, Text
from podpora.knowledge.values import Facts, State, Words
from podpora.search.values import Reader
from tests.make import articles as make
from tests.make.articles import BY, NOW
from tests.make.found import codes

pytestmark = pytest.mark.django_db
STAFF = Reader(("public", "staff"), "cs")


def test_no_refusal_code_is_without_its_article() -> None:
    """Every declared code leads to an article that comes with the system, written in both languages."""
    make.standard()
    there = {(text.article.slug, text.language) for text in Text.objects.filter(number__gt=0).select_related("article")}
    without = [
        code for code in reasons.declared()
        if any((reasons.article_of(code), language) not in there for language in ("cs", "en"))
    ]  # fmt: skip
    assert without == []
    assert not actions.load_standard(by=BY, at=NOW)  # again: nothing is made twice


def test_what_the_vendor_changed_stays_when_the_standard_is_loaded() -> None:
    make.article("lost-key")
    actions.load_standard(by=BY, at=NOW)
    assert queries.read("lost-key", "cs").title == "Prázdný kalendář"
    assert queries.read("why-vip-ends", "en").html


def test_a_draft_is_seen_by_nobody_until_it_is_published() -> None:
    article = make.article(published=False)
    for internal in (False, True):
        with pytest.raises(NotYours):
            queries.read("empty-calendar", "cs", internal=internal)
    assert codes("kalendar") == []
    actions.publish(article, by=BY, at=NOW)
    assert codes("kalendar") == ["empty-calendar"]
    actions.write(article, "cs", Words("Jiný název", "", "Jiný text o zebře"), by=BY, at=NOW)
    assert queries.read("empty-calendar", "cs").title == "Prázdný kalendář"
    assert codes("zebra") == []
    actions.publish(article, by=BY, at=NOW)
    assert queries.read("empty-calendar", "cs").title == "Jiný název"
    assert codes("zebra") == ["empty-calendar"]
    actions.archive(article, by=BY, at=NOW)
    assert codes("zebra") == []
    with pytest.raises(NotYours):
        queries.read("empty-calendar", "cs")


def test_a_missing_language_falls_back_and_says_so() -> None:
    make.article(languages=("cs",))
    shown = queries.read("empty-calendar", "en")
    assert (shown.language, shown.is_fallback, shown.languages) == ("cs", True, ("cs",))
    assert not queries.read("empty-calendar", "cs").is_fallback
    assert [each.language for each in queries.listed("en")] == ["cs"]


def test_an_internal_article_is_for_staff_alone_on_every_door() -> None:
    make.article(is_internal=True)
    assert queries.listed("cs") == []
    assert queries.sitemap() == []
    assert queries.changed_since("cs") == []
    assert queries.named(["empty-calendar"], "cs") == []
    assert codes("kalendar") == []
    assert codes("kalendar", STAFF) == ["empty-calendar"]
    assert queries.read("empty-calendar", "cs", internal=True)


def test_every_save_is_a_revision_and_two_writers_do_not_overwrite() -> None:
    article = make.article()
    first = queries.newest_words(article, "cs")[1]
    assert (
        actions.write(article, "cs", Words(make.TITLES["cs"], "", make.TEXT["cs"]), by=BY, at=NOW).number == first
    )  # the same again
    actions.write(article, "cs", Words("A", "", "a"), based_on=first, by=BY, at=NOW)
    with pytest.raises(Refused) as refused:
        actions.write(article, "cs", Words("B", "", "b"), based_on=first, by=BY, at=NOW)
    assert refused.value.decision.code == "article.changed"
    old = queries.revision(article, "cs", first)
    assert actions.restore(old, by=BY, at=NOW).title == make.TITLES["cs"]
    assert list(queries.revisions(article, "cs").values_list("number", flat=True)) == [3, 2, 1]


def test_publishing_can_be_put_off_and_happens_once() -> None:
    article = make.article(published=False)
    later = NOW + timedelta(days=2)
    actions.schedule(article, later, by=BY, at=NOW)
    assert actions.publish_due(by=BY, at=NOW) == 0
    assert actions.publish_due(by=BY, at=later) == 1
    assert actions.publish_due(by=BY, at=later) == 0
    article.refresh_from_db()
    assert (article.state, article.publish_at, article.published_at) == (State.PUBLISHED, None, later)
    for moment in (NOW, NOW - timedelta(days=1), NOW + timedelta(days=400)):
        with pytest.raises(InvalidInput):
            actions.schedule(article, moment, by=BY, at=NOW)


def test_bad_input_names_its_field() -> None:
    make.article()
    for facts, field in (
        (Facts("Č špatně"), "slug"), (Facts("a" * 81), "slug"), (Facts("empty-calendar"), "slug"), (Facts("x", category="no"), "category"),
        (Facts("x", product="no"), "product"), (Facts("x", from_major=11, to_major=10), "to_major"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as wrong:
            actions.create_article(facts, by=BY, at=NOW)
        assert list(wrong.value.fields) == [field]
    article = Article.objects.get()
    for words, field in (
        (Words("", "", "x"), "title"),
        (Words("x" * 201, "", ""), "title"),
        (Words("x", "", "x" * 60_001), "text"),
    ):
        with pytest.raises(InvalidInput) as wrong:
            actions.write(article, "cs", words, by=BY, at=NOW)
        assert list(wrong.value.fields) == [field]
    with pytest.raises(InvalidInput):
        actions.publish(make.article("empty", languages=()), by=BY, at=NOW)


def test_one_reader_counts_once_and_may_change_his_mind() -> None:
    article = make.article()
    for helped, reader in ((True, "a"), (True, "a"), (True, "b"), (False, "a"), (False, "a")):
        actions.answer(article, "cs", helped, missing="cena", reader=reader, at=NOW)
    text = Text.objects.get(article=article, language="cs")
    assert (text.helped, text.not_helped, Feedback.objects.count()) == (1, 1, 2)
    assert [each.missing for each in queries.missing(article)] == ["cena"]
    assert actions.mark_feedback_seen(article, by=BY, at=NOW) == 1
    assert not queries.missing()
    assert actions.answer(make.article("draft", published=False), "cs", True, reader="a", at=NOW) is None


def test_versions_categories_and_related_narrow() -> None:
    actions.set_category("calendar", {"cs": "Kalendář", "en": "Calendar"}, by=BY, at=NOW)
    make.article("old", to_major=9, category="calendar")
    make.article("new", from_major=10, related=("old",), category="calendar")
    assert [each.slug for each in queries.listed("cs", major=9)] == ["old"]
    assert [each.slug for each in queries.listed("cs", major=11)] == ["new"]
    assert [each.slug for each in queries.related_to(queries.read("new", "cs"))] == ["old"]
    assert [each.slug for each in queries.related_to(queries.read("old", "cs"))] == ["new"]  # from its shelf
    assert codes("kalendar category:calendar version:10.2") == ["new"]
    with pytest.raises(InvalidInput):
        actions.remove_category(Article.objects.get(slug="old").category, by=BY, at=NOW)  # type: ignore[arg-type]


def test_texts_of_an_older_renderer_are_made_anew() -> None:
    make.article()
    Text.objects.update(renderer=0, html="old")
    assert actions.render_anew(10, at=NOW) == 2
    assert actions.render_anew(10, at=NOW) == 0
    assert "<strong>" in queries.read("empty-calendar", "cs").html
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("there", "wanted", "shown"), [(("cs", "en"), "cs", "cs"), (("cs",), "en", "cs"), (("cs", "en"), "de", "en"), ((), "cs", "")]
)
def test_the_language_of_an_article(there: tuple[str, ...], wanted: str, shown: str) -> None:
    assert rules.shown_language(there, wanted) == shown


def test_articles_due_for_a_look() -> None:
    make.article(review_on=date(2026, 3, 1))
    make.article("later", review_on=date(2026, 5, 1))
    assert [each.slug for each in queries.expired_reviews(date(2026, 3, 16))] == ["empty-calendar"]
