"""The vendor's staff look after a licence: suspend, reinstate, give support, replace a leaked key, put a device on it.

Licence (licensing) and ledger (entitlements) follow each other: what staff decide is an entry of the ledger, never an edited date.
"""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.entitlements import actions as entitlements
from podpora.entitlements.actions import Goodwill
from podpora.journeys.settlement import follow
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.licensing.models import Licence


@transaction.atomic
def suspend(licence: Licence, reason: str, *, by: Actor, at: datetime) -> Licence:
    """Nothing new begins; what is installed goes on for the time of X-4. Refused when it is suspended already or was returned."""
    entitlements.suspend_licence(licence.code, licence.customer, reason, by=by, at=at)
    return _followed(licence, by=by, at=at)


@transaction.atomic
def reinstate(licence: Licence, reason: str, *, by: Actor, at: datetime) -> Licence:
    """As it was before; the days come back (X-5). Refused when staff have not suspended it: a dispute ends with its chargeback."""
    entitlements.reinstate_licence(licence.code, licence.customer, reason, by=by, at=at)
    return _followed(licence, by=by, at=at)


@transaction.atomic
def give_support(licence: Licence, goodwill: Goodwill, *, by: Actor, at: datetime) -> Licence:
    """Support without money, with a reason that the customer reads too."""
    entitlements.grant_goodwill(licence.code, licence.customer, goodwill, by=by, at=at)
    return _followed(licence, by=by, at=at)


@transaction.atomic
def replace_key(licence: Licence, reason: str, *, seen: str = "", by: Actor, at: datetime) -> Licence:
    """X-9: the owner gets a new key by mail. `seen`: the hint that the caller saw; refused when it was replaced meanwhile."""
    return licensing.replace_key(licence, reason, instead_of=seen, by=by, at=at)


def _followed(licence: Licence, *, by: Actor, at: datetime) -> Licence:
    follow(licence.code, by=by, at=at)
    return licences.by_code(licences.all_licences(), licence.code)
