"""The cache, in the database or in Redis: what is in it is JSON, never anything that could run when it is read (S70).

Whoever can write into a cache of Django's own kind runs code in every process that reads it: values are pickled there. Here what is no
JSON is as good as not there. While Redis is away, the table in the database takes its place, so that nothing answers 500 (F27).
"""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.db import DatabaseError, connections, models, router, transaction
from redis.exceptions import RedisError

from podpora.base import clock

log = logging.getLogger(__name__)
TABLE = "table"  # the alias of the cache in the database
NOTHING = object()
FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)
SILENCE = 60.0  # seconds between two lines in the log about the same trouble
CULL_EVERY = 100
_said_at = 0.0


class Json:
    """Values as JSON; whole numbers as they are, so that Redis can count them."""

    def dumps(self, value: Any) -> Any:
        return value if type(value) is int else json.dumps(value, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError:
            return NOTHING


class JsonTable(DatabaseCache):
    """Django's cache table with JSON in its column, and one statement for a value that is set or added."""

    _json = Json()
    _sets = 0
    _table: str
    _max_entries: int
    _cull: Any

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not names:
            return {}
        connection = connections[router.db_for_read(self.cache_model_class)]
        places = ", ".join(["%s"] * len(names))
        with connection.cursor() as cursor:
            sql = f"SELECT cache_key, value, expires FROM {self._quoted(connection)} WHERE cache_key IN ({places})"  # noqa: S608
            cursor.execute(sql, list(names))
            rows = cursor.fetchall()
        now = clock.now()
        alive = {names[key]: self._json.loads(value) for key, value, expires in rows if _instant(connection, expires) >= now}
        return {key: value for key, value in alive.items() if value is not NOTHING}

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        seconds = self.get_backend_timeout(timeout)
        connection = connections[router.db_for_write(self.cache_model_class)]
        expires = FOR_EVER if seconds is None else datetime.fromtimestamp(seconds, UTC)
        told = connection.ops.adapt_datetimefield_value(expires.replace(microsecond=0))
        now = connection.ops.adapt_datetimefield_value(clock.now().replace(microsecond=0))
        content = self._json.dumps(value)
        text = content.decode() if isinstance(content, bytes) else str(content)
        table = self._quoted(connection)
        if mode == "touch":
            sql, values = f"UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires >= %s", [told, key, now]  # noqa: S608
        else:
            sql = f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"  # noqa: S608, E501
            values = [key, text, told]
            if mode == "add":
                sql, values = f"{sql} WHERE {table}.expires < %s", [*values, now]
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                self._cull_sometimes(connection, cursor)
                cursor.execute(sql, values)
                return bool(cursor.rowcount > 0)
        except DatabaseError:
            return False

    def _cull_sometimes(self, connection: Any, cursor: Any) -> None:
        """What is over is taken away, and the oldest when there are too many. Counting at every write would cost more than writing."""
        type(self)._sets += 1
        if self._sets % CULL_EVERY:
            return
        cursor.execute(f"SELECT COUNT(*) FROM {self._quoted(connection)}")  # noqa: S608
        count = cursor.fetchone()[0]
        if count > self._max_entries:
            self._cull(connection.alias, cursor, clock.now().replace(microsecond=0), count)

    def _quoted(self, connection: Any) -> str:
        return str(connection.ops.quote_name(self._table))


def _instant(connection: Any, value: Any) -> datetime:
    expression = models.Expression(output_field=models.DateTimeField())
    for converter in connection.ops.get_db_converters(expression) + expression.get_db_converters(connection):
        value = converter(value, expression, connection)
    return value if value.tzinfo else value.replace(tzinfo=UTC)  # type: ignore[no-any-return]


class _Client(RedisCacheClient):
    def get(self, key: Any, default: Any) -> Any:
        found = super().get(key, NOTHING)
        return default if found is NOTHING else found

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return {key: value for key, value in super().get_many(keys).items() if value is not NOTHING}


class JsonRedis(RedisCache):
    """Redis with JSON in it; while it can't be reached, the table in the database."""

    def __init__(self, server: str, params: Mapping[str, Any]) -> None:
        options = {"serializer": Json(), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = _Client

    def _or_table(self, name: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except RedisError as error:
            _say(error)
            return getattr(caches[TABLE], name)(*args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or_table("get", key, default, version=version)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._or_table("get_many", keys, version=version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        return self._or_table("set", key, value, timeout, version=version)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        return self._or_table("add", key, value, timeout, version=version)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._or_table("incr", key, delta, version=version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        return self._or_table("touch", key, timeout, version=version)

    def delete(self, key: Any, version: int | None = None) -> Any:
        return self._or_table("delete", key, version=version)

    def has_key(self, key: Any, version: int | None = None) -> Any:
        return self._or_table("has_key", key, version=version)


def _say(error: Exception) -> None:
    """Once a minute: limits that were counted in Redis begin anew in the table."""
    global _said_at
    if clock.monotonic() - _said_at > SILENCE or not _said_at:
        _said_at = clock.monotonic()
        log.error("Redis cannot be reached, the database takes its place; what was counted for limits begins anew: %s", error)
