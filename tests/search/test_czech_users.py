"""What users really type finds the articles that come with the system, and topics (FORUM 2): the gate beside that of the titles."""

from pathlib import Path

import pytest

from podpora.search import actions, queries
from podpora.search.rules import asked_for
from podpora.search.values import Reader
from tests.make import articles
from tests.make import found as make
from tests.make.found import NOW

pytestmark = pytest.mark.django_db
LINES = (Path(__file__).parent / "czech_users.txt").read_text(encoding="utf-8").splitlines()
TOPICS = [line.split(" = ", 1) for line in LINES if line.startswith("t-") and " = " in line]
PAIRS = [tuple(part.strip() for part in line.split(" -> ")) for line in LINES[1:] if " -> " in line]


def test_what_users_type_finds_what_answers_it() -> None:
    """Without accents, inflected, with a letter wrong, in other words, half in English: 100 queries and more of the gate's own file."""
    articles.standard()
    with make.shelf() as shelf:
        for slug, words in TOPICS:
            title, text = words.split(" | ")
            shelf.put(title, text, code=slug)
        actions.load_alike(at=NOW)
        actions.learn_words(at=NOW)
        places = {}
        for query, slug in PAIRS:
            codes = [hit.code for hit in queries.find(asked_for(query), Reader(language="cs"), at=NOW).hits]
            places[query, slug] = codes.index(slug) + 1 if slug in codes else 0
    missed = [(query, slug, place) for (query, slug), place in places.items() if not 0 < place <= 5]
    rank = sum(1 / place for place in places.values() if place) / len(places)
    assert len(PAIRS) >= 100
    assert len(missed) <= len(PAIRS) * 0.05, missed
    assert rank >= 0.85
