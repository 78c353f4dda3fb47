"""The replay: a licence's ledger gives its rights at an instant (T2, T3).

Nothing here is ever edited: a refund does not shorten a date, it strikes an entry, and the walk is done again. So the order in which
entries became known cannot matter (VIP-11, C04).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from podpora.base.clock import vendor_date
from podpora.base.decisions import Reason
from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements.rules.ledger import Grant, Suspension, held_since, in_order, is_waiting, standing, won_suspensions
from podpora.entitlements.rules.walk import Walk
from podpora.entitlements.values import STRIKES, Entry, EntryKind, Rights, RunRight, Step

_PERPETUAL = (EntryKind.PURCHASE, EntryKind.UPGRADE, EntryKind.LIFETIME, EntryKind.GOODWILL)


def replay(
    entries: Iterable[Entry], *, at: datetime, versions: Sequence[VersionFacts], policy: Policy, explained: bool = False
) -> Rights:
    """The rights that the ledger gives at `at`, knowing only what had happened by then.

    `versions`: the product's majors, for the free-upgrade window (EOL-10). Any order and any duplication of `entries` gives the
    same answer. `explained`: with the trail of what each entry did.
    """
    ordered = in_order(entries)
    known = [e for e in ordered if e.at is not None and e.at <= at]
    waiting = [e for e in ordered if is_waiting(e, at)]
    grants = standing(known)
    suspensions = won_suspensions(known)
    walk = Walk(policy, explained).go(grants, suspensions, waiting)
    today = vendor_date(at, policy.zone)
    run = _run_right(grants, walk, suspensions, today=today, versions=versions, policy=policy)
    undisputed, disputes = run, [g.disputed_at for g in grants if g.disputed_at]
    if disputes:
        others = [g for g in grants if not g.disputed_at]
        undisputed = _run_right(others, Walk(policy).go(others, (), ()), (), today=today, versions=versions, policy=policy)
    base = _base(grants)
    return Rights(
        at=at,
        base=base,
        was_issued=any(g.is_base for g in grants),
        run=run,
        undisputed_run=undisputed,
        periods=walk.periods(),
        pending_until=walk.pending_until,
        run_pending_until=walk.run_pending_until,
        suspended_at=min(disputes, default=None),
        held_at=held_since(known),
        seats=_seats(grants, today) if base else 0,
        trail=_trail(known, waiting, grants, walk, versions=versions, today=today, policy=policy) if explained else (),
    )


def _seats(grants: Sequence[Grant], today: date) -> int:
    """What grants bring, less what renewals for fewer devices take away from their day on (ORG-5)."""
    less = sum(g.entry.seats_less for g in grants if g.stands and g.entry.less_from and today >= g.entry.less_from)
    return max(sum(g.seats for g in grants) - less, 0)


def _base(grants: Sequence[Grant]) -> EntryKind | None:
    """What the licence is by now: what was bought wins over a subscription (T7: it never expires), both over FREE and trial."""
    kinds = [g.entry.kind for g in grants if g.is_base and g.stands]
    for kind in (EntryKind.PURCHASE, EntryKind.SUBSCRIPTION):
        if kind in kinds:
            return kind
    return kinds[-1] if kinds else None


def _run_right(
    grants: Sequence[Grant], walk: Walk, suspensions: Sequence[Suspension],
    *, today: date, versions: Sequence[VersionFacts], policy: Policy,
) -> RunRight:  # fmt: skip
    """T3. A licence that was bought and subscribed runs everything while the subscription does, then what was bought, for ever (T7)."""
    base = _base(grants)
    lasting = [g.entry for g in grants if g.stands and g.entry.kind in _PERPETUAL]
    bought = any(e.kind is EntryKind.PURCHASE for e in lasting)
    subscribed = walk.subscription
    if (bought or subscribed) and any(e.covers_all for e in lasting):
        return RunRight(covers_all=True)
    through = max((major for e in lasting for major in _majors(e, versions, today=today, policy=policy)), default=None)
    if subscribed and (not bought or today <= subscribed.through):
        return RunRight(covers_all=True, through_major=through if bought else None, until=subscribed.through)
    if bought:
        until = updates_until(grants, suspensions, policy)
        reached = (v.major for v in versions if until and v.released_on and v.released_on <= until)
        return RunRight(through_major=through, updates_until=until, reached_major=max(reached, default=None))
    if base is EntryKind.TRIAL:
        trial = next(g.entry for g in reversed(grants) if g.entry.kind is EntryKind.TRIAL and g.stands)
        until = trial.on + timedelta(days=trial.run_days - 1) if trial.on else None  # day 1 is the first day
        return RunRight(covers_all=True, until=until)
    return RunRight(covers_all=base is EntryKind.FREE)


def updates_until(grants: Sequence[Grant], suspensions: Sequence[Suspension], policy: Policy) -> date | None:
    """The last day of updates of a licence that covers by date; None where no grant gives any.

    The same walk as for support, over the years of updates: calendar years, in time or from the payment, stacked or not (VIP-1..8,
    VIP-12), days of a won chargeback given back (X-5). What came out until then stays covered for ever, also what came out while
    updates had lapsed: the right asks when a release came out, never when it is started.
    """
    giving = [
        replace(g, entry=replace(g.entry, years=g.entry.update_years, years_each=g.entry.update_years_each, days=0))
        for g in grants
        if g.stands and (g.entry.update_years or g.entry.update_years_each)
    ]
    if not giving:
        return None
    walk = Walk(policy).go(giving, suspensions, ())
    return max((period.through for period in walk.periods()), default=None)


def _majors(entry: Entry, versions: Sequence[VersionFacts], *, today: date, policy: Policy) -> Iterable[int]:
    if entry.through_major is not None:
        yield entry.through_major
        free = free_upgrade(entry, versions, today=today, policy=policy)
        if free is not None:
            yield free


def free_upgrade(entry: Entry, versions: Sequence[VersionFacts], *, today: date, policy: Policy) -> int | None:
    """EOL-10: the newest major that came out within the window after this purchase and is out by `today`.

    Asked about an instant before that major came out, a back-dated purchase does not have it yet; the window counts from the payment,
    because before it there was no licence. A release date that the vendor moves moves the window with it, for the customer only:
    the major that was current at the purchase is a fact of the entry.
    """
    if entry.on is None:
        return None
    last = min(entry.on + timedelta(days=policy.free_upgrade_days), today)
    return max((v.major for v in versions if v.released_on and entry.on < v.released_on <= last), default=None)


def _trail(
    known: Sequence[Entry], waiting: Sequence[Entry], grants: Sequence[Grant], walk: Walk,
    *, versions: Sequence[VersionFacts], today: date, policy: Policy,
) -> tuple[Step, ...]:  # fmt: skip
    """Every entry with its effect, in date order: what `explain` shows."""
    by_source = {g.entry.source: g for g in grants}
    base = _base(grants)
    steps = []
    for entry in known:
        if entry.kind in STRIKES:
            steps.append(Step(entry, True, _why_strike(entry, walk)))
            continue
        grant = by_source[entry.source]
        why = list(grant.why)
        if grant.stands:
            why += walk.effects.get(entry.source, [])
            why += _why_grant(grant, free_upgrade(entry, versions, today=today, policy=policy))
            if base is None:
                why.append(Reason("ledger.no_base"))
        steps.append(Step(entry, grant.stands, tuple(why), grant.years or entry.all_years))
    for entry in waiting:
        steps.append(Step(entry, False, tuple(walk.effects.get(entry.source) or [Reason("ledger.not_paid")]), entry.all_years))
    return tuple(steps)


def _why_grant(grant: Grant, free: int | None) -> Iterable[Reason]:
    entry = grant.entry
    if entry.kind is EntryKind.TRIAL and entry.on:
        yield Reason("ledger.runs_until", {"until": entry.on + timedelta(days=entry.run_days - 1)})
    elif entry.kind is EntryKind.SUBSCRIPTION:
        yield Reason("ledger.covers_while_subscribed")
    elif entry.covers_all:
        yield Reason("ledger.covers_all")
    elif entry.through_major is not None:
        yield Reason("ledger.covers_major", {"major": entry.through_major})
        if free is not None:
            yield Reason("ledger.free_upgrade", {"major": free})
    if years := entry.update_years + entry.update_years_each * grant.units:
        yield Reason("ledger.gives_updates", {"years": years})
    if entry.seats_less:
        yield Reason("ledger.fewer_seats", {"seats": entry.seats_less, "on": entry.less_from})
    if grant.seats:
        yield Reason("ledger.seats", {"seats": grant.seats})


def _why_strike(entry: Entry, walk: Walk) -> tuple[Reason, ...]:
    facts = {"source": entry.strikes}
    match entry.kind:
        case EntryKind.REFUND | EntryKind.CHARGEBACK_LOST:
            return (Reason("ledger.strikes", facts),)
        case EntryKind.CHARGEBACK_OPENED:
            return (Reason("ledger.suspends", facts),)
        case EntryKind.CHARGEBACK_WON:
            return (Reason("ledger.restores", facts), *walk.given_back(entry.on))
        case EntryKind.SUSPENSION:
            return (Reason("ledger.suspends_all"),)
        case EntryKind.REINSTATEMENT:
            return (Reason("ledger.restores_all"), *walk.given_back(entry.on))
    return (Reason("ledger.restores", facts),)
