"""Limits on guessing, on the cache that an installation has (the database's, or Redis)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from podpora.api import limits
from podpora.api.envelope import ApiError
from tests.make.races import at_once

TABLE = "test_limits_cache"


@pytest.fixture
def table() -> Iterator[None]:
    """The database cache, as in an installation without Redis."""
    backend = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": TABLE}
    with override_settings(CACHES={"default": backend}):
        call_command("createcachetable", TABLE, verbosity=0)
        yield
        caches["default"].clear()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_misses_at_once_are_all_counted(table: None, at: datetime) -> None:
    ends = at_once([lambda: limits.count_miss("x", at=at) for _ in range(19)])
    assert [end.failed for end in ends if end.failed] == []
    limits.refuse_guessing("x", at=at)
    limits.count_miss("x", at=at)
    with pytest.raises(ApiError) as refused:
        limits.refuse_guessing("x", at=at)
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "60")
    limits.refuse_guessing("y", at=at)
    limits.refuse_guessing("x", at=at + timedelta(minutes=1))
