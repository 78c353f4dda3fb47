"""The little SQL that is written by hand: pieces that mean the same on both engines, and the connection that runs them.

A hot answer comes from one prepared statement. Rows of another table that belong to it (a ledger, a version's life) stand in it as a
piece of JSON, so that each room writes its own piece and nobody reads another one's tables. `json_rows` writes such a piece from the
model itself, `reader_of` reads it back: a column that is added to a model or renamed is followed, not forgotten.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from hashlib import blake2b
from typing import Any
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, models

Row = tuple[Any, ...]
Reader = Callable[[str], list[list[Any]]]


class Statement:
    """A statement that is asked over and over (placeholders `%s`): on each connection it is parsed and planned once.

    Ask for texts (`json_row`, `json_rows`): on PostgreSQL every value comes as text or None, whatever its type, because what psycopg does
    around a statement costs more than the statement.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._for_sqlite = text.replace("%s", "?")
        self._name = f"podpora_{blake2b(text.encode(), digest_size=8).hexdigest()}".encode()
        self._prepared: WeakSet[Any] = WeakSet()  # connections that know it

    def first(self, *parameters: str) -> Row | None:
        """The first row, on this thread's connection and without the ORM.

        Raises django.db.Error; the caller closes the connection and tries once more, or gives the question to Django.
        """
        wrapper = connections[DEFAULT_DB_ALIAS]
        raw: Any = wrapper.connection
        if raw is None:
            wrapper.ensure_connection()
            raw = wrapper.connection
        if wrapper.vendor == "sqlite":
            with wrapper.wrap_database_errors:
                found: Row | None = raw.execute(self._for_sqlite, parameters).fetchone()
            return found
        from psycopg import Cursor
        from psycopg.pq import TransactionStatus

        if raw.pgconn.transaction_status != TransactionStatus.IDLE:  # where a failure would cost the transaction
            with wrapper.wrap_database_errors, Cursor(raw) as cursor:
                return cursor.execute(self._text, parameters, prepare=True).fetchone()
        result = self._on_postgresql(raw, [parameter.encode() for parameter in parameters])
        if not result.ntuples:
            return None
        values = [result.get_value(0, place) for place in range(result.nfields)]
        return tuple([None if value is None else value.decode() for value in values])

    def _on_postgresql(self, raw: Any, parameters: list[bytes]) -> Any:
        from psycopg.errors import InvalidSqlStatementName, error_from_result
        from psycopg.pq import ExecStatus

        for _ in range(2):
            if raw not in self._prepared:
                raw.pgconn.prepare(self._name, self._numbered())  # a failure is seen in the next line
                self._prepared.add(raw)
            result = raw.pgconn.exec_prepared(self._name, parameters)
            if result.status == ExecStatus.TUPLES_OK:
                return result
            self._prepared.discard(raw)
            if not isinstance(error_from_result(result), InvalidSqlStatementName):
                break  # else it was forgotten: psycopg does so after a rollback, a pooler by another session
        raise OperationalError(result.error_message.decode(errors="replace"))

    def _numbered(self) -> bytes:
        pieces = self._text.split("%s")
        return "".join([pieces[0], *(f"${number}{piece}" for number, piece in enumerate(pieces[1:], 1))]).encode()


def as_parameter(at: datetime) -> str:
    """An instant as a parameter of a Statement, and as it stands in the text of `json_rows`: of two such texts the later is greater."""
    return at.replace(tzinfo=None).isoformat(" ") if _is_sqlite() else at.isoformat()


@cache
def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def json_row(columns: Sequence[str]) -> str:
    """An expression: these expressions as the text of a JSON array. One column of a row costs a driver as much as all of it to read."""
    return f"json_array({', '.join(columns)})" if _is_sqlite() else f"json_build_array({', '.join(columns)})::text"


def json_rows(model: type[models.Model], columns: Sequence[str], where: str) -> str:
    """A subquery: the rows of the model as the text of a JSON array of arrays, in no particular order."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(_column(model, name)) for name in columns)
    table = quote(model._meta.db_table)
    if connection.vendor == "sqlite":
        return f"(SELECT json_group_array(json_array({names})) FROM {table} WHERE {where})"  # noqa: S608  # our own names
    return f"(SELECT coalesce(json_agg(json_build_array({names})), '[]')::text FROM {table} WHERE {where})"  # noqa: S608


def texts_of_parameter() -> str:
    """The values that one parameter brings as the text of a JSON array, for `IN (…)`."""
    return "SELECT value FROM json_each(%s)" if _is_sqlite() else "SELECT jsonb_array_elements_text(%s::jsonb)"


def reader_of(model: type[models.Model], columns: Sequence[str]) -> Reader:
    """For the text of `json_rows`: its rows, each value as the ORM would give it."""
    kinds = [model._meta.get_field(name).get_internal_type() for name in columns]
    turned = [(place, _FROM_JSON[kind]) for place, kind in enumerate(kinds) if kind in _FROM_JSON]

    def read(text: str) -> list[list[Any]]:
        rows: list[list[Any]] = json.loads(text)
        for row in rows:
            for place, turn in turned:
                if row[place] is not None:
                    row[place] = turn(row[place])
        return rows

    return read


def instant(value: Any) -> datetime | None:
    """An instant as the driver gives it -> aware, in UTC. SQLite keeps UTC without saying so."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _parsed(value: Any) -> Any:
    """A JSON field: SQLite keeps it as text, PostgreSQL as what it is."""
    return json.loads(value) if isinstance(value, str) else value


_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "DateTimeField": instant, "DateField": date.fromisoformat, "BooleanField": bool, "JSONField": _parsed,
}  # fmt: skip
