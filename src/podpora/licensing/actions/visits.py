"""Devices were here: written many at once, because nothing depends on it at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

_SEEN = "UPDATE licensing_device SET last_seen_at = %s, app_version = %s WHERE id = %s AND last_seen_at <= %s"


@transaction.atomic
def note_visits(visits: Mapping[int, tuple[datetime, str]]) -> None:
    """Write down when these devices (by primary key) were last seen, and with which version of the program.

    Never back in time; in one order, so that two writers can't lock each other out.
    """
    to_value = connection.ops.adapt_datetimefield_value
    rows = [(to_value(at), version, pk, to_value(at)) for pk, (at, version) in sorted(visits.items())]
    with connection.cursor() as cursor:
        cursor.executemany(_SEEN, rows)
