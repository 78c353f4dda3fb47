"""What articles do by themselves: appear when they were put off, and follow the renderer."""

from datetime import datetime, timedelta
from typing import Any

from podpora.base.actors import system
from podpora.jobs.values import periodic
from podpora.knowledge import actions

AT_ONCE = 100


@periodic(every=timedelta(minutes=1))
def publish_articles(payload: dict[str, Any], *, at: datetime) -> None:
    actions.publish_due(by=system(), at=at)


@periodic(every=timedelta(minutes=10))
def render_articles(payload: dict[str, Any], *, at: datetime) -> None:
    actions.render_anew(AT_ONCE, at=at)
