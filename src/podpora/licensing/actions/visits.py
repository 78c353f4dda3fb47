"""Devices were here: written many at once, because nothing depends on it at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

_SEEN = "UPDATE licensing_device SET last_seen_at = %s, app_version = %s WHERE id = %s AND last_seen_at <= %s"
_TOLD = "UPDATE licensing_activationtoken SET serial = %s, told_serial = %s WHERE id = %s AND (serial IS NULL OR serial < %s)"


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
    to_value = connection.ops.adapt_datetimefield_value
    ordered = sorted(visits.items())
    with connection.cursor() as cursor:
        cursor.executemany(_SEEN, [(to_value(v.at), v.app_version, pk, to_value(v.at)) for pk, v in ordered])
        told = [(v.given, v.told, v.token_pk, v.given) for _pk, v in ordered if v.told is not None]
        if told:
            cursor.executemany(_TOLD, told)
