"""What this room does in the background: webhooks."""

from datetime import datetime, timedelta
from typing import Any

from podpora.audit import actions
from podpora.jobs.values import TryLater, job, periodic


@job
def send(payload: dict[str, Any], *, at: datetime) -> None:
    """Send one delivery; it says itself when it wants to be tried again."""
    wait = actions.deliver(payload["message"], at=at)
    if wait is not None:
        raise TryLater(wait, "the receiver did not take it")


@periodic(every=timedelta(days=1))
def forget_deliveries(payload: dict[str, Any], *, at: datetime) -> None:
    actions.forget_deliveries(at=at)
