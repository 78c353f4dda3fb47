"""Every verb says something, in both languages, whatever facts an entry has."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

import podpora
from podpora.audit import queries, values
from podpora.audit.models import Entry

SOURCE = Path(podpora.__file__).parent
VERB = re.compile(r"\brecord\(\s*\"([a-z_]+\.[a-z_]+)\"")


def recorded_verbs() -> set[str]:
    return {verb for path in SOURCE.rglob("*.py") for verb in VERB.findall(path.read_text())}


def test_every_verb_in_the_source_has_a_sentence() -> None:
    assert sorted(recorded_verbs() - set(values.sentences())) == []


def entry(verb: str, **parts: object) -> Entry:
    return Entry(verb=verb, subject="licence:L-1", actor_name="Jana", at=datetime(2026, 3, 16, tzinfo=UTC), **parts)


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("verb", sorted(values.sentences()))
def test_a_sentence_needs_no_fact(verb: str, language: str) -> None:
    with translation.override(language):
        for facts in ({}, {"before": {}, "after": {}}, {"before": {"seats": None}, "after": {"seats": 2}}):
            said = queries.sentence(entry(verb, **facts))
            assert said
            assert said != verb
            assert "{" not in said


def test_a_sentence_with_its_facts() -> None:
    changed = entry("licence.seats_changed", before={"seats": 3}, after={"seats": 2})
    assert queries.sentence(changed) == "Seats changed from 3 to 2."
    assert queries.changes(changed) == [("seats", 3, 2)]


def test_a_verb_without_a_sentence_shows_itself() -> None:
    assert queries.sentence(entry("no.such_verb")) == "no.such_verb"
