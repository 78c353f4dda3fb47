"""Licence keys: made, typed, checked (A-12)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.base.codes import ALPHABET, random_part
from podpora.licensing.rules import hint_of, key_from, key_meant, with_check
from podpora.licensing.rules.keys import RANDOM

RANDOM_TEXT = st.text(ALPHABET, min_size=RANDOM, max_size=RANDOM)


def test_a_key_has_at_least_100_random_bits_and_no_look_alikes() -> None:
    assert RANDOM * math.log2(len(ALPHABET)) >= 100
    assert not set("0O1IL") & set(ALPHABET)


@given(RANDOM_TEXT)
def test_a12_typed_in_any_way_a_key_means_the_same(random: str) -> None:
    plain = with_check(random)
    shown = key_from(plain)
    for typed in (shown, shown.lower(), plain, shown.replace("-", " ") + " ", f"\t{shown.replace('-', '–')}\n", " ".join(plain)):
        assert key_meant(typed) == plain


@given(RANDOM_TEXT, st.integers(0, RANDOM + 3), st.sampled_from(ALPHABET))
def test_a12_every_single_wrong_character_is_found(random: str, place: int, wrong: str) -> None:
    plain = with_check(random)
    typed = plain[:place] + wrong + plain[place + 1 :]
    assert key_meant(typed) == (plain if typed == plain else None)


@given(RANDOM_TEXT, st.integers(2, RANDOM))
def test_a12_every_swap_of_neighbours_is_found(random: str, place: int) -> None:
    plain = with_check(random)
    typed = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert key_meant(typed) == (plain if typed == plain else None)


@pytest.mark.parametrize("text", ["", "PK", "PK" * 100_000, "x" * 25, "PK" + "0" * 23, "\x00", "💥" * 25, "ﬀ" * 25])
def test_what_is_no_key_is_none(text: str) -> None:
    assert key_meant(text) is None


def test_the_hint_shows_only_the_end() -> None:
    plain = with_check(random_part(RANDOM))
    assert hint_of(plain) == f"PK…{plain[-5:]}"
