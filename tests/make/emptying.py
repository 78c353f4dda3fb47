"""Between tests with real transactions Django empties all tables: a hundred and thirty, of which a test filled twenty."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

CONSTANT = ("django_content_type", "auth_permission")  # the names of the models, which Django would write anew each time


@contextmanager
def of_what_is_filled() -> Iterator[None]:
    """Let Django empty only the tables with rows in them, and let tables be emptied that refuse it (append-only triggers)."""
    operations = type(connection.ops)
    plan, run = operations.sql_flush, operations.execute_sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, *, reset_sequences: bool = False, allow_cascade: bool = False) -> Any:
        filled = _filled([table for table in tables if table not in CONSTANT])
        if connection.vendor == "sqlite":
            return plan(self, style, filled, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        if not _may_pass_over_triggers():
            return plan(self, style, filled, reset_sequences=reset_sequences, allow_cascade=True)
        return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{table}"' for table in filled)]

    def execute_sql_flush(self: Any, sql_list: Any) -> None:
        triggers = _refusing() if connection.vendor == "sqlite" else []
        with connection.cursor() as cursor:
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        run(self, sql_list)
        with connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    operations.sql_flush, operations.execute_sql_flush = sql_flush, execute_sql_flush
    yield
    operations.sql_flush, operations.execute_sql_flush = plan, run


def _filled(tables: Any) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS(SELECT 1 FROM \"{table}\")" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [row[0] for row in cursor.fetchall()]


def _refusing() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")
        return list(cursor.fetchall())


def _may_pass_over_triggers() -> bool:
    """Is the user of the tests a superuser?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        return bool(cursor.fetchone()[0])
