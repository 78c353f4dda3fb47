"""Staged roll-outs: CS-8, CS-18, CS-19."""

from datetime import date

import pytest

from podpora.fleet.rules import has_reached, must_halt, revision_for, share_of
from podpora.fleet.rules.waves import Wave, is_excluded

DEVICES = [f"D-{number}" for number in range(10_000)]


def test_a_percentage_is_that_part_of_the_devices() -> None:
    waves = [Wave(percent=10)]
    reached = [device for device in DEVICES if has_reached(device, (), rollout="R-1", waves=waves)]
    assert 900 < len(reached) < 1100


def test_a_later_wave_holds_the_earlier_one() -> None:
    first = {device for device in DEVICES if has_reached(device, (), rollout="R-1", waves=[Wave(percent=10)])}
    later = {device for device in DEVICES if has_reached(device, (), rollout="R-1", waves=[Wave(percent=10), Wave(percent=50)])}
    assert first < later
    assert all(has_reached(device, (), rollout="R-1", waves=[Wave(percent=100)]) for device in DEVICES)
    assert not any(has_reached(device, (), rollout="R-1", waves=[Wave()]) for device in DEVICES)


def test_other_roll_outs_begin_with_other_devices() -> None:
    one, two = ({device for device in DEVICES if share_of(device, code) < 10} for code in ("R-1", "R-2"))
    assert len(one & two) < len(one) / 2


def test_a_wave_of_groups() -> None:
    assert has_reached("D-1", ["G-2"], rollout="R-1", waves=[Wave(groups=frozenset({"G-1", "G-2"}))])
    assert not has_reached("D-1", ["G-3"], rollout="R-1", waves=[Wave(groups=frozenset({"G-1", "G-2"}))])


@pytest.mark.parametrize(
    ("reached", "offered", "expected"),
    [(False, 0, 8), (True, 0, 9), (True, 8, 9), (False, 9, 9), (True, 9, 9), (False, 8, 8)],
)
def test_cs_19_a_device_never_goes_back(reached: bool, offered: int, expected: int) -> None:
    assert revision_for(reached, offered=offered, rolling=9, settled=8) == expected


@pytest.mark.parametrize(
    ("errors", "reports", "reached", "halts"),
    [
        (3, 100, 1000, True),  # CS-18: 3 % where 2 % are allowed
        (2, 100, 1000, False),
        (0, 1000, 1000, False),
        (1, 3, 1000, False),  # too early to tell
        (2, 3, 1000, True),  # 4 % of the first fifty, whatever the others say
        (1, 1, 10, True),  # one of ten
        (20, 1000, 1000, False),
        (21, 1000, 1000, True),
    ],
)
def test_cs_18_it_halts_itself(errors: int, reports: int, reached: int, halts: bool) -> None:
    assert must_halt(errors, reports, reached=reached, limit_percent=2) is halts


def test_days_on_which_nothing_goes_out() -> None:
    holidays = [(date(2026, 12, 24), date(2027, 1, 1))]
    assert [is_excluded(date(2026, 12, day), holidays) for day in (23, 24, 31)] == [False, True, True]
    assert is_excluded(date(2027, 1, 1), holidays)
    assert not is_excluded(date(2027, 1, 2), holidays)
