"""What many tests begin with is built once a process by the actions themselves; after that its rows are laid down as they were then."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

WRITES = ("INSERT", "UPDATE", "DELETE")
LOOSE = ("audit_entry", "search_document")  # everything writes here, and nothing refers to these rows: they may get other numbers


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    key: str
    columns: tuple[str, ...]

    @property
    def is_loose(self) -> bool:
        return self.name in LOOSE

    def latest(self) -> int:
        """The greatest number in it; of other tables how many rows there are."""
        wanted = f'coalesce(max("{self.key}"), 0)' if self.is_loose else "count(*)"
        return int(_asked(f'SELECT {wanted} FROM "{self.name}"'))

    def written(self, statements: list[str], how: tuple[str, ...] = WRITES) -> bool:
        return any(f'"{self.name}"' in statement for statement in statements if statement.startswith(how))

    def insert(self, after: int) -> str:
        """One statement with the rows that came, as literals."""
        literal = 'quote("{}")' if connection.vendor == "sqlite" else 'quote_nullable("{}"::text)'
        columns = [column for column in self.columns if column != self.key or not self.is_loose]
        came = f'WHERE "{self.key}" > {after}' if self.is_loose else ""
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {", ".join(map(literal.format, columns))} FROM "{self.name}" {came} ORDER BY "{self.key}"')
            rows = [f"({', '.join(row)})" for row in cursor.fetchall()]
        names = ", ".join(f'"{column}"' for column in columns)
        return f'INSERT INTO "{self.name}" ({names}) VALUES {", ".join(rows)}' if rows else ""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The statements that put them there, and the question whether something is there already."""

    is_taken: str
    inserts: tuple[str, ...]


_known: dict[Hashable, _Rows | None] = {}


def remembered(key: Hashable, build: Callable[[], Any]) -> None:
    """Build it, or do what building did. Only a build that does nothing but add rows, the first ones of their tables, is remembered;
    it is built wherever one of these tables has rows already."""
    rows = _known.get(key)
    if rows is not None and not _asked(rows.is_taken):
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in rows.inserts:
                cursor.execute(statement)
    elif key in _known:
        build()
    else:
        before = {table: table.latest() for table in _tables()}
        with _watched() as statements:
            build()
        _known[key] = _rows({table: count for table, count in before.items() if table.written(statements)}, statements)


def _rows(written: dict[_Table, int], statements: list[str]) -> _Rows | None:
    """None where rows that were there may have been changed, or something was written that is nobody's table."""
    guards = [table for table in written if not table.is_loose]
    is_plain = (
        guards
        and not any(written[table] for table in guards)
        and not any(written[table] and table.written(statements, ("UPDATE", "DELETE")) for table in written)
        and all(any(table.written([each]) for table in written) for each in statements if each.startswith(WRITES))
    )
    if not is_plain:
        return None
    is_taken = " OR ".join(f'EXISTS(SELECT 1 FROM "{table.name}")' for table in guards)
    return _Rows(f"SELECT {is_taken}", tuple(filter(None, (table.insert(after) for table, after in written.items()))))


def _tables() -> Iterator[_Table]:
    for model in apps.get_models(include_auto_created=True):
        columns = tuple(str(field.column) for field in model._meta.local_concrete_fields)
        yield _Table(model._meta.db_table, str(model._meta.pk.column), columns)


def _asked(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@contextmanager
def _watched() -> Iterator[list[str]]:
    found: list[str] = []

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        found.append(str(sql).lstrip())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found
