"""Claims of trials: a link that the program on the device hands out, so that a signed-in person can say "this trial is mine"."""

import json
from datetime import datetime, timedelta

from podpora.base.sealing import CannotOpen, seal, unseal
from podpora.licensing.models import Licence
from podpora.licensing.queries.licences import all_licences
from podpora.licensing.values import CLAIM_SECONDS, LicenceKind

CLAIM = "trial-claim"


def claim_of(licence: Licence, *, at: datetime) -> str:
    """The text that claims this trial, for an hour. Whoever holds it sits at the device or was given it there."""
    until = int((at + timedelta(seconds=CLAIM_SECONDS)).timestamp())
    return seal(json.dumps({"licence": licence.code, "until": until}), CLAIM)


def claimable(claim: str, *, at: datetime) -> Licence | None:
    """The trial that this text claims; None for what was not made here, has ended, or means no trial."""
    try:
        facts = json.loads(unseal(claim, CLAIM))
    except (CannotOpen, ValueError):
        return None
    if at.timestamp() >= facts["until"]:
        return None
    return all_licences().filter(code=facts["licence"], kind=LicenceKind.TRIAL).first()
