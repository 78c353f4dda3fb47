"""Reading a backup into an empty database of either engine (or, with force, in the place of what is there)."""

import hashlib
import json
import os
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from podpora.config.commands import CommandFailed
from podpora.config.transfer import numbers, rows
from podpora.config.transfer.backup import FORMAT, secret_fingerprint

BATCH = 1000
# A mail that was on its way when the backup was made must not go out again: a manager may send it by hand.
HELD = "held: restored from a backup"

Manifest = dict[str, Any]


def restore(source: Path, *, force: bool) -> Manifest:
    """Restore everything and verify it: counts and hashes of every table and file.

    The old data stays until the new data is whole: PostgreSQL does it in one transaction, SQLite in a second file. Invoice numbers
    that the old data gave out after the backup are not given again; `numbers` of what is returned names them (F25).
    """
    with _opened(source) as archive:
        manifest = read_manifest(archive)
        verify_archive(archive, manifest)
        _check_secret(archive, manifest)
        _check_empty(force)
        counters = numbers.counters()
        if connection.vendor == "sqlite":
            with _second_file():
                manifest["numbers"] = _rebuild(archive, manifest, counters)
        else:
            with transaction.atomic():
                _without_limits()
                _drop_tables()
                manifest["numbers"] = _rebuild(archive, manifest, counters)
        _restore_files(archive, manifest)
        _take_secret(archive, manifest)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return manifest


def _rebuild(archive: zipfile.ZipFile, manifest: Manifest, counters: numbers.Counters) -> list[str]:
    registry = _migrate_to(manifest)
    with transaction.atomic():
        _check_foreign_keys("DEFERRED")  # tables come in the order of their names
        for model in rows.tables(registry):
            _load(archive, model)
        _check_foreign_keys("IMMEDIATE")
        verify_tables(registry, manifest)
        _reset_sequences(registry)
        _hold_mail(registry)
        return numbers.keep_ahead(registry, counters)


@contextmanager
def _second_file() -> Iterator[None]:
    """Work on a new database file; it takes the place of the old one only at the end."""
    real = Path(str(connection.settings_dict["NAME"]))
    new = real.with_name(real.name + ".restoring")
    connection.close()
    try:
        connection.settings_dict["NAME"] = str(new)
        new.unlink(missing_ok=True)
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        for ending in ("-wal", "-shm"):
            real.with_name(real.name + ending).unlink(missing_ok=True)
        new.replace(real)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(real)
        for ending in ("", "-wal", "-shm"):
            new.with_name(new.name + ending).unlink(missing_ok=True)


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except FileNotFoundError:
        raise CommandFailed(f"{source} does not exist.") from None
    except (zipfile.BadZipFile, OSError):
        raise CommandFailed(f"{source} is not a backup of Podpora.") from None


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        manifest: Manifest = json.loads(archive.read("manifest.json"))
        known = manifest["format"] <= FORMAT and {"tables", "files", "migrations"} <= manifest.keys()
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
        raise CommandFailed(f"{archive.filename} is not a backup of Podpora.") from None
    if not known:
        raise CommandFailed(
            f"{archive.filename} was made by a newer Podpora ({manifest.get('podpora', '?')}); update this one first."
        )
    return manifest


