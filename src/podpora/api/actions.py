"""Answers given once: what an Idempotency-Key promises. And how often somebody asked."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse

from podpora.api.envelope import KEY_REUSED, ApiError
from podpora.api.models import Answer, Count
from podpora.base import sql
from podpora.base.sealing import seal, unseal

KEPT = timedelta(days=7)
PURPOSE = "api-answer"
NOT_KEPT = (401, 403, 408, 413, 415, 429)


@transaction.atomic
def answer_once(scope: str, key: str, request_hash: str, produce: Callable[[], HttpResponse], *, at: datetime) -> HttpResponse:
    """The answer that was given under this key, or the one that `produce` makes now.

    The row is written first, so of two equal requests at once the second waits and then reads the first one's answer. What
    `produce` writes and the answer are committed together; an answer of a passing trouble (busy, too many) undoes both.
    """
    try:
        with transaction.atomic():
            row = Answer.objects.create(scope=scope, key=key, request_hash=request_hash, given_at=at)
    except IntegrityError:
        return _given_before(Answer.objects.get(scope=scope, key=key), request_hash)
    Answer.objects.filter(given_at__lt=at - KEPT).delete()
    response = produce()
    if response.status_code >= 500 or response.status_code in NOT_KEPT:
        transaction.set_rollback(True)
        return response
    row.status = response.status_code
    row.body_sealed = seal(response.content.decode(), PURPOSE)
    row.save(update_fields=["status", "body_sealed"])
    return response


def _given_before(row: Answer, request_hash: str) -> HttpResponse:
    if row.request_hash != request_hash:
        raise ApiError(422, KEY_REUSED)
    body = unseal(row.body_sealed, PURPOSE).encode()
    response = HttpResponse(body, status=row.status, content_type="application/json; charset=utf-8")
    if not body:
        response.headers.pop("Content-Type", None)
    response.headers["Idempotent-Replayed"] = "true"
    return response


_COUNT_UP = """
    INSERT INTO api_count AS mine (key, began, number) VALUES (%s, %s, %s) ON CONFLICT (key) DO UPDATE SET
        number = CASE WHEN mine.began = excluded.began THEN mine.number + excluded.number ELSE excluded.number END,
        began = excluded.began
    RETURNING number
"""
_COUNTED = sql.Statement("SELECT number FROM api_count WHERE key = %s AND began = %s")
COUNTS_KEPT = 2 * 86_400  # seconds; no window is longer than a day


def count_up(key: str, began: int, number: int) -> int:
    """Take so many places of the window; how many are taken now. One statement: nobody comes in between."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [key, began, number])
        taken = int(cursor.fetchone()[0])
    if taken == number:  # the first of a window sweeps
        Count.objects.filter(began__lt=began - COUNTS_KEPT).delete()
    return taken


def counted(key: str, began: int) -> int:
    """How many places of the window are taken."""
    found = _COUNTED.first(key, str(began))
    return int(found[0]) if found else 0
