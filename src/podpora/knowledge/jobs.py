"""What articles do by themselves: follow the renderer (published at their moment: config.jobs)."""

from datetime import datetime, timedelta
from typing import Any

from podpora.jobs.values import periodic
from podpora.knowledge import actions

AT_ONCE = 100


@periodic(every=timedelta(minutes=10))
def render_articles(payload: dict[str, Any], *, at: datetime) -> None:
    actions.render_anew(AT_ONCE, at=at)
