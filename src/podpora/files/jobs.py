"""What this room runs by the clock."""

from datetime import datetime, timedelta
from typing import Any

from podpora.files import actions
from podpora.jobs.values import periodic


@periodic(every=timedelta(days=1))
def remove_orphans(payload: dict[str, Any], *, at: datetime) -> None:
    actions.remove_orphans(at=at)
