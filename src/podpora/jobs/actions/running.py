"""Taking a job under a lease, running it, and writing down how it ended."""

import logging
import random
import traceback
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from podpora.jobs import queries, rules, values
from podpora.jobs.models import Job
from podpora.jobs.values import LEASE, GiveUp, JobState, TryLater

log = logging.getLogger(__name__)


def claim(*, by: str, at: datetime, queue: str = "") -> Job | None:
    """Take the oldest due job under a lease, or None. Two workers never get the same one.

    PostgreSQL skips rows that another worker is just taking; SQLite lets one writer in at a time. Looking first costs
    no lock while nothing is due.
    """
    while queries.due_jobs(at=at, queue=queue).exists():
        with transaction.atomic():
            job = queries.due_jobs(at=at, queue=queue).select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if rules.is_spent(job.attempts, job.max_attempts):
                _bury(job, "The worker stopped in the middle, each time.", at=at)
                continue
            job.state, job.leased_by, job.lease_until = JobState.RUNNING, by, at + LEASE
            job.started_at, job.attempts, job.again = at, job.attempts + 1, False
            job.save(update_fields=["state", "leased_by", "lease_until", "started_at", "attempts", "again"])
            return job
    return None


def _mine(job: Job) -> QuerySet[Job]:
    """The row as long as the lease is ours: whoever lost it must not write how the job ended."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, leased_by=job.leased_by, attempts=job.attempts)


def extend_lease(job: Job, *, at: datetime) -> bool:
    """Say that the job still runs. False when somebody else has taken it over."""
    return _mine(job).update(lease_until=at + LEASE) == 1


def run(job: Job, *, at: datetime) -> bool:
    """Run one claimed job and write down how it ended. True when it was done. Never raises for what the work does."""
    try:
        values.find(job.name).work(job.payload, at=at)
    except TryLater as later:
        _put_back(job, at + later.delay, later.why, attempts=job.attempts - 1)
    except GiveUp as end:
        log.error("job %s %s was given up: %s", job.code, job.name, end)
        _bury(job, str(end), at=at)
    except Exception as error:  # whatever the work raises, the worker lives on
        _fail(job, error, at=at)
    else:
        _finish(job, at=at)
        return True
    return False


@transaction.atomic
def _finish(job: Job, *, at: datetime) -> None:
    mine = _mine(job)
    if mine.filter(again=False).update(state=JobState.DONE, finished_at=at, lease_until=None, last_error=""):
        return
    mine.update(state=JobState.QUEUED, run_after=at, lease_until=None, leased_by="", attempts=0, again=False)


def _put_back(job: Job, run_after: datetime, why: str, *, attempts: int) -> None:
    _mine(job).update(state=JobState.QUEUED, run_after=run_after, attempts=attempts, last_error=why, lease_until=None, leased_by="")


def _fail(job: Job, error: Exception, *, at: datetime) -> None:
    log.warning("job %s %s failed (attempt %s): %s", job.code, job.name, job.attempts, error)
    report = "".join(traceback.format_exception(error))[-4000:]
    if rules.is_spent(job.attempts, job.max_attempts):
        log.error("job %s %s was given up after %s attempts", job.code, job.name, job.attempts)
        _bury(job, report, at=at)
    else:
        chance = random.random()  # noqa: S311  # spreads retries, guards nothing
        _put_back(job, at + rules.back_off(job.attempts, chance=chance), report, attempts=job.attempts)


def _bury(job: Job, why: str, *, at: datetime) -> None:
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, leased_by=job.leased_by, attempts=job.attempts).update(
        state=JobState.DEAD, finished_at=at, last_error=why, lease_until=None
    )


def run_due(*, at: datetime, queue: str = "", limit: int = 10_000) -> int:
    """Run everything that is due at this instant, here and now (tests, the demo, `worker --once`). How many ran."""
    count = 0
    while count < limit and (job := claim(by="in-process", at=at, queue=queue)):
        run(job, at=at)
        count += 1
    return count
