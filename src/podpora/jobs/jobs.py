"""What this room runs by the clock, and the bridge for the django-tasks interface."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.module_loading import import_string
from django_tasks.base import Task

from podpora.jobs import actions
from podpora.jobs.values import GiveUp, job, periodic


@periodic(every=timedelta(hours=6))
def clean_up(payload: dict[str, Any], *, at: datetime) -> None:
    actions.clean_up(at=at)


@job
def run_task(payload: dict[str, Any], *, at: datetime) -> None:
    """Run a function that was queued through `@task` of django-tasks."""
    task = import_string(payload["task"])
    if not isinstance(task, Task):
        raise GiveUp(f"{payload['task']} is not a task")
    task.call(*payload["args"], **payload["kwargs"])
