"""Rows in bulk: written as a database takes them, without a model for each, with ids that are known beforehand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

BATCH = 5000

Row = Mapping[str, Any]


# kB of pages that SQLite keeps until the end: what does not fit is written, read and written again while the indexes grow.
CACHE = 1_000_000
ONCE = {"postgresql": "SET statement_timeout = 0", "sqlite": f"PRAGMA cache_size = -{CACHE}"}


def prepare() -> None:
    """Make this connection fit for one large transaction."""
    with connection.cursor() as cursor:
        cursor.execute(ONCE[connection.vendor])


def next_id(model: type[models.Model]) -> int:
    """The first id that is free behind all others."""
    return (model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1


def insert(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Write rows of this model: each maps columns to values; the columns of the first are those of all, the rest is default.

    Numbers, strings, truth, instants, dates and None only. An `id` among the columns moves the table's sequence behind it.
    """
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        _write(model, batch)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _write(model: type[models.Model], batch: Sequence[Row]) -> None:
    given = list(batch[0])
    rest = [field for field in model._meta.concrete_fields if field.column not in given and not _made_by_database(field)]
    constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    columns = [*given, *(field.column for field in rest)]
    table, names = (
        connection.ops.quote_name(model._meta.db_table),
        ", ".join(connection.ops.quote_name(str(column)) for column in columns),
    )
    lines = [_plain(row.values()) + constants for row in batch]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", lines)  # noqa: S608  # names of our models


def _made_by_database(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField | models.GeneratedField)


def _plain(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values as this engine keeps them."""
    if connection.vendor == "postgresql":
        return tuple(values)
    return tuple(_text(value) if isinstance(value, date) else value for value in values)


def _text(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ")[:-6]
    return value.isoformat()


def batches(numbers: Sequence[int], size: int = BATCH) -> Iterator[Sequence[int]]:
    for begin in range(0, len(numbers), size):
        yield numbers[begin : begin + size]
