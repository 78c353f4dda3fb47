"""Putting work into the queue, in the caller's transaction."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from podpora.base.decisions import refuse
from podpora.jobs import values
from podpora.jobs.models import Job, OnceKey, OutsideName
from podpora.jobs.queries import UNFINISHED
from podpora.jobs.values import NOT_DEAD, JobState, Payload


@transaction.atomic(savepoint=False)
def enqueue(
    name: str,
    payload: Payload | None = None,
    *,
    at: datetime,
    run_after: datetime | None = None,
    unique_key: str = "",
    queue: str = "default",
    max_attempts: int = 0,
) -> Job:
    """Let the registered function `name` (dotted path) run after this transaction, not before `run_after`.

    With a `unique_key` there is at most one unfinished job of that key: the one that waits is returned; one that runs
    already is run once more when it is done, because it may have read the world before this change. `max_attempts` given: the
    function is not looked up, so that a small command need not load what it will never run.
    """
    max_attempts = max_attempts or values.find(name).max_attempts
    job = Job(
        name=name,
        payload=_plain(payload or {}),
        queue=queue,
        run_after=run_after or at,
        max_attempts=max_attempts,
        unique_key=unique_key,
        enqueued_at=at,
    )
    if not unique_key:
        job.save()
        return job
    for _attempt in range(3):
        Job.objects.bulk_create([job], ignore_conflicts=True)
        there = Job.objects.select_for_update().filter(unique_key=unique_key, state__in=UNFINISHED).first()
        if there:
            if there.state == JobState.RUNNING and there.code != job.code:
                Job.objects.filter(pk=there.pk).update(again=True)
            return there
    raise RuntimeError(f"job {unique_key!r} could not be queued")


def _plain(payload: Payload) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(payload), cls=DjangoJSONEncoder))
    return plain


@transaction.atomic
def once(key: str, *, at: datetime) -> bool:
    """True the first time this key is given, False ever after. Undone with the caller's transaction."""
    return OnceKey.objects.get_or_create(key=key, defaults={"made_at": at})[1]


@transaction.atomic
def retry(job: Job, *, at: datetime) -> Job:
    """Bring a job that was given up back into the queue, with all its attempts."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != JobState.DEAD:
        refuse(NOT_DEAD).or_refuse()
    twin = job.unique_key and Job.objects.filter(unique_key=job.unique_key, state__in=UNFINISHED).first()
    if twin:  # the same work waits already
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=at)
        return twin
    job.state, job.attempts, job.run_after, job.finished_at = JobState.QUEUED, 0, at, None
    job.save(update_fields=["state", "attempts", "run_after", "finished_at"])
    return job


@transaction.atomic
def name_outside(kind: str, external_id: str, code: str, *, content_hash: str, at: datetime) -> OutsideName:
    """Remember what another system calls this thing. The unique pair decides when two tell of it at once."""
    return OutsideName.objects.create(kind=kind, external_id=external_id, code=code, content_hash=content_hash, made_at=at)
