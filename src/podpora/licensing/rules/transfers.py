"""May a licence go to another customer? (A-17)"""

from collections.abc import Sequence
from dataclasses import dataclass

from podpora.base.decisions import Decision, Reason
from podpora.licensing.values import (
    TRANSFER_FREE,
    TRANSFER_OFFERED,
    TRANSFER_ORDER,
    TRANSFER_OVER,
    TRANSFER_REVOKED,
    TRANSFER_SAME,
    TRANSFER_SUSPENDED,
    LicenceKind,
    LicenceState,
)


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """The licence as the rule sees it; `orders`: those about it that wait for their payment."""

    code: str
    kind: LicenceKind
    state: LicenceState
    orders: Sequence[str] = ()
    is_offered: bool = False


def may_offer(licence: TransferFacts) -> Decision:
    """Every reason against it: nothing was bought, it was taken back, its payment is disputed, an order waits, it is offered already."""
    reasons = list(_against(licence))
    if licence.is_offered:
        reasons.append(Reason(TRANSFER_OFFERED, {"licence": licence.code}))
    return Decision(tuple(reasons))


def may_accept(licence: TransferFacts, *, is_open: bool, is_same: bool) -> Decision:
    """`is_open`: neither accepted nor cancelled nor too old; `is_same`: it would go to the customer who has it."""
    reasons = [] if is_open else [Reason(TRANSFER_OVER)]
    if is_same:
        reasons.append(Reason(TRANSFER_SAME))
    return Decision((*reasons, *_against(licence)))


def _against(licence: TransferFacts) -> list[Reason]:
    reasons = []
    if licence.kind not in (LicenceKind.ONE_TIME, LicenceKind.SUBSCRIPTION):
        reasons.append(Reason(TRANSFER_FREE, {"licence": licence.code}))
    if licence.state is LicenceState.REVOKED:
        reasons.append(Reason(TRANSFER_REVOKED, {"licence": licence.code}))
    if licence.state is LicenceState.SUSPENDED:
        reasons.append(Reason(TRANSFER_SUSPENDED, {"licence": licence.code}))
    if licence.orders:
        reasons.append(Reason(TRANSFER_ORDER, {"orders": ", ".join(licence.orders), "licence": licence.code}))
    return reasons
