from datetime import UTC, datetime, timedelta

import pytest

from podpora.jobs import rules

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 10), (1, 10), (2, 20), (3, 40), (7, 600), (10_000, 600)])
def test_the_wait_doubles_up_to_ten_minutes(attempts: int, seconds: int) -> None:
    assert rules.back_off(attempts, chance=0) == timedelta(seconds=seconds)


def test_chance_shortens_the_wait_by_a_third_at_most() -> None:
    assert rules.back_off(3, chance=1) == timedelta(seconds=40) * (2 / 3)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (NOON, NOON + timedelta(hours=1)),
        (NOON + timedelta(minutes=59), NOON + timedelta(hours=1)),
        (NOON + timedelta(hours=1), NOON + timedelta(hours=2)),
        (NOON + timedelta(days=3, minutes=1), NOON + timedelta(days=3, hours=1)),
        (NOON - timedelta(hours=5), NOON + timedelta(hours=1)),
    ],
)
def test_a_periodic_job_keeps_its_beat_and_catches_up_once(at: datetime, due: datetime) -> None:
    """F20: after three days' pause it runs once, not 72 times."""
    assert rules.next_run(NOON, timedelta(hours=1), at=at) == due
