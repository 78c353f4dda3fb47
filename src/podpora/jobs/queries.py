"""Reading jobs: what is due, what was given up, who works."""

from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from podpora.jobs.models import Job, OutsideName, Schedule, Worker
from podpora.jobs.values import JobState

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


def due_jobs(*, at: datetime, queue: str = "") -> QuerySet[Job]:
    """What a worker may take now: queued and due, or running under a lease that ran out (F21); oldest first."""
    due = Q(state=JobState.QUEUED, run_after__lte=at) | Q(state=JobState.RUNNING, lease_until__lt=at)
    jobs = Job.objects.filter(due)
    return (jobs.filter(queue=queue) if queue else jobs).order_by("run_after", "id")


def jobs_in(state: str = "", name: str = "") -> QuerySet[Job]:
    """For the list: newest first, with stable pages."""
    jobs = Job.objects.order_by("-id")
    if state:
        jobs = jobs.filter(state=state)
    return jobs.filter(name__icontains=name) if name else jobs


def job(code: str) -> Job | None:
    return Job.objects.filter(code=code).first()


def counts_by_state() -> dict[str, int]:
    counted = dict(Job.objects.values_list("state").annotate(count=Count("id")))
    return {state.value: counted.get(state.value, 0) for state in JobState}


def schedules() -> QuerySet[Schedule]:
    return Schedule.objects.order_by("name")


def workers(*, at: datetime) -> QuerySet[Worker]:
    """Workers that were seen in the last five minutes, newest first."""
    return Worker.objects.filter(seen_at__gt=at - timedelta(minutes=5)).order_by("-seen_at")


def worker_seen_at() -> datetime | None:
    """When any worker last said that it lives."""
    seen: datetime | None = Worker.objects.aggregate(seen=Max("seen_at"))["seen"]
    return seen


def queue_age(at: datetime) -> timedelta | None:
    """How long the oldest due job has been waiting; None when nothing waits."""
    oldest = Job.objects.filter(state=JobState.QUEUED, run_after__lte=at).aggregate(oldest=Min("run_after"))["oldest"]
    return at - oldest if oldest else None


def late_schedules(*, at: datetime) -> QuerySet[Schedule]:
    return Schedule.objects.filter(due_at__lte=at).order_by("due_at", "id")


def schedule_as_read(schedule: Schedule) -> QuerySet[Schedule]:
    """The row only if nobody moved it since it was read: the loser of two schedulers finds nothing."""
    return Schedule.objects.filter(pk=schedule.pk, due_at=schedule.due_at)


def outside_name(kind: str, external_id: str) -> OutsideName | None:
    """What came under this name of another system."""
    return OutsideName.objects.filter(kind=kind, external_id=external_id).first()
