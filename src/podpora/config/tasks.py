"""The django-tasks backend: hands every enqueued task to the room `jobs`."""

from django_tasks.backends.base import BaseTaskBackend


class LeasedBackend(BaseTaskBackend):
    """Queued in the caller's transaction, leased by a worker, retried with back-off."""
