"""How a licence that was bought for somebody else stands (ORG-6)."""

from enum import StrEnum
from typing import Protocol

from podpora.licensing.values import LicenceState


class ResaleState(StrEnum):
    """What its reseller sees of it without being shown more."""

    WAITING = "waiting"  # nobody claimed it yet
    DECLINED = "declined"  # whoever got the link said no
    CLAIMED = "claimed"
    RETURNED = "returned"  # refunded


class Resold(Protocol):
    """The licence, as far as this rule looks at it."""

    state: str
    customer_id: int | None


class Claim(Protocol):
    """Its newest link."""

    @property
    def is_open(self) -> bool: ...


def state_of(licence: Resold, claim: Claim | None) -> ResaleState:
    """Returned before all else; then whether it has an owner, then whether the link still waits."""
    if licence.state == LicenceState.REVOKED:
        return ResaleState.RETURNED
    if licence.customer_id is not None:
        return ResaleState.CLAIMED
    return ResaleState.WAITING if claim is not None and claim.is_open else ResaleState.DECLINED
