"""Central settings reach a device: the licence says whether its program may run, the fleet what it gets (RULES.md H)."""

from datetime import datetime

from podpora.base.decisions import Refused
from podpora.fleet import actions, queries
from podpora.fleet.values import Delivery
from podpora.journeys.activation import device_standing
from podpora.licensing.models import Activation


def poll(activation: Activation, *, at: datetime) -> Delivery | None:
    """The device's bundle; None where its company has no settings.

    A licence that ended gives no new bundle (CS-20): the program keeps the one it has until its time is over, 30 days at most, and
    then releases the locks. Rights are asked only when a bundle has to be signed, so a poll without a change reads one row.
    """
    device = activation.device
    device.licence = activation.licence  # known already
    held = queries.held_by(device, at=at) if activation.is_active else None
    if held is not None:
        return held
    standing = device_standing(activation, None, at=at)
    if not standing.run.allowed:
        raise Refused(standing.run)
    return actions.renew(device, at=at)
