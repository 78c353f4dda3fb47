"""CS-25: what another one published meanwhile in the same layer stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.fleet.rules import merged
from podpora.fleet.values import Entry, Mode

pytestmark = pytest.mark.once
A, B, C = (Entry(value, Mode.FORCED) for value in "abc")
LAYERS = st.dictionaries(st.sampled_from("wxyz"), st.sampled_from([A, B, C]))


@pytest.mark.parametrize(
    ("base", "newest", "mine", "expected"),
    [
        ({}, {"x": A}, {"y": B}, {"x": A, "y": B}),
        ({"x": A}, {"x": B}, {"x": A, "y": C}, {"x": B, "y": C}),
        ({"x": A}, {"x": B}, {"x": C}, {"x": C}),
        ({"x": A}, {"x": A, "y": B}, {}, {"y": B}),
        ({"x": A}, {}, {"x": A}, {}),
        ({"x": A}, {"x": B}, {}, {}),
    ],
)
def test_cs_25_the_draft_is_laid_upon_the_newest(
    base: dict[str, Entry], newest: dict[str, Entry], mine: dict[str, Entry], expected: dict[str, Entry]
) -> None:
    assert merged(base, newest, mine) == expected


@given(LAYERS, LAYERS, LAYERS)
def test_cs_25_nobody_loses_what_he_alone_changed(base: dict[str, Entry], newest: dict[str, Entry], mine: dict[str, Entry]) -> None:
    found = merged(base, newest, mine)
    for key in "wxyz":
        if base.get(key) == mine.get(key):
            assert found.get(key) == newest.get(key)
        else:
            assert found.get(key) == mine.get(key)
