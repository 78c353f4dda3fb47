"""The drawing of versions' lives: shapes stay inside, ends where they belong."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from podpora.catalog.values import VersionFacts
from podpora.web.components import lifelines

TODAY = date(2026, 11, 22)
LIVES = [
    VersionFacts(10, date(2025, 10, 1)), VersionFacts(9, date(2023, 9, 1), date(2027, 6, 30), date(2028, 6, 30), date(2029, 6, 30)),
    VersionFacts(8, date(2019, 11, 1), date(2026, 6, 30)), VersionFacts(11),
]  # fmt: skip


def test_without_dates_there_is_nothing_to_draw() -> None:
    assert lifelines.draw([], TODAY) is None
    assert lifelines.draw([VersionFacts(11)], TODAY) is None


@pytest.mark.parametrize("language", ["cs", "en"])
def test_each_released_version_has_a_bar_and_its_name(language: str) -> None:
    with translation.override(language):
        drawn = lifelines.draw(LIVES, TODAY)
    assert drawn is not None
    for page in (drawn.wide, drawn.narrow):
        looks = [shape.look for shape in page.shapes if shape.what == "bar"]
        assert (looks.count("version"), looks.count("fixes")) == (3, 1)
        assert sum(shape.look == "end" for shape in page.shapes) == 2
        assert sum(shape.look == "gap" for shape in page.shapes) == 1
        assert sum(shape.text.endswith(("8", "9", "10")) and "title" in shape.look for shape in page.shapes) == 3
    assert drawn.summary.count("; ") == 2


days = st.dates(date(2000, 1, 1), date(2060, 1, 1))


@given(st.lists(st.tuples(days, st.none() | days, st.none() | days), min_size=1, max_size=6), days)
def test_nothing_is_drawn_outside(made: list[tuple[date, date | None, date | None]], today: date) -> None:
    facts = [
        VersionFacts(n + 1, start, max(start, support) if support else None, max(start, fixes) if fixes else None)
        for n, (start, support, fixes) in enumerate(made)
    ]
    drawn = lifelines.draw(facts, today)
    assert drawn is not None
    for page in (drawn.wide, drawn.narrow):
        for shape in page.shapes:
            assert 0 <= shape.x <= page.width + 3 and 0 <= shape.y <= page.height
            assert shape.width >= 0 and shape.x + shape.width <= page.width + 3.1
