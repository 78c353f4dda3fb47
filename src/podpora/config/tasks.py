"""The django-tasks backend: hands every enqueued task to the room `jobs`.

`@task` and `.enqueue()` are Django's interface (in core from 6.0 on); what carries it are our own leased jobs.
"""

from typing import Any

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from podpora.base import clock
from podpora.jobs import actions
from podpora.jobs.models import Job
from podpora.jobs.values import JobState

RUN_TASK = "podpora.jobs.jobs.run_task"
STATUS = {
    JobState.QUEUED: TaskResultStatus.READY,
    JobState.RUNNING: TaskResultStatus.RUNNING,
    JobState.DONE: TaskResultStatus.SUCCESSFUL,
    JobState.DEAD: TaskResultStatus.FAILED,
}


class LeasedBackend(BaseTaskBackend):
    """Queued in the caller's transaction, leased by a worker, retried with back-off. Return values are not kept."""

    supports_defer = True
    supports_get_result = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        payload = {"task": task.module_path, "args": list(args), "kwargs": dict(kwargs)}
        job = actions.enqueue(RUN_TASK, payload, at=clock.now(), run_after=task.run_after, queue=task.queue_name)
        return self._result(task, job)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        from django.utils.module_loading import import_string

        try:
            job = Job.objects.get(code=result_id, name=RUN_TASK)
        except Job.DoesNotExist:
            raise TaskResultDoesNotExist(result_id) from None
        return self._result(import_string(job.payload["task"]), job)

    def _result(self, task: Task[Any, Any], job: Job) -> TaskResult[Any]:
        errors = [TaskError(exception_class_path="builtins.Exception", traceback=job.last_error)] if job.last_error else []
        return TaskResult(
            task=task,
            id=job.code,
            status=STATUS[JobState(job.state)],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            last_attempted_at=job.started_at,
            finished_at=job.finished_at,
            args=job.payload["args"],
            kwargs=job.payload["kwargs"],
            backend=self.alias,
            errors=errors,
            worker_ids=[job.leased_by] if job.leased_by else [],
        )
