"""Tables of jobs: what waits and runs, what runs by the clock, what was done once, and who works."""

from django.db import models
from django.db.models import Q

from podpora.base.codes import public_code
from podpora.jobs.values import MAX_ATTEMPTS, STATE_LABELS, JobState


def job_code() -> str:
    return public_code("J", 10)


class Job(models.Model):
    """Work for later. Written in the transaction that wants it: both happen or neither."""

    code = models.CharField(max_length=20, unique=True, default=job_code)
    name = models.CharField(max_length=200)  # dotted path of a registered function
    payload = models.JSONField(default=dict)
    queue = models.CharField(max_length=30, default="default")
    state = models.CharField(max_length=10, choices=[(s.value, s.name) for s in JobState], default=JobState.QUEUED)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=MAX_ATTEMPTS)
    lease_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    unique_key = models.CharField(max_length=200, blank=True)
    again = models.BooleanField(default=False)  # asked for once more while it ran
    last_error = models.TextField(blank=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]) & ~Q(unique_key=""),
                name="job_unique_key",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after", "id"], condition=Q(state=JobState.QUEUED), name="job_due"),
            models.Index(fields=["lease_until"], condition=Q(state=JobState.RUNNING), name="job_leases"),
            models.Index(fields=["state", "-id"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS[JobState(self.state)])


class Schedule(models.Model):
    """One row for each periodic job: when it is due. Two schedulers meet here, and one of them wins."""

    name = models.CharField(max_length=200, unique=True)
    every_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class OnceKey(models.Model):
    """Something that was done and is never done again (an idempotency key)."""

    key = models.CharField(max_length=250, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class OutsideName(models.Model):
    """What another system calls a thing that came from it, and what it is called here: told twice it is made once."""

    kind = models.CharField(max_length=20)  # customer, licence, ticket
    external_id = models.CharField(max_length=100)
    code = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "external_id"], name="outside_name_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id} is {self.code}"


class Worker(models.Model):
    """A process that works, and when it last said so (read by /readyz)."""

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    jobs_done = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
