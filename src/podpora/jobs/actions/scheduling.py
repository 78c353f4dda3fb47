"""What runs by the clock, and what is cleared away."""

from datetime import datetime, timedelta

from django.db import transaction

from podpora.jobs import queries, rules, values
from podpora.jobs.actions.queueing import enqueue
from podpora.jobs.models import Job, Schedule, Worker
from podpora.jobs.values import JobState

KEPT_DONE = timedelta(days=7)
KEPT_DEAD = timedelta(days=90)
_CHUNK = 1000


def enqueue_periodic(*, at: datetime) -> int:
    """Queue every periodic job whose time has come. Two schedulers at once queue each once (F20). How many."""
    known = {entry.name: entry for entry in values.periodic_jobs()}
    _write_schedules(known, at=at)
    count = 0
    for schedule in queries.late_schedules(at=at):
        entry = known.get(schedule.name)
        if entry and entry.every and _queue_one(schedule, entry.every, at=at):
            count += 1
    return count


def _write_schedules(known: dict[str, values.Registered], *, at: datetime) -> None:
    """A row for each periodic job; a changed beat is taken over, work that no longer exists leaves."""
    there = {schedule.name: schedule for schedule in queries.schedules()}
    seconds = {name: int(entry.every.total_seconds()) for name, entry in known.items() if entry.every}
    new = [Schedule(name=name, every_seconds=every, due_at=at) for name, every in seconds.items() if name not in there]
    if new:
        Schedule.objects.bulk_create(new, ignore_conflicts=True)
    for name, schedule in there.items():
        if name not in known:
            Schedule.objects.filter(pk=schedule.pk).delete()
        elif schedule.every_seconds != seconds[name]:
            Schedule.objects.filter(pk=schedule.pk).update(every_seconds=seconds[name])


@transaction.atomic
def _queue_one(schedule: Schedule, every: timedelta, *, at: datetime) -> bool:
    due_at = rules.next_run(schedule.due_at, every, at=at)
    if not queries.schedule_as_read(schedule).update(due_at=due_at, last_run_at=at):
        return False  # another scheduler was faster
    enqueue(schedule.name, at=at, unique_key=f"periodic:{schedule.name}")
    return True


def clean_up(*, at: datetime) -> int:
    """Remove jobs that were done a week ago, given up a quarter ago, and workers that are long gone. How many jobs."""
    Worker.objects.filter(seen_at__lt=at - timedelta(days=7)).delete()
    old = Job.objects.filter(state=JobState.DONE, finished_at__lt=at - KEPT_DONE) | Job.objects.filter(
        state=JobState.DEAD, finished_at__lt=at - KEPT_DEAD
    )
    count = 0
    while ids := list(old.order_by("id").values_list("pk", flat=True)[:_CHUNK]):
        count += Job.objects.filter(pk__in=ids).delete()[0]
    return count
