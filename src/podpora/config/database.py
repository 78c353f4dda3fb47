"""Database settings for both engines (STACK: SQLite, PostgreSQL)."""

import sys
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from podpora.config.env import BadSetting, Environment


def swap_sqlite() -> None:
    """Put pysqlite3's newer SQLite in the place of the system's, before Django loads it.

    SQLite up to 3.51.2 has the WAL-reset corruption bug; a system check warns where the swap was not possible.
    """
    if sys.platform == "linux":
        try:
            import pysqlite3
        except ImportError:
            return
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def settings_for(env: Environment) -> dict[str, Any]:
    """Django's DATABASES["default"] for this environment."""
    url = env.database_url
    if not url or url.startswith("sqlite"):
        path = unquote(urlsplit(url).path) if url else str(env.data_dir / "podpora.sqlite3")
        return sqlite(path, env.sqlite_synchronous)
    return postgresql(url)


def sqlite(path: str, synchronous: str) -> dict[str, Any]:
    """WAL, immediate transactions, patient writers; never mmap, never a copied file."""
    pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,  # opening and its pragmas cost more than a page's statements
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }


def postgresql(url: str) -> dict[str, Any]:
    """A libpq address -> settings with short lock waits and health checks."""
    parts = urlsplit(url)
    if not parts.path.strip("/"):
        raise BadSetting("PODPORA_DATABASE_URL names no database: postgresql://user:password@host/NAME.")
    options = dict(parse_qsl(parts.query))
    limits = "-c lock_timeout=3s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": limits, "server_side_binding": True, "prepare_threshold": 5, **options},
    }
