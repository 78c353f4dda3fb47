"""The little SQL that is written by hand: pieces that mean the same on both engines, and the connection that runs them.

A hot answer comes from one prepared statement. Rows of another table that belong to it (a ledger, a version's life) stand in it as a
piece of JSON, so that each room writes its own piece and nobody reads another one's tables. `json_rows` writes such a piece from the
model itself, `reader_of` reads it back: a column that is added to a model or renamed is followed, not forgotten.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]
Reader = Callable[[str], list[list[Any]]]


def fetch_row(statement: str, parameters: Sequence[Any]) -> Row | None:
    """The first row of a prepared statement (placeholders `%s`) on this thread's connection, without the ORM.

    Raises django.db.Error; the caller closes the connection and tries once more, or gives the question to Django.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            found: Row | None = raw.execute(statement.replace("%s", "?"), parameters).fetchone()
            return found
        from psycopg import Cursor

        with Cursor(raw) as cursor:
            return cursor.execute(statement, parameters, prepare=True).fetchone()


def json_rows(model: type[models.Model], columns: Sequence[str], where: str) -> str:
    """A subquery: the rows of the model as the text of a JSON array of arrays, in no particular order."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(_column(model, name)) for name in columns)
    table = quote(model._meta.db_table)
    if connection.vendor == "sqlite":
        return f"(SELECT json_group_array(json_array({names})) FROM {table} WHERE {where})"  # noqa: S608  # our own names
    return f"(SELECT coalesce(json_agg(json_build_array({names})), '[]')::text FROM {table} WHERE {where})"  # noqa: S608


def json_object(model: type[models.Model], key: str, value: str, where: str) -> str:
    """A subquery: two columns of the model as the text of a JSON object."""
    quote = connection.ops.quote_name
    names, table = f"{quote(_column(model, key))}, {quote(_column(model, value))}", quote(model._meta.db_table)
    if connection.vendor == "sqlite":
        return f"(SELECT json_group_object({names}) FROM {table} WHERE {where})"  # noqa: S608
    return f"(SELECT coalesce(json_object_agg({names}), '{{}}')::text FROM {table} WHERE {where})"  # noqa: S608


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


_FROM_JSON: dict[str, Callable[[Any], Any]] = {"DateTimeField": instant, "DateField": date.fromisoformat, "BooleanField": bool}
