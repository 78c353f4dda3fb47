"""May the program run, and which versions? (T3, EOL-1, EOL-8..10, X-4)

The right to run of a one-time licence never depends on the clock.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, Reason, allow, refuse
from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements.values import EntryKind, Rights, RunRight


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
    if rights.held_at:
        return _while_held(rights, rights.held_at, today=today, policy=policy)
    if rights.suspended_at:
        return _while_suspended(rights, rights.suspended_at, today=today, policy=policy)
    return _until(rights, today) or allow("licence.valid")


def _until(rights: Rights, today: date) -> Decision | None:
    """A trial or a subscription that is over. While a renewal ordered in time waits for its money the program goes on (T6, VIP-12)."""
    until, pending = rights.run.until, rights.run_pending_until
    if until is None or today <= until:
        return None
    if pending and today <= pending:
        return allow("licence.expired_in_grace", until=until, pending_until=pending)
    trial = {"trial": True} if rights.base is EntryKind.TRIAL else {}
    return refuse("licence.expired", until=until, days_ago=(today - until).days, **trial)


def _while_suspended(rights: Rights, since: datetime, *, today: date, policy: Policy) -> Decision:
    """X-4: what is installed goes on for a while; what was paid by another, undisputed order goes on for ever."""
    opened_on = vendor_date(since, policy.zone)
    others = rights.undisputed_run
    still = not others.is_empty and (others.until is None or today <= others.until)
    if still or today <= opened_on + timedelta(days=policy.suspension_run_days):
        return _until(rights, today) or allow("licence.suspended_payment", since=opened_on)
    return refuse("licence.suspended", since=opened_on)


def _while_held(rights: Rights, since: datetime, *, today: date, policy: Policy) -> Decision:
    """Suspended by staff as a whole: what is installed goes on for as long as after X-4, whatever else was paid."""
    held_on = vendor_date(since, policy.zone)
    if today <= held_on + timedelta(days=policy.suspension_run_days):
        return _until(rights, today) or allow("licence.suspended_by_vendor", since=held_on)
    return refuse("licence.suspended", since=held_on)


def may_run_version(run: RunRight, major: int, versions: Sequence[VersionFacts], *, on: date) -> Decision:
    """EOL-8: may this major run? Warns when its support has ended, which never stops it."""
    reasons = []
    if not run.covers(major):
        reasons.append(Reason("version.not_covered", {"major": major, "through_major": run.through_major}))
    facts = next((v for v in versions if v.major == major), None)
    if facts and is_ended(facts, on):
        ended = {"major": major, "support_ends_on": facts.support_ends_on}
        reasons.append(Reason("version.end_of_life", ended, blocks=False))
    return Decision(tuple(reasons))


def is_ended(version: VersionFacts, on: date) -> bool:
    """Is the version past its end of life? Its last day of support still counts (EOL-2)."""
    return version.support_ends_on is not None and on > version.support_ends_on


def update_first(run: RunRight, running: Iterable[int], versions: Sequence[VersionFacts], *, on: date) -> Decision:
    """EOL-4: advice to who runs an ended version though a supported one is his already."""
    supported = [v.major for v in versions if v.released_on and v.released_on <= on and not is_ended(v, on) and run.covers(v.major)]
    newest = max(supported, default=None)
    ended = {v.major for v in versions if is_ended(v, on)}
    old = sorted(major for major in set(running) if newest is not None and major < newest and major in ended)
    return Decision(tuple(Reason("version.update_first", {"major": major, "newest": newest}, blocks=False) for major in old))
