"""The replay: a licence's ledger, walked in date order, gives its rights at an instant (T2, T3).

Nothing here is ever edited: a refund does not shorten a date, it strikes an entry, and the walk is done again. So the order in which
entries became known cannot matter (VIP-11, C04).
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from podpora.base.clock import vendor_date
from podpora.base.decisions import Reason
from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements.rules.ledger import Grant, Suspension, known_at, standing, unpaid_at, won_suspensions
from podpora.entitlements.rules.years import Term
from podpora.entitlements.values import Entry, EntryKind, Period, Rights, RunRight, Step


def replay(entries: Iterable[Entry], *, at: datetime, versions: Sequence[VersionFacts], policy: Policy) -> Rights:
    """The rights that the ledger gives at `at`, knowing only what had happened by then.

    `versions`: the product's majors, for the free-upgrade window (EOL-10). Any order and any duplication of `entries` gives the
    same answer.
    """
    entries = list(entries)
    known = known_at(entries, at)
    grants = standing(known)
    bases = [g for g in grants if g.entry.kind.is_base]
    base = next((g for g in reversed(bases) if g.stands), None)
    walk = _Walk(policy)
    walk.go(grants, won_suspensions(known), unpaid_at(entries, at))
    disputes = [g.disputed_at for g in grants if g.disputed_at and g.stands]
    run = _run_right(grants, base, walk, at=at, versions=versions, policy=policy)
    undisputed = [g for g in grants if not g.disputed_at]
    undisputed_base = next((g for g in undisputed if g.entry.kind.is_base and g.stands), None)
    return Rights(
        at=at,
        base=base.entry.kind if base else None,
        was_issued=bool(bases),
        run=run,
        undisputed_run=_run_right(undisputed, undisputed_base, walk, at=at, versions=versions, policy=policy),
        periods=walk.periods(),
        pending_until=walk.pending_until,
        suspended_at=min(disputes, default=None),
        seats=sum(g.seats for g in grants) if base else 0,
        trail=_trail(entries, known, grants, walk, base is not None, at=at),
    )


@dataclass(slots=True)
class _Walk:
    """The walk through the grants in date order. Mutable, local to one replay."""

    policy: Policy
    term: Term | None = None
    ended: list[Term] = field(default_factory=list)
    subscription: Term | None = None
    pending_until: date | None = None
    effects: dict[str, list[Reason]] = field(default_factory=dict)
    suspension_effects: list[Reason] = field(default_factory=list)

    def go(self, grants: list[Grant], suspensions: list[Suspension], unpaid: list[Entry]) -> None:
        """Visit everything by date; on one date grants by instant, then what a won chargeback gives back, then orders that wait."""
        queue: list[tuple[date, int, datetime, str, Grant | Suspension | Entry]] = []
        for grant in grants:
            if grant.stands and grant.entry.on and grant.entry.at:
                early = _counts_from_order(grant.entry, self.policy)
                on, instant = (early, grant.entry.ordered_at) if early else (grant.entry.on, grant.entry.at)
                heapq.heappush(queue, (on, 0, instant or grant.entry.at, grant.entry.source, grant))
        for n, span in enumerate(suspensions):
            heapq.heappush(queue, (span.won_on, 1, datetime.min.replace(tzinfo=self.policy.zone), f"{n:06}", span))
        for entry in unpaid:
            if entry.ordered_on and entry.ordered_at:
                heapq.heappush(queue, (entry.ordered_on, 2, entry.ordered_at, entry.source, entry))
        actives: list[tuple[date, date]] = []  # (from, through) of every state of the term, to look back for suspensions
        while queue:
            on, _, _, source, event = heapq.heappop(queue)
            match event:
                case Grant():
                    paid_on, paid_at = event.entry.on, event.entry.at
                    if on != paid_on and paid_on and paid_at and not self._is_active(on):
                        heapq.heappush(queue, (paid_on, 0, paid_at, source, event))  # ordered after the lapse: the payment counts
                        continue
                    self._grant(event, on)
                case Suspension():
                    self._give_back(event, actives)
                case Entry():
                    self._wait_for(event, on)
            if self.term:
                actives.append((on, self.term.through))

    def _is_active(self, on: date) -> bool:
        return self.term is not None and self.term.is_active_on(on)

    def _grant(self, grant: Grant, on: date) -> None:
        entry = grant.entry
        if entry.kind is EntryKind.SUBSCRIPTION:
            self._subscribe(grant, on)
            return
        if not grant.years and not entry.days:
            return
        before = self.term
        if self.term is None or not self.term.is_active_on(on):
            self._start(on, grant)
        elif grant.years and not entry.stacks:
            self.term = self.term.at_least_through(Term.starting(on, grant.years).through)  # VIP-6, RESET_MAX
        else:
            self.term = self.term.longer_by_years(grant.years) if grant.years else self.term
            self.term = self.term.longer_by_days(entry.days) if entry.days else self.term
        self._explain(grant, on, before)

    def _start(self, on: date, grant: Grant) -> None:
        if self.term:
            self.ended.append(self.term)
        if grant.years:
            term = Term.starting(on, grant.years)
            self.term = term.longer_by_days(grant.entry.days) if grant.entry.days else term
        else:
            # Days alone begin on the day itself, so 30 days given on the 1st last through the 30th.
            through = on + timedelta(days=grant.entry.days - 1)
            self.term = Term(on, through, (through.month, through.day))

    def _subscribe(self, grant: Grant, on: date) -> None:
        """VIP-15: support runs as long as the subscription, unless a grant runs longer."""
        years = max(grant.years, 1)
        running = self.subscription
        if running and running.is_active_on(on):
            self.subscription = running.longer_by_years(years)
        else:
            self.subscription = Term.starting(on, years)
        before = self.term
        if self.term and self.term.is_active_on(on):
            self.term = self.term.at_least_through(self.subscription.through)
        else:
            if self.term:
                self.ended.append(self.term)
            self.term = self.subscription
        self._explain(grant, on, before)

    def _explain(self, grant: Grant, on: date, before: Term | None) -> None:
        assert self.term is not None
        why = self.effects.setdefault(grant.entry.source, [])
        if grant.entry.on and on != grant.entry.on:
            why.append(Reason("ledger.counted_as_ordered", {"ordered_on": on, "on": grant.entry.on}))
        if before is None or before.starts_on != self.term.starts_on:
            why.append(Reason("ledger.started", {"starts_on": self.term.starts_on, "through": self.term.through}))
        elif before.through == self.term.through:
            why.append(Reason("ledger.kept", {"through": self.term.through}))
        else:
            why.append(Reason("ledger.extended", {"before": before.through, "through": self.term.through}))

    def _give_back(self, span: Suspension, actives: list[tuple[date, date]]) -> None:
        """X-5: a clock that stood still. Only if support ran when the chargeback was opened, and for more than a few days."""
        ran = next((through for since, through in reversed(actives) if since <= span.opened_on), None)
        if self.term is None or ran is None or ran < span.opened_on or span.days <= self.policy.suspension_forgiven_days:
            return
        before = self.term.through
        self.term = self.term.longer_by_days(span.days)
        self.suspension_effects.append(
            Reason("ledger.suspended_days", {"days": span.days, "before": before, "through": self.term.through})
        )

    def _wait_for(self, entry: Entry, on: date) -> None:
        """VIP-12: an order placed while support ran keeps the gate open until its money must be here."""
        if not (entry.years or entry.years_each) or not self._is_active(on):
            return
        until = on + timedelta(days=self.policy.pending_days)
        self.pending_until = max(self.pending_until or until, until)
        self.effects.setdefault(entry.source, []).append(Reason("ledger.waiting", {"pending_until": until}))

    def periods(self) -> tuple[Period, ...]:
        terms = [*self.ended, *([self.term] if self.term else [])]
        return tuple(Period(term.starts_on, term.through + timedelta(days=1)) for term in terms)


def _counts_from_order(entry: Entry, policy: Policy) -> date | None:
    """VIP-12: the order's date, if the money came later but within the waiting time.

    The debate: should every transfer count from its order? No. A new or lapsed term begins when the money is here, so that nobody
    loses days of it; only the question "was it still running?" is answered as of the order, because the customer acted in time.
    """
    if entry.on is None or entry.ordered_on is None or entry.ordered_on >= entry.on:
        return None
    return entry.ordered_on if (entry.on - entry.ordered_on).days <= policy.pending_days else None


def _run_right(
    grants: list[Grant], base: Grant | None, walk: _Walk, *, at: datetime, versions: Sequence[VersionFacts], policy: Policy
) -> RunRight:
    if base is None:
        return RunRight()
    entry = base.entry
    match entry.kind:
        case EntryKind.FREE:
            return RunRight(covers_all=True)
        case EntryKind.TRIAL:
            assert entry.on is not None
            return RunRight(covers_all=True, until=entry.on + timedelta(days=entry.run_days - 1))  # day 1 is the first day
        case EntryKind.SUBSCRIPTION:
            lifetime = any(g.stands and g.entry.covers_all and not g.entry.kind.is_base for g in grants)
            until = None if lifetime or walk.subscription is None else walk.subscription.through
            return RunRight(covers_all=True, until=until)
    if any(g.stands and g.entry.covers_all for g in grants):
        return RunRight(covers_all=True)
    majors = [
        major for g in grants if g.stands and g.entry.through_major is not None
        for major in (g.entry.through_major, free_upgrade(g.entry, versions, at=at, policy=policy))
        if major is not None
    ]  # fmt: skip
    return RunRight(through_major=max(majors, default=None))


def free_upgrade(entry: Entry, versions: Sequence[VersionFacts], *, at: datetime, policy: Policy) -> int | None:
    """EOL-10: the newest major that came out within the window after this purchase and is out by `at`."""
    if entry.on is None:
        return None
    today = vendor_date(at, policy.zone)
    last = min(entry.on + timedelta(days=policy.free_upgrade_days), today)
    return max((v.major for v in versions if v.released_on and entry.on < v.released_on <= last), default=None)


def _trail(
    entries: list[Entry], known: list[Entry], grants: list[Grant], walk: _Walk, has_base: bool, *, at: datetime
) -> tuple[Step, ...]:
    """Every entry with its effect, in date order: what `explain` shows."""
    by_source = {g.entry.source: g for g in grants}
    steps = [_step(entry, by_source, walk, has_base) for entry in known]
    for entry in unpaid_at(entries, at):
        why = walk.effects.get(entry.source) or [Reason("ledger.not_paid")]
        steps.append(Step(entry, standing=False, why=tuple(why)))
    return tuple(steps)


def _step(entry: Entry, by_source: dict[str, Grant], walk: _Walk, has_base: bool) -> Step:
    match entry.kind:
        case EntryKind.REFUND | EntryKind.CHARGEBACK_LOST:
            return Step(entry, True, (Reason("ledger.strikes", {"source": entry.strikes}),))
        case EntryKind.CHARGEBACK_OPENED:
            return Step(entry, True, (Reason("ledger.suspends", {"source": entry.strikes}),))
        case EntryKind.CHARGEBACK_WON:
            return Step(entry, True, (Reason("ledger.restores", {"source": entry.strikes}), *walk.suspension_effects))
        case EntryKind.PAID_AGAIN:
            return Step(entry, True, (Reason("ledger.restores", {"source": entry.strikes}),))
    grant = by_source[entry.source]
    why = list(grant.why)
    if grant.stands:
        why += walk.effects.get(entry.source, [])
        if entry.covers_all:
            why.append(Reason("ledger.covers_all"))
        elif entry.through_major is not None:
            why.append(Reason("ledger.covers_major", {"major": entry.through_major}))
        if grant.seats:
            why.append(Reason("ledger.seats", {"seats": grant.seats}))
        if not has_base:
            why.append(Reason("ledger.no_base"))
    return Step(entry, grant.stands, tuple(why), grant.years)
