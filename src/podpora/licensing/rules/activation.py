"""May this device be activated? (A-1, A-6, EOL-8, X-4)"""

from podpora.base.decisions import Decision, Reason
from podpora.licensing.values import (
    ACTIVATION_LIMIT,
    MOVES_A_DAY,
    SEATS_SHARED,
    SUSPENSIONS,
    TEAM_LIMIT,
    TOO_MANY_MOVES,
    Granted,
    LicenceState,
    Occupancy,
)


def may_activate(licence: Occupancy, granted: Granted, *, code: str) -> Decision:
    """Collects every reason: a version that is not covered, a licence that is suspended, no free seat.

    `granted.decision` tells what an installed program may do; a suspended licence lets it run on (a warning there), but takes no
    new device (a refusal here).
    """
    reasons = [_hardened(reason) for reason in granted.decision.reasons]
    blocked = {reason.code for reason in reasons if reason.blocks}
    if licence.state is LicenceState.REVOKED and "licence.revoked" not in blocked:
        reasons.append(Reason("licence.revoked"))
    if licence.state is LicenceState.SUSPENDED and not blocked & (SUSPENSIONS | {"licence.suspended"}):
        reasons.append(Reason("licence.suspended_payment", {"since": licence.state_since}))
    if licence.used >= licence.seats and licence.team:
        reasons.append(Reason(TEAM_LIMIT, {"team": licence.team, "seats": licence.seats, "used": licence.used, "licence": code}))
    elif licence.used >= licence.seats:
        if licence.shared:
            reasons.append(Reason(SEATS_SHARED, {"shared": licence.shared, "licence": code}, blocks=False))
        reasons.append(Reason(ACTIVATION_LIMIT, {"seats": licence.seats, "used": licence.used, "licence": code}))
    elif licence.new_today >= licence.seats + MOVES_A_DAY:
        reasons.append(Reason(TOO_MANY_MOVES, {"moves": licence.new_today}))
    return Decision(tuple(reasons))


def _hardened(reason: Reason) -> Reason:
    """X-4: what only warns a running program refuses a new device."""
    return Reason(reason.code, reason.facts, blocks=True) if reason.code in SUSPENSIONS else reason
