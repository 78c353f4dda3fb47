"""What this room runs by the clock."""

from datetime import datetime, timedelta
from typing import Any

from podpora.jobs.values import periodic
from podpora.people import actions


@periodic(every=timedelta(days=1))
def forget_unproven(payload: dict[str, Any], *, at: datetime) -> None:
    actions.forget_unproven(at=at)
