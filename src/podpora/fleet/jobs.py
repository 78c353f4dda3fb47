"""What the clock does with central settings."""

from datetime import datetime, timedelta
from typing import Any

from podpora.fleet import actions, queries
from podpora.jobs.values import periodic


@periodic(every=timedelta(minutes=2))
def move_rollouts(payload: dict[str, Any], *, at: datetime) -> None:
    """Waves begin, roll-outs halt themselves and end (CS-17, CS-18)."""
    for rollout in queries.due_rollouts():
        actions.move_rollout(rollout, at=at)
