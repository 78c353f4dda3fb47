"""May this person look after what a licence has?"""

from typing import Any

from podpora.licensing.models import Device, Licence
from podpora.people.permissions import leads, may, staff_may


def may_manage_devices(person: Any, licence: Licence) -> bool:
    """See the key, free a seat, get an owner's proof: members who may, and the vendor's staff."""
    return may(person, "devices", licence.customer) or staff_may(person, "customers")


def may_free(person: Any, device: Device) -> bool:
    """Free this device's seat: those who look after all of them, and the lead of its team."""
    return may_manage_devices(person, device.licence) or leads(person, device.team_id)
