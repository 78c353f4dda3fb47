"""Somebody leaves the company: what he used is free again (A-18)."""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.licensing import queries
from podpora.licensing.actions.activations import deactivate
from podpora.licensing.actions.assigning import assign_device
from podpora.licensing.models import Activation, Device
from podpora.licensing.values import ActivationState
from podpora.people.models import Customer, Person


@transaction.atomic
def release_devices(customer: Customer, person: Person, *, by: Actor, at: datetime) -> int:
    """Deactivate the devices that this person uses on the customer's licences; they are nobody's then. How many gave a seat back."""
    devices = queries.devices_used_by(person, customer)
    freed = 0
    active = Activation.objects.filter(device__in=devices, state=ActivationState.ACTIVE).select_related("device", "licence")
    for activation in active.order_by("licence_id", "pk"):
        freed += deactivate(activation, by=by, at=at)
    Device.objects.filter(pk__in=list(devices.values_list("pk", flat=True))).update(person=None)
    return freed


@transaction.atomic
def hand_on_devices(customer: Customer, person: Person, to: Person, *, by: Actor, at: datetime) -> int:
    """The devices that this person used are another member's from now on; those that hold a seat keep it. How many do.

    What holds no seat any more is nobody's.
    """
    devices = list(queries.devices_used_by(person, customer).select_related("licence"))
    for device in devices:
        assign_device(device.licence, device.code, to if device.holds_seat else None, by=by, at=at)
    return sum(device.holds_seat for device in devices)
