"""May the program run, and which versions? (T3, EOL-1, EOL-8..10, X-4)

The right to run of a one-time licence never depends on the clock.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, Reason, allow, refuse
from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements.values import Rights, RunRight


def version_at(versions: Sequence[VersionFacts], on: date) -> int | None:
    """EOL-1: the latest officially released major on that vendor date; announced ones and betas do not count."""
    return max((v.major for v in versions if v.released_on and v.released_on <= on), default=None)


def may_run(rights: Rights, *, at: datetime, policy: Policy) -> Decision:
    """May the program run under this licence at all?"""
    today = vendor_date(at, policy.zone)
    if not rights.was_issued:
        return refuse("licence.not_yet_valid")
    if rights.base is None:
        return refuse("licence.revoked")
    if rights.suspended_at:
        return _while_suspended(rights, rights.suspended_at, today=today, policy=policy)
    if rights.run.until and today > rights.run.until:
        return refuse("licence.expired", until=rights.run.until)
    return allow("licence.valid")


def _while_suspended(rights: Rights, since: datetime, *, today: date, policy: Policy) -> Decision:
    """X-4: what is installed goes on for a while; what was paid by another, undisputed order goes on for ever."""
    opened_on = vendor_date(since, policy.zone)
    still = not rights.undisputed_run.is_empty
    if still or today <= opened_on + timedelta(days=policy.suspension_run_days):
        if rights.run.until and today > rights.run.until:
            return refuse("licence.expired", until=rights.run.until)
        return allow("licence.suspended_payment", since=opened_on)
    return refuse("licence.suspended", since=opened_on)


def may_run_version(run: RunRight, major: int, versions: Sequence[VersionFacts], *, on: date) -> Decision:
    """EOL-8: may this major run? Warns when its support has ended, which never stops it."""
    reasons = []
    if not run.covers(major):
        reasons.append(Reason("version.not_covered", {"major": major, "through_major": run.through_major}))
    facts = next((v for v in versions if v.major == major), None)
    if facts and facts.support_ends_on and on > facts.support_ends_on:
        ended = {"major": major, "support_ends_on": facts.support_ends_on}
        reasons.append(Reason("version.end_of_life", ended, blocks=False))
    return Decision(tuple(reasons))
