"""Words as searches compare them: without case and accents, the same on both engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.base.folding import folded, named, search_words
from podpora.desk.models import Message, Ticket
from podpora.people.models import Person
from tests.make import desk, people


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Žluťoučký KŮŇ", "zlutoucky kun"),
        ("Straße ŁÓDŹ Ørsted", "strasse lodz orsted"),
        ("Dvo\u0159a\u0301k", "dvorak"),
        ("ΑΘΉΝΑ Привет", "αθηνα привет"),
        ("plain ASCII", "plain ascii"),
        ("", ""),
    ],
)
def test_folded(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = folded(text)
    assert folded(once) == once


def test_words_of_a_search() -> None:
    assert search_words("  KŮŇ\x00  a b c d e f g ") == ["kun", "a", "b", "c", "d", "e"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("novak", True), ("NOVÁKOVÁ", True), ("ova jana", True), ("jána", True), ("jana svoboda", False), ("j_na", False),
        ("j*na", False), ("j?na", False), ("j.na", False), ("[j]ana", False), ("%a", False), ("^jana", False), ("\\", False),
        ("(0)*+|{}$", False), ("novaková-[test]", True), ("50%", True),
    ],
)  # fmt: skip
def test_names_are_found_as_they_stand(words: str, is_found: bool) -> None:
    person = people.person(name="Jana Nováková-[Test] 50%")
    assert Person.objects.filter(named("name", search_words(words))).filter(pk=person.pk).exists() is is_found


@pytest.mark.django_db
def test_the_folded_columns_follow_what_is_written() -> None:
    ticket = desk.ticket(subject="Přílohy NEJDOU otevřít", text="Žádná\r\npříloha")
    desk.note(ticket, people.staff(), "Poznámka")
    assert Ticket.objects.get().subject_folded == "prilohy nejdou otevrit"
    kept = {m.text: m.text_folded for m in Message.objects.all()}
    assert kept == {text: folded(text) for text in kept}
    assert kept["Žádná\npříloha"] == "zadna\npriloha"
