"""Rows as lines of JSON, the same bytes on both engines, so that equal data has equal hashes."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import models

# Who works just now: says nothing about another machine.
SKIPPED_TABLES = {"jobs.worker"}
# Made anew by migrations or worthless on another machine (sessions: everybody signs in again).
SKIPPED_APPS = {"contenttypes", "auth", "sessions", "usersessions"}

Model = type[models.Model]


def tables(registry: Apps) -> list[Model]:
    """Every table that belongs into a backup, also those of many-to-many relations."""
    found = registry.get_models(include_auto_created=True)
    wanted = (m for m in found if m._meta.managed and not m._meta.proxy and m._meta.app_label not in SKIPPED_APPS)
    return sorted((m for m in wanted if m._meta.label_lower not in SKIPPED_TABLES), key=lambda m: m._meta.label_lower)


def lines(model: Model) -> Iterator[bytes]:
    """The table as lines, in the order of the primary key."""
    fields = model._meta.concrete_fields
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=2000):
        record = {field.attname: _plain(value) for field, value in zip(fields, row, strict=True)}
        yield json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def fingerprint(content: Iterable[bytes]) -> tuple[int, str]:
    """Number of lines and SHA-256."""
    count, seen = 0, hashlib.sha256()
    for line in content:
        count += 1
        seen.update(line)
    return count, seen.hexdigest()


def instance(model: Model, line: bytes) -> models.Model:
    """One line -> an unsaved row. A column that this version does not know any more is an error, not a loss."""
    record = json.loads(line)
    values = {}
    for field in model._meta.concrete_fields:
        if field.attname in record:
            values[field.attname] = _typed(field, record.pop(field.attname))
    if record:
        raise ValueError(f"{model._meta.label} has no column {', '.join(sorted(record))}")
    return model(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value


def _typed(field: Any, value: Any) -> Any:
    target = field.target_field if field.is_relation else field
    if value is None or isinstance(target, models.JSONField):
        return value
    if isinstance(target, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(target, models.DurationField):
        return timedelta(seconds=value)
    return target.to_python(value)