def verify_archive(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Nothing is touched before every part of the file is known to be whole."""
    try:
        for label, facts in manifest["tables"].items():
            with archive.open(f"data/{label}") as file:
                if rows.fingerprint(file) != (facts["rows"], facts["sha256"]):
                    raise CommandFailed(f"{archive.filename} is damaged: table {label} is not what was written.")
        for name, digest in manifest["files"].items():
            if name != posixpath.normpath(name) or name.startswith(("/", "..")) or "\\" in name:
                raise CommandFailed(f"{archive.filename} names a file outside the storage: {name}.")
            with archive.open(f"files/{name}") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                    raise CommandFailed(f"{archive.filename} is damaged: file {name} is not what was written.")
    except (KeyError, zipfile.BadZipFile, EOFError):
        raise CommandFailed(f"{archive.filename} is damaged: a part of it is missing or unreadable.") from None


def _check_secret(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Keys in the tables are encrypted with the installation's secret: without the same one they are lost."""
    if manifest["secret"] == secret_fingerprint():
        return
    if "secret_key" not in archive.namelist():
        raise CommandFailed("This backup was made with another PODPORA_SECRET_KEY: set the same one, then restore again.")
    own = settings.DATA_DIR / "secret_key"
    if not own.exists() or own.read_text().strip() != settings.SECRET_KEY:
        raise CommandFailed("This backup brings its own secret: unset PODPORA_SECRET_KEY, then restore again.")


def _take_secret(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    if manifest["secret"] == secret_fingerprint():
        return
    own = settings.DATA_DIR / "secret_key"
    part = own.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(archive.read("secret_key"))
    part.replace(own)


def _check_empty(force: bool) -> None:
    existing = set(connection.introspection.table_names())
    filled = [m for m in rows.tables(apps) if m._meta.db_table in existing and m._base_manager.exists()]
    if filled and not force:
        raise CommandFailed("The database is not empty; --force replaces everything in it.")


def _drop_tables() -> None:
    """Take away what migrations made, also tables that refuse to be emptied (the audit)."""
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names()):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")


def _migrate_to(manifest: Manifest) -> Apps:
    """Bring the database to where the backup's was, and give the models as they were then."""
    executor = MigrationExecutor(connection)
    wanted = {tuple(name.split(".", 1)) for name in manifest["migrations"]}
    known = set(executor.loader.graph.nodes)
    unknown = sorted(".".join(node) for node in wanted - known if not _replaced(executor, node))
    if unknown:
        raise CommandFailed(f"This backup knows the migration {unknown[0]}, this Podpora does not: update it first.")
    nodes = wanted & known
    leaves = [
        node
        for node in nodes
        if not any(child.key in nodes for child in executor.loader.graph.node_map[node].children if child.key[0] == node[0])
    ]
    executor.migrate(leaves)
    return executor.loader.project_state(leaves).apps


def _replaced(executor: MigrationExecutor, node: tuple[str, ...]) -> bool:
    return any(node in migration.replaces for migration in executor.loader.disk_migrations.values())


def _without_limits() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


def _check_foreign_keys(when: str) -> None:
    """SQLite checks them at the end of the transaction by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _load(archive: zipfile.ZipFile, model: rows.Model) -> None:
    """One table, in batches. Rows that migrations made give way to those of the backup."""
    for field in model._meta.concrete_fields:
        if hasattr(field, "auto_now"):
            field.auto_now = field.auto_now_add = False  # type: ignore[attr-defined]
    model._base_manager.all()._raw_delete(connection.alias)
    if f"data/{model._meta.label_lower}" not in archive.namelist():
        return
    with archive.open(f"data/{model._meta.label_lower}") as file:
        for batch in _batches(file):
            model._base_manager.bulk_create([rows.instance(model, line) for line in batch], batch_size=BATCH)


def _batches(content: Any) -> Iterator[list[bytes]]:
    while batch := list(islice(content, BATCH)):
        yield batch


def verify_tables(registry: Apps, manifest: Manifest) -> None:
    for model in rows.tables(registry):
        label = model._meta.label_lower
        facts = manifest["tables"].get(label, {"rows": 0, "sha256": hashlib.sha256().hexdigest()})
        count, digest = rows.fingerprint(rows.lines(model))
        if (count, digest) != (facts["rows"], facts["sha256"]):
            raise CommandFailed(f"Table {label} did not come out as it went in; the database was left as it was.")


def _reset_sequences(registry: Apps) -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), rows.tables(registry))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _hold_mail(registry: Apps) -> None:
    """The outbox and the webhooks sleep after a restore: what was queued then has been sent by the system that went on."""
    mails = registry.get_model("mail", "OutgoingMail")._base_manager.filter(state__in=["queued", "claimed"])
    mails.update(state="failed", last_error=HELD)
    registry.get_model("audit", "Delivery")._base_manager.filter(state="waiting").update(state="failed", next_at=None)


def _restore_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for name in manifest["files"]:
        with archive.open(f"files/{name}") as content:
            default_storage.save_over(name, File(content))  # type: ignore[attr-defined]
