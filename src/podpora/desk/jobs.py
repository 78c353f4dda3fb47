"""What the desk does by itself: closes what was solved and may no longer be reopened."""

from datetime import datetime, timedelta
from typing import Any

from podpora.base.actors import system
from podpora.desk.actions import close_forgotten
from podpora.jobs.values import periodic


@periodic(every=timedelta(hours=1))
def close_solved(payload: dict[str, Any], *, at: datetime) -> None:
    close_forgotten(by=system("desk"), at=at)
