"""May this be sold for this licence, and what will come of it? (VIP-7, VIP-13, EOL-2..6, ORG-3)

Refused before payment, with the way out; what is sold is shown by the same replay that will decide after payment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, Reason, refuse
from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements.rules.replay import replay
from podpora.entitlements.rules.run import is_ended, update_first, version_at
from podpora.entitlements.rules.years import add_months, add_years
from podpora.entitlements.values import Entry, EntryKind, Rights

_EXTENDABLE = (EntryKind.PURCHASE, EntryKind.SUBSCRIPTION)


def preview(
    entries: Iterable[Entry], added: Iterable[Entry], *, at: datetime, versions: Sequence[VersionFacts], policy: Policy
) -> Rights:
    """VIP-13: the rights as they will be when these entries are paid at `at`. The same replay, so the same date."""
    return replay([*entries, *added], at=at, versions=versions, policy=policy)


def may_renew(
    now: Rights,
    then: Rights,
    versions: Sequence[VersionFacts],
    *,
    licence: str,
    on: date,
    policy: Policy,
    running: Iterable[int] = (),
) -> Decision:
    """May VIP support be renewed on vendor date `on`? `then`: the preview with the renewal; `running`: majors on his devices.

    EOL-2..4 and EOL-6 look at the newest version that the licence covers (with the updates that the renewal itself brings, where it
    brings some); VIP-7 at the resulting date.
    """
    extendable = _may_be_extended(now, licence) & _runs(now, licence, on=on)
    if not extendable.allowed:
        return extendable
    renewed = then if then.run.updates_until else now
    reasons = [*_end_of_life(renewed, versions, licence=licence, on=on, policy=policy)]
    limit = add_years(on, policy.max_ahead_years)
    if then.support_through and then.support_through > limit:
        reasons.append(Reason("support.too_far_ahead", {"limit": limit, "through": then.support_through, "licence": licence}))
    return Decision(tuple(reasons)) & update_first(now.run, running, versions, on=on)


def ended_major(now: Rights, versions: Sequence[VersionFacts], *, on: date) -> int | None:
    """The version for whose end of life support can't be renewed (EOL-3), None if it can be: by date a renewal brings updates."""
    version = _newest_covered(now, versions) if now.run.updates_until is None else None
    return version.major if version and is_ended(version, on) else None


def _newest_covered(now: Rights, versions: Sequence[VersionFacts]) -> VersionFacts | None:
    """The newest version of a licence that covers versions up to one; who may run every version has none that could end (EOL-4)."""
    return next((v for v in versions if v.major == now.run.newest_major), None)


def _end_of_life(now: Rights, versions: Sequence[VersionFacts], *, licence: str, on: date, policy: Policy) -> Iterable[Reason]:
    version = _newest_covered(now, versions)
    if version is None or version.support_ends_on is None:
        return
    facts = {"licence": licence, "major": version.major, "support_ends_on": version.support_ends_on}
    if is_ended(version, on):
        yield Reason("version.end_of_life", facts)
    elif on == version.support_ends_on:
        yield Reason("version.end_of_life_today", facts, blocks=False)
    elif version.support_ends_on <= add_months(on, policy.end_of_life_notice_months):
        yield Reason("version.end_of_life_soon", facts, blocks=False)


def may_upgrade(now: Rights, versions: Sequence[VersionFacts], *, licence: str, on: date) -> Decision:
    """May an upgrade to the current version be sold? Not where it would give nothing."""
    extendable = _may_be_extended(now, licence)
    if not extendable.allowed:
        return extendable
    current = version_at(versions, on)
    lapsed = now.run.updates_until is not None and on > now.run.updates_until
    if now.run.covers_all or (current is not None and now.run.covers(current) and not lapsed):
        return refuse("version.upgrade_not_needed", major=current, licence=licence)
    return Decision()


def may_add_lifetime(now: Rights, *, licence: str) -> Decision:
    """C31: lifetime updates are sold once."""
    extendable = _may_be_extended(now, licence)
    if not extendable.allowed:
        return extendable
    if now.run.covers_all and now.run.until is None:
        return refuse("licence.lifetime_already", licence=licence)
    return Decision()


def may_add_devices(now: Rights, *, licence: str) -> Decision:
    return _may_be_extended(now, licence)


def may_give_goodwill(now: Rights, *, licence: str) -> Decision:
    """Goodwill extends what was bought; a trial or FREE licence has no support to extend (VIP-10)."""
    if now.base not in _EXTENDABLE:
        return _may_be_extended(now, licence)
    return Decision()


def _may_be_extended(now: Rights, licence: str) -> Decision:
    if now.was_issued and now.base is None:
        return refuse("licence.revoked", licence=licence)
    if now.base not in _EXTENDABLE:
        return refuse("licence.cannot_be_extended", licence=licence)
    if now.suspended_at:
        return refuse("licence.suspended_payment", since=now.suspended_at, licence=licence)
    return Decision()


def _runs(now: Rights, licence: str, *, on: date) -> Decision:
    """Nothing is sold for a subscription that is over: support for a program that does not run would be money for nothing."""
    if now.run.until and on > now.run.until and not (now.run_pending_until and on <= now.run_pending_until):
        return refuse("licence.expired", until=now.run.until, licence=licence)
    return Decision()


@dataclass(frozen=True, slots=True)
class Alignment:
    """ORG-3: what bringing one date to another costs. `share` of the yearly price, exact."""

    days: int
    share: Decimal


def align(through: date, to: date) -> Alignment:
    """Days from one end of support to a later one, and their share of a year's price: 112 days are 112/365 (ORG-3).

    ValueError if the other date is not later: nothing is ever moved backwards.
    """
    days = (to - through).days
    if days <= 0:
        raise ValueError(f"{to} is not after {through}")
    return Alignment(days, Decimal(days) / Decimal(365))


def may_align(now: Rights, to: date, *, licence: str, on: date) -> Decision:
    """ORG-3: may its end of support be brought to this date? Only a later one, and only while support runs."""
    through = now.support_through
    if through is None or through < on:
        return refuse("alignment.not_running", licence=licence)
    if to <= through:
        return refuse("alignment.not_later", licence=licence, through=through, to=to)
    return Decision()


def may_reduce(now: Rights, seats: int, *, licence: str) -> Decision:
    """ORG-5: may it be renewed for so many devices? For fewer than it has, and for one at least."""
    if not 1 <= seats < now.seats:
        return refuse("seats.not_fewer", licence=licence, seats=now.seats, most=max(now.seats - 1, 1))
    return Decision()


def today(at: datetime, policy: Policy) -> date:
    return vendor_date(at, policy.zone)
