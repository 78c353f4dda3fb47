"""A device without a network gives its seat back, by a proof that somebody else carries here."""

import hmac
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.licensing import queries
from podpora.licensing.actions.activations import deactivate
from podpora.licensing.models import Activation
from podpora.licensing.values import PROOF_UNKNOWN, STALE_SERIAL, DeviceProof


@transaction.atomic
def deactivate_by_proof(proof: DeviceProof, *, by: Actor, at: datetime) -> bool:
    """Free the seat, exactly once: True the first time, False when it was free before.

    Refused when there is no such activation, when another key signed (the two look alike to whoever asks), and when the device was
    activated again since the proof was made: that proof would take the seat of a device that works.
    """
    found = (
        Activation.objects.filter(code=proof.activation, licence__code=proof.licence).select_related("licence", "device").first()
    )
    if found is None or not hmac.compare_digest(found.device_key, proof.public_key):
        raise Refused(refuse(PROOF_UNKNOWN))
    queries.locked(found.licence)
    found.refresh_from_db(fields=["state", "serial"])
    if found.is_active and proof.serial < found.serial:
        raise Refused(refuse(STALE_SERIAL, licence=proof.licence))
    return deactivate(found, by=by, at=at)
