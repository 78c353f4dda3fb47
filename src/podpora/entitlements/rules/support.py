"""May a VIP ticket be opened? Until when is support? (VIP, ORG, Z)

`may_open_ticket` is the gate of the support centre. Page, API, program and mail all ask it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from podpora.base.clock import start_of, vendor_date
from podpora.base.decisions import Decision, Reason, allow, refuse
from podpora.catalog.values import Grace, Level, Policy, Scope, VersionFacts
from podpora.entitlements.rules.run import is_ended, update_first
from podpora.entitlements.values import EntryKind, Line, Rights, RunRight


def support_of(rights: Rights, *, at: datetime, policy: Policy, level: Level = Level.WITH_SUPPORT) -> Decision:
    """May tickets be opened under this licence at `at`? `level`: what the plan matrix gives its tier in the support centre.

    Rules VIP-1..15, X-4, Z-4, Z-5, Z-10.
    """
    if rights.held_at:
        return refuse("licence.suspended_by_vendor", since=vendor_date(rights.held_at, policy.zone))
    if rights.suspended_at:
        return refuse("licence.suspended_payment", since=vendor_date(rights.suspended_at, policy.zone))
    if level in (Level.YES, Level.LIMITED) and rights.base:
        return allow("support.included")
    if rights.was_issued and rights.base is None:
        return refuse("licence.revoked")  # what stands has no licence to stand on; move it or refund it too
    period = rights.support
    if period is None or level is Level.NO:
        return _not_included(rights)  # VIP-10
    today = vendor_date(at, policy.zone)
    if today < period.starts_on:
        return refuse("support.not_started", starts_on=period.starts_on)
    if at < start_of(period.ends_on, policy.zone):
        return allow("support.active", through=period.through)
    if policy.grace is Grace.EARTH and at < end_on_earth(period.through):
        return allow("support.grace", through=period.through)
    if rights.pending_until and today <= rights.pending_until:
        return allow("support.pending_payment", through=period.through, pending_until=rights.pending_until)
    return refuse("support.expired", through=period.through)


def _not_included(rights: Rights) -> Decision:
    match rights.base:
        case EntryKind.TRIAL | EntryKind.FREE as kind:
            return refuse("support.not_included", **{kind.value: True})
    return refuse("support.not_included")


def end_on_earth(through: date) -> datetime:
    """The instant at which the date is over everywhere: the end of the day at UTC-12 (Z-5)."""
    return datetime.combine(through + timedelta(days=1), time(12), UTC)


def may_open_ticket(lines: Iterable[Line], *, named: str | None, at: datetime, policy: Policy) -> Decision:
    """The VIP gate of an account with these licences; `named`: the licence that the ticket is about, if any.

    With scope `account` any active line opens the gate (T4, ORG-1); with scope `licence` the named line must be active itself, and
    the refusal names one that is (ORG-2). The refusal tells about the line that comes closest: the latest end of support.
    """
    decisions = [(line, support_of_line(line, at=at, policy=policy)) for line in lines]
    active = [(line, decision) for line, decision in decisions if decision.allowed]
    mine = next((decision for line, decision in decisions if line.licence == named), None)
    if mine is not None and (mine.allowed or policy.scope is Scope.LICENCE):
        if mine.allowed or not active:
            return mine
        other = max(active, key=_latest)[0].licence
        return mine & refuse("support.use_other_licence", other=other, licence=named)
    if active:
        return max(active, key=_latest)[1]
    if not decisions:
        return refuse("support.not_included")
    return max(decisions, key=_latest)[1]


def support_of_line(line: Line, *, at: datetime, policy: Policy) -> Decision:
    """`support_of`, whose reasons know the licence, so that "renew" leads to the right one."""
    decision = support_of(line.rights, at=at, policy=line.policy or policy, level=line.level)
    return about(decision, licence=line.licence, ended_major=line.ended_major)


def about(decision: Decision, **facts: Any) -> Decision:
    """The same decision, its reasons knowing these facts too (where there are any)."""
    more = {name: value for name, value in facts.items() if value is not None}
    return Decision(tuple(Reason(r.code, {**r.facts, **more}, r.blocks) for r in decision.reasons))


def _latest(pair: tuple[Line, Decision]) -> tuple[bool, date, str]:
    line, _ = pair
    return line.rights.was_issued, line.rights.support_through or date.min, line.licence


def ticket_about(run: RunRight, major: int, versions: Sequence[VersionFacts], *, on: date) -> Decision:
    """EOL-5: a ticket about a version past its end of life is accepted, flagged, and gets advice but no promise of a fix.

    Who may run a newer version for nothing is told so instead of being sold an upgrade (EOL-4).
    """
    facts = next((v for v in versions if v.major == major), None)
    if facts is None or not is_ended(facts, on):
        return Decision()
    flagged = allow("version.ticket_about_ended", major=major, support_ends_on=facts.support_ends_on)
    return flagged & update_first(run, [major], versions, on=on)
