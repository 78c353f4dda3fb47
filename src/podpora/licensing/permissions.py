"""May this person look after what a licence has?"""

from typing import Any

from podpora.licensing.models import Licence
from podpora.people.permissions import may, staff_may


def may_manage_devices(person: Any, licence: Licence) -> bool:
    """See the key, free a seat, get an owner's proof: members who may, and the vendor's staff."""
    return may(person, "devices", licence.customer) or staff_may(person, "customers")
