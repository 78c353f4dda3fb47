"""May this licence be claimed? Only a trial that nobody has claimed yet."""

from podpora.base.decisions import Decision, refuse
from podpora.licensing.values import TRIAL_CLAIMED, TRIAL_ONLY, LicenceKind


def may_claim(kind: LicenceKind, has_owner: bool, *, code: str) -> Decision:
    if kind is not LicenceKind.TRIAL:
        return refuse(TRIAL_ONLY, licence=code)
    return refuse(TRIAL_CLAIMED, licence=code) if has_owner else Decision()
