"""The timeline: pure geometry, whose labels never overlap and whose table says the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.catalog.values import VersionFacts
from podpora.entitlements.values import Period, Rights, RunRight
from podpora.web.components import timeline
from podpora.web.components.timeline import LETTER, Drawing, Shape, Timeline

TODAY = date(2026, 11, 20)
VERSIONS = [
    VersionFacts(8, date(2021, 5, 1), date(2026, 6, 30)),
    VersionFacts(9, date(2024, 2, 1), date(2027, 6, 30)),
    VersionFacts(10, date(2026, 10, 1), None),
]
RIGHTS = Rights(
    at=datetime(2026, 11, 20, tzinfo=UTC),
    run=RunRight(through_major=9),
    periods=(Period(date(2024, 3, 10), date(2025, 3, 11)), Period(date(2025, 9, 15), date(2027, 9, 16))),
)


def drawn(rights: Rights = RIGHTS) -> Timeline:
    found = timeline.draw(rights, VERSIONS, TODAY)
    assert found
    return found


def box(shape: Shape) -> tuple[float, float, float, float]:
    wide = len(shape.text) * LETTER * 0.9
    left = {"start": shape.x, "middle": shape.x - wide / 2, "end": shape.x - wide}[shape.anchor]
    return left, left + wide, shape.y - 10, shape.y + 2


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    texts = [shape for shape in drawing.shapes if shape.what == "text"]
    found = []
    for one, two in combinations(texts, 2):
        a, b = box(one), box(two)
        if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]:
            found.append((one.text, two.text))
    return found


def test_nothing_to_draw_where_there_never_was_a_right() -> None:
    assert timeline.draw(Rights(at=RIGHTS.at), VERSIONS, TODAY) is None


def test_the_table_says_the_same() -> None:
    rows = [(row.what, row.since, row.until) for row in drawn().rows]
    assert ("Right to support", date(2025, 9, 15), date(2027, 9, 15)) in rows
    assert ("Right to run", date(2024, 3, 10), None) in rows


def test_a_gap_is_drawn_between_two_periods() -> None:
    assert [shape.look for shape in drawn().wide.shapes].count("gap") == 1
    assert [shape.look for shape in drawn(replace(RIGHTS, periods=RIGHTS.periods[1:])).wide.shapes].count("gap") == 0


def test_a_version_that_is_not_covered_looks_so() -> None:
    assert [shape.look for shape in drawn().wide.shapes].count("version not-mine") == 1


@pytest.mark.parametrize("until", [None, date(2027, 4, 3)])
def test_a_right_that_ends_has_an_end(until: date | None) -> None:
    run = drawn(replace(RIGHTS, run=RunRight(covers_all=True, until=until))).wide.shapes
    assert any(shape.what == ("path" if until is None else "bar") and shape.look == "run" for shape in run)


@given(
    start=st.dates(date(2005, 1, 1), date(2026, 11, 1)),
    lengths=st.lists(st.tuples(st.integers(1, 900), st.integers(0, 900)), min_size=1, max_size=6),
    all_versions=st.booleans(),
)
def test_labels_never_overlap_and_everything_is_inside(start: date, lengths: list[tuple[int, int]], all_versions: bool) -> None:
    periods, day = [], start
    for length, gap in lengths:
        periods.append(Period(day, day + timedelta(days=length)))
        day += timedelta(days=length + gap + 1)
    rights = Rights(at=RIGHTS.at, run=RunRight(covers_all=all_versions, through_major=9), periods=tuple(periods))
    found = drawn(rights)
    for drawing in (found.wide, found.narrow):
        assert overlaps(drawing) == []
        for shape in drawing.shapes:
            left, right = (box(shape)[:2]) if shape.what == "text" else (shape.x, shape.x + shape.width)
            assert left >= -1
            assert right <= drawing.width + 4  # the thinnest bar
