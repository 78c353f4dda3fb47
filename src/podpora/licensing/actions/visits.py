"""Devices were here: written many at once, because nothing depends on it at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

# One row at a time where a statement costs little, all at once where it is a message to a server (locked in one order first).
_SEEN = "UPDATE licensing_device SET last_seen_at = %s, app_version = %s WHERE id = %s AND last_seen_at <= %s"
_TOLD = "UPDATE licensing_activationtoken SET serial = %s, told_serial = %s WHERE id = %s AND (serial IS NULL OR serial < %s)"
_ALL_SEEN = """
    WITH visit AS (SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::bigint[]) AS v (at, app_version, pk)),
    mine AS (SELECT id FROM licensing_device WHERE id IN (SELECT pk FROM visit) ORDER BY id FOR NO KEY UPDATE)
    UPDATE licensing_device d SET last_seen_at = visit.at, app_version = visit.app_version
    FROM visit, mine WHERE d.id = visit.pk AND d.id = mine.id AND d.last_seen_at <= visit.at
"""
_ALL_TOLD = """
    WITH visit AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS v (given, told, pk)),
    mine AS (SELECT id FROM licensing_activationtoken WHERE id IN (SELECT pk FROM visit) ORDER BY id FOR NO KEY UPDATE)
    UPDATE licensing_activationtoken t SET serial = visit.given, told_serial = visit.told
    FROM visit, mine WHERE t.id = visit.pk AND t.id = mine.id AND (t.serial IS NULL OR t.serial < visit.given)
"""


class Visit(NamedTuple):
    """When, with which version of the program; which certificate it said it has (None: nothing said), and which it was given."""

    at: datetime
    app_version: str
    token_pk: int
    given: int
    told: int | None


@transaction.atomic
def note_visits(visits: Mapping[int, Visit]) -> None:
    """Write down when these devices (by primary key) were here.

    Never back in time; in one order, so that two writers can't lock each other out.
    """
    seen = [(v.at, v.app_version, pk) for pk, v in sorted(visits.items())]
    told = [(v.given, v.told, v.token_pk) for _pk, v in sorted(visits.items()) if v.told is not None]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ALL_SEEN, list(map(list, zip(*seen, strict=True))))
            if told:
                cursor.execute(_ALL_TOLD, list(map(list, zip(*told, strict=True))))
            return
        to_value = connection.ops.adapt_datetimefield_value
        cursor.executemany(_SEEN, [(to_value(at), app_version, pk, to_value(at)) for at, app_version, pk in seen])
        if told:
            cursor.executemany(_TOLD, [(given, told, pk, given) for given, told, pk in told])
