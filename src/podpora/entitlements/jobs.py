"""Work of this room that runs by the clock."""

from datetime import datetime, timedelta
from typing import Any

from podpora.entitlements import actions
from podpora.jobs.values import periodic


@periodic(every=timedelta(minutes=5))
def refresh_standings(payload: dict[str, Any], *, at: datetime) -> None:
    """What lists show follows a changed version or policy within minutes. Decisions never wait for it: they replay."""
    actions.refresh_standings(at=at)
