"""What this room does in the background and by the clock."""

from datetime import datetime, timedelta
from typing import Any

from podpora.catalog import queries as catalog
from podpora.jobs.values import job, periodic
from podpora.licensing import actions
from podpora.licensing.models import DeviceWork


@job
def work_on(payload: dict[str, Any], *, at: datetime) -> None:
    """Go on with what was begun on many devices, piece by piece; whoever looks sees how far it is."""
    work = DeviceWork.objects.select_related("licence").filter(code=payload["work"]).first()
    while work is not None and not actions.go_on(work, at=at):
        work.refresh_from_db()


@periodic(every=timedelta(days=1))
def forget_devices(payload: dict[str, Any], *, at: datetime) -> None:
    """Devices that left long ago are forgotten."""
    for product in catalog.products():
        actions.forget(product, kept_days=catalog.policy_of(product).device_kept_days, at=at)
