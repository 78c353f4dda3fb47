"""Limits: never one too many, whoever counts (S30, S74). In the database, and in Redis where there is one."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import override_settings

from podpora.api import limits
from podpora.api.envelope import ApiError
from podpora.api.models import Count
from tests.make import licensing as make
from tests.make.api import Api, activation_body
from tests.make.races import at_once, in_processes

REDIS = os.environ.get("PODPORA_TEST_REDIS_URL", "")
STORES = ["database", pytest.param("redis", marks=pytest.mark.skipif(not REDIS, reason="no Redis was named"))]
THREE = limits.Limit("three", 3)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where places are counted."""
    memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    if request.param == "redis":
        yield "redis"
        cache.clear()
        return
    with override_settings(CACHES=memory):
        yield "database"


def refused(limit: limits.Limit, who: str, at: datetime) -> str | None:
    """`Retry-After`, or None."""
    try:
        limits.count(limit, who, at=at)
    except ApiError as problem:
        assert problem.status == 429
        return problem.headers["Retry-After"]
    return None


@pytest.mark.django_db
def test_each_asker_has_his_own_places_and_new_ones_when_he_has_waited(store: str, at: datetime) -> None:
    late = at + timedelta(seconds=41)
    assert [refused(THREE, "a", late) for _ in range(5)] == [None, None, None, "19", "19"]
    assert refused(THREE, "b", late) is None
    assert refused(THREE, "a", late + timedelta(seconds=18)) == "1"
    assert refused(THREE, "a", late + timedelta(seconds=19)) is None


@pytest.mark.django_db
def test_looking_takes_no_place(store: str, at: datetime) -> None:
    for _ in range(5):
        limits.refuse(THREE, "a", at=at)
    for _ in range(3):
        limits.count(THREE, "a", at=at)
    with pytest.raises(ApiError) as problem:
        limits.refuse(THREE, "a", at=at)
    assert problem.value.headers["Retry-After"] == "60"
    limits.refuse(THREE, "a", at=at + timedelta(minutes=1))


@pytest.mark.django_db
def test_places_taken_by_the_step_are_as_many(store: str, at: datetime) -> None:
    by_step = limits.Limit("step", 40, step=10)
    assert sum(refused(by_step, "a", at) is None for _ in range(100)) == 40
    limits.forget()
    assert refused(by_step, "a", at) == "60"


def test_a_limit_of_one_process_asks_nobody(at: datetime) -> None:
    alone = limits.Limit("alone", 3, shared=False)
    assert [refused(alone, "a", at) for _ in range(4)] == [None, None, None, "60"]
    assert refused(alone, "a", at + timedelta(minutes=1)) is None
    assert [limits.is_exhausted_here(alone, "b", at=at) for _ in range(4)] == [False, False, False, True]


@pytest.mark.django_db
def test_old_counts_are_swept(at: datetime) -> None:
    with override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}):
        limits.count(THREE, "old", at=at)
        limits.count(THREE, "new", at=at + timedelta(days=3))
    assert list(Count.objects.values_list("key", flat=True)) == ["three:new"]


def _many(limit: limits.Limit, tries: int, at: datetime) -> int:
    return sum(refused(limit, "s74", at) is None for _ in range(tries))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [1, 10])
def test_s74_two_hundred_at_once_in_two_processes_get_exactly_the_places(store: str, step: int, at: datetime) -> None:
    limit = limits.Limit(f"s74-{step}", 50, step=step)
    ends = in_processes(_many, [(limit, 100, at), (limit, 100, at)])
    assert [end.failed for end in ends if end.failed] == []
    assert sum(end.value for end in ends) == 50


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_s74_forty_threads_get_exactly_the_places(store: str, at: datetime) -> None:
    limit = limits.Limit("s74", 25)
    ends = at_once([lambda: refused(limit, "x", at) for _ in range(40)])
    assert Counter(end.value for end in ends) == {None: 25, "60": 15}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_s30_many_guesses_at_once_gain_nothing(store: str) -> None:
    body = activation_body(make.licence())
    wrong = body | {"key": "PK" + "A" * 23}
    ends = at_once([lambda: Api().post("activations", wrong).status_code for _ in range(40)])
    assert Counter(end.value for end in ends) == {422: 20, 429: 20}
    right = Api().post("activations", body)
    assert (right.status_code, right.json()["error"]["code"]) == (429, "request.too_many")
    assert 1 <= int(right.headers["Retry-After"]) <= 60


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ACTIVATIONS", "ADDRESSES"])
def test_activations_are_counted_by_licence_and_by_address(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, name, limits.Limit(name.lower(), 2))
    body = activation_body(make.licence())
    assert [Api().post("activations", body).status_code for _ in range(3)] == [201, 200, 429]
