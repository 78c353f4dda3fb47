"""A trial gets an owner.

claim    a person who is signed in says "this trial is mine"
adopt    the device activated a licence that has an owner, so its trial is his too
"""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.entitlements import actions as entitlements
from podpora.licensing import actions, queries
from podpora.licensing.models import Licence
from podpora.licensing.values import DeviceFacts, LicenceKind
from podpora.people.models import Customer


@transaction.atomic
def claim(licence: Licence, customer: Customer, *, by: Actor, at: datetime) -> Licence:
    """The trial is this customer's from now on, with its ledger. Claiming it again changes nothing; another's is refused."""
    claimed, is_new = actions.claim_trial(licence, customer, by=by, at=at)
    if is_new:
        entitlements.move_ledger(claimed.code, to=customer, by=by, at=at)
    return claimed


def adopt(licence: Licence, device: DeviceFacts, *, by: Actor, at: datetime) -> None:
    """The trial that this device began belongs to the owner of the licence that it has just activated."""
    if licence.customer is None or licence.kind == LicenceKind.TRIAL:
        return
    trial = queries.trial_of(licence.product, device.fingerprint)
    if trial is not None and trial.customer is None:
        claim(trial, licence.customer, by=by, at=at)
