"""What this room does in the background."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from podpora.jobs.values import job, periodic
from podpora.mail import actions


@job
def send(payload: dict[str, Any], *, at: datetime) -> None:
    actions.send_mail(payload["mail"], at=at)


@job(max_attempts=5)
def confirm_hook(payload: dict[str, Any], *, at: datetime) -> None:
    """A provider asks whether its calls are wanted."""
    actions.confirm(payload["hook"], payload["url"])


@periodic(every=timedelta(days=1))
def forget_texts(payload: dict[str, Any], *, at: datetime) -> None:
    """The demo keeps its mail: it is there to be read."""
    if not settings.DEMO:
        actions.forget_texts(at=at)
