"""S70: nothing that is read from the cache can run. F27: the cache emptied, or Redis away, is no 500 and logs nobody out."""

import base64
import json
import logging
import os
import pickle
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as real_settings
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection
from django.test import Client

from podpora.base import clock
from podpora.base.counting import count
from podpora.config import cache as own
from podpora.config import settings as shipped
from podpora.people.models import Person
from tests.make import people, web

pytestmark = pytest.mark.django_db
TABLE = {"BACKEND": "podpora.config.cache.JsonTable", "LOCATION": "django_cache"}
REDIS_URL = os.environ.get("PODPORA_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


@pytest.fixture
def table(settings: Any) -> Iterator[Any]:
    """The cache of an installation without Redis."""
    settings.CACHES = {"default": TABLE, "table": TABLE}
    call_command("createcachetable", verbosity=0)
    yield caches["default"]
    cache.clear()


@pytest.fixture
def redis(settings: Any) -> Iterator[Any]:
    """The cache of an installation with Redis, on keys of its own."""
    import redis as library

    try:
        library.Redis.from_url(REDIS_URL).ping()
    except library.RedisError:
        pytest.skip("no Redis")
    here = {"BACKEND": "podpora.config.cache.JsonRedis", "LOCATION": REDIS_URL, "KEY_PREFIX": f"podpora-cache-test-{os.getpid()}"}
    settings.CACHES = {"default": here, "table": TABLE}
    call_command("createcachetable", verbosity=0)
    yield caches["default"]
    client: Any = caches["default"]._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    for key in list(client.scan_iter(match=f"{here['KEY_PREFIX']}:*")):
        client.delete(key)
    caches["default"].close()


@pytest.fixture(params=["table", "redis"])
def each(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


class Bomb:
    """What runs when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return (Path.touch, (self.mark,))


def test_the_shipped_settings_use_json_only() -> None:
    """S70"""
    assert shipped.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert {facts["BACKEND"] for facts in shipped.CACHES.values()} <= {
        "podpora.config.cache.JsonTable",
        "podpora.config.cache.JsonRedis",
    }
    assert real_settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_a_planted_pickle_in_the_table_is_as_good_as_nothing(table: Any, tmp_path: Path) -> None:
    """S70: as Django itself would have written it, and as it is."""
    mark = tmp_path / "it-ran"
    bomb = pickle.dumps(Bomb(mark))
    for number, content in enumerate((base64.b64encode(bomb).decode(), bomb.decode("latin-1").replace("\x00", " "), "{", "")):
        table.set(f"k{number}", [1])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_cache SET value = %s WHERE cache_key = %s", [content, table.make_key(f"k{number}")])
        assert table.get(f"k{number}", "nothing") == "nothing"
    assert table.get_many([f"k{n}" for n in range(4)]) == {}
    assert not mark.exists()
    pickle.loads(bomb)
    assert mark.exists(), "the bomb is a real one"


def test_a_planted_pickle_in_redis_is_as_good_as_nothing(redis: Any, tmp_path: Path) -> None:
    """S70"""
    mark = tmp_path / "it-ran"
    client = redis._cache.get_client(None, write=True)
    for content in (pickle.dumps(Bomb(mark)), b"\xff\xfe", b"{"):
        client.set(redis.make_key("k"), content)
        assert redis.get("k", "nothing") == "nothing"
        assert redis.get_many(["k"]) == {}
    assert not mark.exists()


def test_pages_behind_limits_survive_planted_values(each: Any, settings: Any) -> None:
    """S70: signing in counts its tries in the cache."""
    people.person("jana@private.example")
    client = Client()
    form = {"login": "jana@private.example", "password": "wrong"}
    assert client.post("/account/login/", form).status_code == 200
    if each is caches["default"] and isinstance(each, own.JsonTable):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_cache SET value = %s", [base64.b64encode(pickle.dumps([1])).decode()])
    else:
        raw = each._cache.get_client(None, write=True)
        for key in list(raw.scan_iter(match=f"{each.key_prefix}:*")):
            raw.set(key, pickle.dumps([1]))
    assert client.post("/account/login/", form).status_code == 200


@pytest.mark.parametrize("value", [1, -5, 0, True, False, None, "ž", "", 1.5, [1, 2.5, "a"], {"a": [None]}, "1", [[]]])
def test_values_come_back_as_they_were(each: Any, value: Any) -> None:
    each.set("k", value, 60)
    found = each.get("k", "nothing")
    assert (found, type(found)) == (value, type(value))


def test_what_is_no_json_is_refused_when_it_is_written(each: Any) -> None:
    with pytest.raises(TypeError):
        each.set("k", {1, 2})


def test_adding_touching_counting_and_time(table: Any) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        assert table.add("k", 1, 60)
        assert not table.add("k", 2, 60)
        assert (table.incr("k", 4), table.get("k"), table.has_key("k")) == (5, 5, True)
        traveller.shift(timedelta(seconds=50))
        assert table.touch("k", 60)
        traveller.shift(timedelta(seconds=50))
        assert table.get("k") == 5
        traveller.shift(timedelta(seconds=50))
        assert (table.get("k"), table.touch("k", 60)) == (None, False)
        assert table.add("k", 3, None)
        traveller.shift(timedelta(days=4000))
        assert table.get("k") == 3
        assert table.delete("k") and not table.delete("k")
    with pytest.raises(ValueError, match="not found"):
        table.incr("missing")


def test_too_many_are_culled(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "CULL_EVERY", 10)
    monkeypatch.setattr(table, "_max_entries", 20)
    for number in range(60):
        table.set(f"k{number}", number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_cache")
        assert cursor.fetchone()[0] <= 31


def test_f27_a_flush_between_two_steps_of_a_count(each: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = type(each).incr

    def flushed(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.delete(args[0])
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(type(each), "incr", flushed)
        assert count("k", seconds=60) == 1
    assert count("k", seconds=60) == 2


def test_f27_a_flush_logs_nobody_out_and_breaks_no_page(each: Any) -> None:
    """Sessions are in the database; only what was counted for limits begins anew."""
    person = people.person("jana@private.example")
    web.vendor()
    client = Client()
    client.force_login(person)
    for _flush in range(2):
        for path in ("/", "/account/", "/licences/", "/centre/", "/shop/"):
            assert client.get(path).status_code == 200, path
        if isinstance(each, own.JsonTable):
            each.clear()
        else:
            raw = each._cache.get_client(None, write=True)
            for key in list(raw.scan_iter(match=f"{each.key_prefix}:*")):
                raw.delete(key)
    form = {"login": "jana@private.example", "password": people.PASSWORD}
    assert Client().post("/account/login/", form).status_code == 302


def test_f27_without_redis_the_table_takes_its_place_and_it_is_logged_once(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "_said_at", 0.0)
    nobody = {"BACKEND": "podpora.config.cache.JsonRedis", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nobody, "table": TABLE}
    call_command("createcachetable", verbosity=0)
    people.person("jana@private.example")
    client = Client()
    with caplog.at_level(logging.ERROR, logger="podpora.config.cache"):
        for _try in range(3):
            assert client.post("/account/login/", {"login": "jana@private.example", "password": "wrong"}).status_code == 200
        assert client.post("/account/login/", {"login": "jana@private.example", "password": people.PASSWORD}).status_code == 302
        assert client.get("/account/").status_code == 200
        assert (count("k", seconds=60), count("k", seconds=60)) == (1, 2)
    assert len([record for record in caplog.records if "Redis cannot be reached" in record.message]) == 1
    caches["table"].clear()
    assert Person.objects.get().is_active and json.dumps(1)
