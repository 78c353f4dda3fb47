"""Writing a backup while the system serves."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from podpora import __version__
from podpora.base.clock import format_instant
from podpora.config.commands import CommandFailed
from podpora.config.transfer import rows
from podpora.files import queries as files

FORMAT = 1


def backup(target: Path, *, at: datetime) -> dict[str, Any]:
    """Write everything to `target` (mode 600) and return the manifest. The file appears only when it is whole."""
    if target.is_dir():
        raise CommandFailed(f"{target} is a folder; name a file.")
    part = target.with_name(target.name + ".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise CommandFailed(f"{target} cannot be written: {(error.strerror or str(error)).lower()}.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                manifest = _write(archive, at)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(archive: zipfile.ZipFile, at: datetime) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "podpora": __version__,
        "engine": connection.vendor,
        "made_at": format_instant(at),
        "secret": secret_fingerprint(),
        "tables": {},
        "files": {},
    }
    with snapshot():
        manifest["migrations"] = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
        for model in rows.tables(apps):
            manifest["tables"][model._meta.label_lower] = _write_table(archive, model)
    # After the tables: an upload is on disk before its row is committed and is never changed, so none is missing.
    for name in files.all_paths():
        with suppress(FileNotFoundError):  # taken away meanwhile
            manifest["files"][name] = _write_file(archive, name)
    own_secret = settings.DATA_DIR / "secret_key"
    if own_secret.exists() and own_secret.read_text().strip() == settings.SECRET_KEY:
        archive.write(own_secret, "secret_key")
    archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    return manifest


def _write_table(archive: zipfile.ZipFile, model: rows.Model) -> dict[str, Any]:
    with archive.open(f"data/{model._meta.label_lower}", "w", force_zip64=True) as file:

        def written() -> Iterator[bytes]:
            for line in rows.lines(model):
                file.write(line)
                yield line

        count, digest = rows.fingerprint(written())
    return {"rows": count, "sha256": digest}


def _write_file(archive: zipfile.ZipFile, name: str) -> str:
    """One upload, from a folder or a bucket; its SHA-256."""
    digest = hashlib.sha256()
    with default_storage.open(name, "rb") as content, archive.open(f"files/{name}", "w", force_zip64=True) as target:
        while part := content.read(1024 * 1024):
            digest.update(part)
            target.write(part)
    return digest.hexdigest()


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment of the database for the whole backup; nobody waits for it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def secret_fingerprint() -> str:
    """Says whether two installations have the same secret, without saying the secret."""
    return hashlib.sha256(b"podpora-backup:" + settings.SECRET_KEY.encode()).hexdigest()[:16]
