"""The plan of a roll-out: what can be planned, and when its waves begin."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from podpora.base.errors import InvalidInput
from podpora.fleet.rules import is_held, next_wave_at, plan_from, plan_json, read_plan, revision_for
from podpora.fleet.values import Plan, Wave

pytestmark = pytest.mark.once
GROUPS = frozenset({"G-1"})
GOOD = {"waves": [{"groups": ["G-1"], "hours": 4}, {"percent": 10}, {"percent": 100, "hours": None}], "error_limit": 5}


def test_a_plan_is_read_and_kept() -> None:
    plan = read_plan(GOOD | {"exclusions": [["2026-12-24", "2027-01-01"]]}, groups=GROUPS, zone="Europe/Prague")
    assert plan.waves == (Wave(0, frozenset({"G-1"}), 4), Wave(10), Wave(100, hours=None))
    assert (plan.exclusions, plan.zone, plan.error_limit) == (((date(2026, 12, 24), date(2027, 1, 1)),), "Europe/Prague", 5.0)
    assert plan_from(plan_json(plan)) == plan


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"waves": []}, "waves", "settings.rollout_waves"),
        ({"waves": [{"percent": 100}] * 21}, "waves", "settings.rollout_waves"),
        ({"waves": "all"}, "waves", "settings.rollout_waves"),
        ({"waves": [{"percent": 50}]}, "waves", "settings.rollout_last_wave"),
        ({"waves": [{"percent": 50}, {"percent": 20}, {"percent": 100}]}, "waves.1", "settings.rollout_order"),
        ({"waves": [{"groups": ["G-2"]}, {"percent": 100}]}, "waves.0.groups", "unknown"),
        ({"waves": [{}, {"percent": 100}]}, "waves.0", "required"),
        ({"waves": [7, {"percent": 100}]}, "waves.0", "unknown"),
        ({"waves": [{"percent": 101}]}, "waves.0.percent", "out_of_range"),
        ({"waves": [{"percent": True}]}, "waves.0.percent", "out_of_range"),
        ({"waves": [{"percent": float("nan")}]}, "waves.0.percent", "out_of_range"),
        ({"waves": [{"percent": 100, "hours": -1}]}, "waves.0.hours", "out_of_range"),
        ({"waves": [{"percent": 100, "hours": 1.5}]}, "waves.0.hours", "out_of_range"),
        ({"error_limit": 101}, "error_limit", "out_of_range"),
        ({"zone": "Mars/Olympus"}, "zone", "settings.rollout_zone"),
        ({"zone": "../../etc/passwd"}, "zone", "settings.rollout_zone"),
        ({"zone": 1}, "zone", "settings.rollout_zone"),
        ({"exclusions": [["2027-01-01", "2026-12-24"]]}, "exclusions", "settings.rollout_dates"),
        ({"exclusions": [["soon"]]}, "exclusions", "settings.rollout_dates"),
        ({"exclusions": [["2026-12-24", "2027-01-01"]] * 51}, "exclusions", "settings.rollout_dates"),
        ({"speed": 1}, "speed", "unknown"),
    ],
)
def test_what_can_not_be_planned(change: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        read_plan(GOOD | change, groups=GROUPS, zone="Europe/Prague")
    assert code in problem.value.fields[field]


def test_the_next_wave_begins_after_its_hours_and_never_on_an_excluded_day() -> None:
    began = datetime(2026, 12, 22, 9, tzinfo=UTC)
    free = Plan((Wave(10, hours=24), Wave(100, hours=None)))
    assert next_wave_at(free, 1, began_at=began) == began + timedelta(hours=24)
    assert next_wave_at(free, 2, began_at=began) is None
    holidays = ((date(2026, 12, 23), date(2026, 12, 26)), (date(2026, 12, 27), date(2027, 1, 1)))
    prague = Plan(free.waves, holidays, "Europe/Prague")
    assert next_wave_at(prague, 1, began_at=began) == datetime(2027, 1, 1, 23, tzinfo=UTC)  # midnight of 2 January there
    assert next_wave_at(Plan(free.waves, holidays, "Asia/Tokyo"), 1, began_at=began) == datetime(2027, 1, 1, 15, tzinfo=UTC)


def test_a_day_is_held_from_midnight_to_midnight_of_its_zone() -> None:
    plan = Plan((Wave(100),), ((date(2026, 12, 24), date(2026, 12, 24)),), "Europe/Prague")
    hours = [
        datetime(2026, 12, 23, 22, 59, tzinfo=UTC),
        datetime(2026, 12, 23, 23, tzinfo=UTC),
        datetime(2026, 12, 24, 23, tzinfo=UTC),
    ]
    assert [is_held(plan, at=at) for at in hours] == [False, True, False]


def test_cs_18_a_stopped_roll_out_gives_nobody_what_he_does_not_have() -> None:
    table = [(True, 8, 8), (True, 9, 9), (False, 0, 8), (True, 0, 8)]
    for reached, offered, expected in table:
        assert revision_for(reached, offered=offered, rolling=10, settled=8, is_stopped=True) == expected
    assert revision_for(False, offered=9, rolling=10, settled=8) == 10  # what it has is replaced: it gets the mended one at once
