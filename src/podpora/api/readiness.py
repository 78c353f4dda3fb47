"""What /readyz asks: database, migrations, worker, queue, disk. Each answer is a stable code and a sentence, or nothing."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from podpora.jobs import queries as jobs
from podpora.mail import queries as mail

WORKER_SILENCE = timedelta(minutes=1)
QUEUE_AGE = timedelta(minutes=5)
FREE_BYTES = 200 * 1024 * 1024

Problem = dict[str, str]

_migrated = False  # true once seen: asking costs 50 ms and a running process cannot become unmigrated


def problems(*, at: datetime) -> list[Problem]:
    """Everything that is wrong; empty when this server can do its work."""
    found: list[Problem] = []
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        for question in QUESTIONS:
            if sentence := question(at):
                found.append({"code": question.__name__, "message": sentence})
    except DatabaseError:
        connection.close()
        found.append({"code": "database", "message": "The database cannot be reached."})
    if _keeps_here() and shutil.disk_usage(settings.DATA_DIR).free < FREE_BYTES:
        found.append({"code": "disk", "message": "Less than 200 MB are free where the data folder is."})
    return found


def warnings(*, at: datetime) -> list[Problem]:
    """What a person has to look at, but no other server would do better: mail that does not come or go. Codes alone, as anybody may ask."""
    codes = dict.fromkeys(trouble.code for trouble in mail.troubles(at=at))
    return [{"code": code, "message": "Mail does not come in or go out as it should: the office says more."} for code in codes]


def _keeps_here() -> bool:
    """Is anything that must not be lost on this machine's disk? Not with PostgreSQL and a bucket.

    Whether the bucket answers is no question of readiness: without it everything but files works, and all servers would go at once.
    """
    return connection.vendor == "sqlite" or isinstance(default_storage, FileSystemStorage)


def migrations(at: datetime) -> str:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "" if _migrated else "The database is older than the program: migrations are outstanding."


def worker(at: datetime) -> str:
    seen = jobs.worker_seen_at()
    return "" if seen and at - seen < WORKER_SILENCE else "No worker was seen in the last minute: `podpora worker` runs one."


def queue(at: datetime) -> str:
    age = jobs.queue_age(at)
    return "" if age is None or age < QUEUE_AGE else "A job has been due for more than five minutes."


QUESTIONS: list[Callable[[datetime], str]] = [migrations, worker, queue]
