"""System checks: what is wrong with this installation, said before it hurts."""

import sqlite3
from typing import Any

from django.core.checks import CheckMessage, Warning, register
from django.db import connection

FIXED_SQLITE = (3, 51, 3)


@register()
def sqlite_is_fixed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SQLite up to 3.51.2 can corrupt a WAL database when it is reset."""
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < FIXED_SQLITE:
        text = f"SQLite {sqlite3.sqlite_version} has the WAL-reset corruption bug."
        return [Warning(text, hint="Install pysqlite3 (it is in the locked requirements on Linux).", id="podpora.W001")]
    return []
