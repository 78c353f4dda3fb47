"""What this room does in the background."""

from datetime import datetime
from typing import Any

from podpora.jobs.values import job
from podpora.licensing import actions
from podpora.licensing.models import DeviceWork


@job
def work_on(payload: dict[str, Any], *, at: datetime) -> None:
    """Go on with what was begun on many devices, piece by piece; whoever looks sees how far it is."""
    work = DeviceWork.objects.select_related("licence").filter(code=payload["work"]).first()
    while work is not None and not actions.go_on(work, at=at):
        work.refresh_from_db()
