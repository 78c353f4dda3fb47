"""A trial: started by a program, and found again by its device (A-15). Who claims it: journeys/claiming.py."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.catalog.models import Product
from podpora.journeys import activation
from podpora.journeys.giving import edition_given, give
from podpora.licensing import actions, queries
from podpora.licensing.values import Activated, Contact, DeviceFacts, LicenceKind


@dataclass(frozen=True, slots=True)
class Started:
    """The device's activation on its trial. `is_new`: the trial began with this call."""

    done: Activated
    is_new: bool


@transaction.atomic
def start(product: Product, device: DeviceFacts, contact: Contact, *, by: Actor, at: datetime) -> Started:
    """Start the trial of this device, or go on with the one that it had. Refused with `licence.expired` when that one has ended.

    Two first calls at once make one trial: who is not known is looked for again while the product's trials are held. InvalidInput for a
    product without trials.
    """
    if edition_given(product, LicenceKind.TRIAL) is None:
        raise InvalidInput({"product": ["unknown"]})
    licence = queries.trial_of(product, device.fingerprint)
    is_new = False
    if licence is None:
        actions.hold_trials(product)
        licence = queries.trial_of(product, device.fingerprint)
    if licence is None:
        licence, is_new = give(product, LicenceKind.TRIAL, None, by=by, at=at), True
    return Started(activation.activate(licence, device, contact, by=by, at=at), is_new)
