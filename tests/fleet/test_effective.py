"""What counts on a device: RULES.md H, and properties on any layers."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podpora.fleet.rules import outcome_of
from podpora.fleet.values import Condition, Content, Entry, Layer, Level, Mode, Outcome, Schema, Setting, SettingType, Target, Why

COMPANY = Layer(Level.COMPANY)
FIRST, SECOND = Layer(Level.GROUP, "G-1", 0), Layer(Level.GROUP, "G-2", 1)
DEVICE = Layer(Level.DEVICE, "D-1")
LAYERS = (COMPANY, FIRST, SECOND, DEVICE)
TARGET = Target("windows", "10.1.0")
FORCED, DEFAULT, INITIAL = Mode.FORCED, Mode.DEFAULT, Mode.INITIAL


def setting(key: str, **more: Any) -> Setting:
    return Setting(key, SettingType.STRING, **more)


SCHEMA = Schema(
    1,
    {
        each.key: each
        for each in (
            setting("theme"),
            setting("proxy.mode", atomic_group="proxy"),
            setting("proxy.host", atomic_group="proxy"),
            setting("proxy.port", atomic_group="proxy"),
            setting("proxy.bypass", atomic_group="proxy", since="10.2"),
            setting("new", since="10.2"),
            setting("old", until="10"),
        )
    },
)


def outcome(content: Mapping[Layer, Mapping[str, tuple[str, Mode]]], target: Target = TARGET) -> Outcome:
    entries = {layer: {key: Entry(*given) for key, given in inside.items()} for layer, inside in content.items()}
    return outcome_of(SCHEMA, entries, target)


def lost(found: Outcome, key: str) -> list[tuple[str, Why]]:
    return [(loser.layer.key, loser.why) for loser in found.values[key].losers]


def test_cs_1_a_default_stays_a_default() -> None:
    assert outcome({COMPANY: {"theme": ("dark", DEFAULT)}}).values["theme"].entry == Entry("dark", DEFAULT)
    assert outcome({COMPANY: {"theme": ("dark", FORCED)}}).values["theme"].entry.mode is FORCED


def test_cs_2_forced_beats_default_at_any_level() -> None:
    found = outcome({COMPANY: {"theme": ("A", FORCED)}, FIRST: {"theme": ("B", DEFAULT)}, DEVICE: {"theme": ("C", INITIAL)}})
    assert found.values["theme"].entry.value == "A"
    assert lost(found, "theme") == [("device:D-1", Why.FORCED), ("group:G-1", Why.FORCED)]


def test_cs_3_the_nearest_forced_one_wins_and_the_others_are_listed() -> None:
    found = outcome({COMPANY: {"theme": ("A", FORCED)}, FIRST: {"theme": ("B", FORCED)}, DEVICE: {"theme": ("C", FORCED)}})
    assert (found.values["theme"].layer, found.values["theme"].entry.value) == (DEVICE, "C")
    assert [(loser.entry.value, loser.why) for loser in found.values["theme"].losers] == [("B", Why.NEARER), ("A", Why.NEARER)]


def test_cs_4_group_0_is_the_highest() -> None:
    found = outcome({SECOND: {"theme": ("two", FORCED)}, FIRST: {"theme": ("one", FORCED)}})
    assert found.values["theme"].entry.value == "one"
    assert lost(found, "theme") == [("group:G-2", Why.PRIORITY)]


def test_cs_5_a_block_comes_whole_from_one_layer() -> None:
    found = outcome({
        COMPANY: {"proxy.mode": ("manual", FORCED), "proxy.port": ("8080", DEFAULT)},
        FIRST: {"proxy.host": ("proxy.example", DEFAULT), "theme": ("light", DEFAULT)},
    })  # fmt: skip
    assert {key: each.entry.value for key, each in found.values.items()} == {
        "proxy.mode": "manual",
        "proxy.port": "8080",
        "theme": "light",
    }
    assert [(loser.layer, loser.why) for loser in found.skipped["proxy.host"]] == [(FIRST, Why.ATOMIC)]
    nearer = outcome({COMPANY: {"proxy.mode": ("manual", DEFAULT)}, FIRST: {"proxy.host": ("proxy.example", DEFAULT)}})
    assert set(nearer.values) == {"proxy.host"}
    assert nearer.skipped["proxy.mode"][0].why is Why.ATOMIC


def test_cs_12_what_the_program_does_not_know_is_skipped_and_listed() -> None:
    found = outcome({COMPANY: {"new": ("x", FORCED), "theme": ("dark", FORCED), "old": ("y", FORCED), "never": ("z", FORCED)}})
    assert set(found.values) == {"theme"}
    assert {key: losers[0].why for key, losers in found.skipped.items()} == {
        "new": Why.NEEDS_VERSION,
        "old": Why.REMOVED,
        "never": Why.UNKNOWN,
    }
    assert set(outcome({COMPANY: {"new": ("x", FORCED)}}, Target("windows", "10.2.0")).values) == {"new"}
    assert set(outcome({COMPANY: {"new": ("x", FORCED)}}, Target()).values) == set()  # a version that nobody knows


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition(), True),
        (Condition(platforms=frozenset({"windows", "linux"})), True),
        (Condition(platforms=frozenset({"macos"})), False),
        (Condition(since="10.1"), True),
        (Condition(since="10.1.1"), False),
        (Condition(below="10.1"), False),
        (Condition(below="10.2"), True),
        (Condition(since="9", below="11"), True),
    ],
)
def test_entries_are_meant_for_platforms_and_versions(condition: Condition, holds: bool) -> None:
    content = {COMPANY: {"theme": Entry("A", DEFAULT)}, FIRST: {"theme": Entry("B", DEFAULT, condition)}}
    found = outcome_of(SCHEMA, content, TARGET)
    assert found.values["theme"].entry.value == ("B" if holds else "A")
    assert lost(found, "theme") == ([("company", Why.NEARER)] if holds else [("group:G-1", Why.CONDITION)])


def test_a_condition_on_what_is_not_known_does_not_hold() -> None:
    for condition in (Condition(platforms=frozenset({"windows"})), Condition(since="1"), Condition(below="99")):
        assert not outcome_of(SCHEMA, {COMPANY: {"theme": Entry("A", FORCED, condition)}}, Target()).values


# --- any layers ---------------------------------------------------------------------------------------------------

keys = st.sampled_from(["theme", "proxy.mode", "proxy.host", "proxy.port", "proxy.bypass", "new", "never"])
conditions = st.sampled_from([Condition(), Condition(platforms=frozenset({"macos"})), Condition(below="9")])
entries = st.builds(Entry, st.sampled_from(["a", "b", "c"]), st.sampled_from(list(Mode)), conditions)
contents = st.dictionaries(st.sampled_from(LAYERS), st.dictionaries(keys, entries, max_size=5), max_size=4)


def independent(content: Content) -> dict[str, Any]:
    """The same said another way: whoever beats everybody else."""

    def beats(one: tuple[Layer, Entry], two: tuple[Layer, Entry]) -> bool:
        (near, mine), (far, other) = one, two
        if (mine.mode is FORCED) != (other.mode is FORCED):
            return mine.mode is FORCED
        return (
            LAYERS[::-1].index(near) < LAYERS[::-1].index(far) if Level.GROUP not in (near.level, far.level) else _nearer(near, far)
        )

    def _nearer(near: Layer, far: Layer) -> bool:
        return [DEVICE, FIRST, SECOND, COMPANY].index(near) < [DEVICE, FIRST, SECOND, COMPANY].index(far)

    applying = [
        (layer, key, entry)
        for layer, inside in content.items()
        for key, entry in inside.items()
        if entry.condition == Condition() and key not in ("proxy.bypass", "new", "never")
    ]
    result = {}
    for layer, key, entry in applying:
        block = {"proxy.mode", "proxy.host", "proxy.port"} if key.startswith("proxy.") else {key}
        rivals = [(other, each) for other, name, each in applying if name in block and other != layer]
        best = [(layer, each) for other, name, each in applying if name in block and other == layer]
        if all(any(beats(mine, rival) for mine in best) for rival in rivals):
            result[key] = (layer, entry.value, entry.mode)
    return result


@given(contents)
def test_an_independent_calculation_agrees(content: Content) -> None:
    found = outcome_of(SCHEMA, content, TARGET)
    assert {key: (each.layer, each.entry.value, each.entry.mode) for key, each in found.values.items()} == independent(content)


@given(contents)
def test_cs_12_what_a_bundle_brings_for_later_takes_nothing_away_now(content: Content) -> None:
    """A bundle carries what its program does not know yet; the rest of it is what the view shows."""
    brought = outcome_of(SCHEMA, content, TARGET, keep_newer=True).values
    now = {key: (each.layer, each.entry) for key, each in brought.items() if not SCHEMA.settings[key].since}
    assert now == {key: (each.layer, each.entry) for key, each in outcome_of(SCHEMA, content, TARGET).values.items()}
    block = {each.layer for key, each in brought.items() if key.startswith("proxy.")}
    assert len(block) < 2  # from one layer, whatever its program knows (CS-5)


@given(contents, st.randoms())
def test_the_order_of_storage_changes_nothing(content: Content, chance: Any) -> None:
    shuffled = list(content.items())
    chance.shuffle(shuffled)
    turned = {layer: dict(reversed(list(inside.items()))) for layer, inside in shuffled}
    assert outcome_of(SCHEMA, turned, TARGET) == outcome_of(SCHEMA, content, TARGET)


@given(contents)
def test_a_layer_that_sets_nothing_changes_nothing(content: Content) -> None:
    more = {**content, **{layer: {} for layer in LAYERS if layer not in content}}
    assert outcome_of(SCHEMA, more, TARGET) == outcome_of(SCHEMA, content, TARGET)


@given(contents)
def test_nothing_is_forgotten(content: Content) -> None:
    """Every entry is a winner or a loser, once."""
    found = outcome_of(SCHEMA, content, TARGET)
    told = [(each.layer, key, each.entry) for key, each in found.values.items()]
    told += [(loser.layer, key, loser.entry) for key, each in found.values.items() for loser in each.losers]
    told += [(loser.layer, key, loser.entry) for key, losers in found.skipped.items() for loser in losers]
    given_in = [(layer, key, entry) for layer, inside in content.items() for key, entry in inside.items()]
    assert sorted(map(repr, told)) == sorted(map(repr, given_in))


def test_two_groups_in_one_place_are_told_apart_by_their_code() -> None:
    twins = [Layer(Level.GROUP, code, 3) for code in ("G-B", "G-A", "G-C")]
    for order in permutations(twins):
        found = outcome_of(SCHEMA, {layer: {"theme": Entry(layer.code, FORCED)} for layer in order}, TARGET)
        assert found.values["theme"].entry.value == "G-A"
