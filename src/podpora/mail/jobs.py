"""What this room does in the background."""

from datetime import datetime
from typing import Any

from podpora.jobs.values import job
from podpora.mail import actions


@job
def send(payload: dict[str, Any], *, at: datetime) -> None:
    actions.send_mail(payload["mail"], at=at)
