"""A solved topic or a ticket becomes an article, with where it came from at both ends (FO-32)."""

import pytest

from podpora.forum.models import Topic
from podpora.journeys import articles
from podpora.knowledge import queries
from podpora.mail.models import OutgoingMail
from tests.make import desk, forum, people
from tests.make.articles import BY, NOW

pytestmark = pytest.mark.django_db


def test_fo_32_a_topic_becomes_a_draft_then_an_article_and_says_so() -> None:
    topic = forum.topic()
    made = articles.from_topic(topic, by=BY, at=NOW)
    assert articles.from_topic(topic, by=BY, at=NOW) == made
    assert made.sources == [f"topic:{topic.number}"]
    assert topic.title in queries.newest_words(made, "cs")[0].title + queries.newest_words(made, "en")[0].title
    assert Topic.objects.get().article == ""
    mails = OutgoingMail.objects.count()
    articles.publish(made, by=BY, at=NOW)
    assert Topic.objects.get().article == made.slug
    assert OutgoingMail.objects.count() == mails  # nobody is told
    articles.archive(made, by=BY, at=NOW)
    assert Topic.objects.get().article == ""


def test_a_ticket_becomes_a_draft_without_names() -> None:
    ticket = desk.ticket(text="Dobrý den, jsem Jana Nováková, jana@private.example, +420 777 123 456. Kalendář je prázdný.")
    desk.answer(ticket, people.technician() if hasattr(people, "technician") else people.person("t@vendor.example", "Tereza"))
    made = articles.from_ticket(ticket, by=BY, at=NOW)
    assert articles.from_ticket(ticket, by=BY, at=NOW) == made
    text = "".join(queries.newest_words(made, language)[0].text for language in ("cs", "en"))
    assert "Kalendář je prázdný" in text
    assert not any(word in text for word in ("jana@", "777", "Nováková"))
    assert not made.is_published
