"""May staff suspend a licence as a whole, or reinstate it?"""

from zoneinfo import ZoneInfo

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, allow, refuse
from podpora.entitlements.values import Rights


def may_suspend(rights: Rights, *, zone: ZoneInfo) -> Decision:
    """Once is enough; a licence that was returned has nothing left to suspend."""
    if rights.was_issued and rights.base is None:
        return refuse("licence.revoked")
    if rights.held_at:
        return refuse("licence.suspended_already", since=vendor_date(rights.held_at, zone))
    return allow("licence.valid")


def may_reinstate(rights: Rights) -> Decision:
    """Only what staff suspended: a disputed payment is settled by its chargeback (X-5, X-6)."""
    return allow("licence.valid") if rights.held_at else refuse("licence.not_suspended")
