"""Fixtures of the whole suite."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def at() -> datetime:
    """An ordinary instant: Monday 16 March 2026, 10:00 in Prague."""
    return datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
