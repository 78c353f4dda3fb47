"""The walk: grants that stand, in date order, make periods of support (A, X-5).

The order of events on one vendor date, decided here:

1. Grants, by the instant of their payment; at one instant purchase before upgrade before renewal before goodwill (the order of
   EntryKind), so that one order with several lines does not depend on how its lines are numbered.
2. Then what a won chargeback gives back. A renewal on the day of winning so counts from that day if support had ended meanwhile, and
   the days come on top: that is never the earlier of the two results.
3. Then orders that wait for their money: an order placed on the last day waits (VIP-12), one placed on the day after does not.

VIP-12 with several orders: each order that was placed while support ran and paid in time takes the place that it had when it was
placed. So a renewal by card that was bought while a transfer was on its way counts after the transfer as soon as the money is here:
the end moves from "a year from the card payment" to "two years from the old end", which is never earlier. Whether an order was placed
in time is judged by what had been paid by the instant that is asked about, and by nothing later. As time goes by no payment moves the
end backwards. One thing can: something that is put into the past afterwards (an imported grant, goodwill with an old date) and
makes a late transfer "in time" moves the end that this transfer gave from "a year from the payment" to "a year from the old end": the
gap is closed, and the end is earlier by no more than the waiting time. VIP-12 wants exactly that for an order in time.

RESET_MAX (VIP-6) is about upgrades and lifetime updates only; a renewal always adds its year (VIP-2). An upgrade under RESET_MAX gives
a year from the day of its *payment*, even if it was ordered in time: being on time must not cost days. Which of the two settings
applies is a fact of the entry: what the checkout showed is what is given.

A subscription (VIP-15) keeps a term of its own. Support runs as long as it does, unless a grant runs longer; a renewal bought for a
subscription stacks on the end that support had then.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from podpora.base.decisions import Reason
from podpora.catalog.values import Policy
from podpora.entitlements.rules.ledger import RANK, Grant, Suspension
from podpora.entitlements.rules.years import Term
from podpora.entitlements.values import Entry, EntryKind, Period

_Event = tuple[date, int, datetime, int, str, Grant | Suspension | Entry]
_RESETTING = (EntryKind.UPGRADE, EntryKind.LIFETIME)
_NOON_OF_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Walk:
    """The walk through the grants in date order. Mutable, local to one replay."""

    policy: Policy
    explains: bool = False  # collect what each entry did, for the trail
    term: Term | None = None
    ended: list[Term] = field(default_factory=list)
    subscription: Term | None = None
    pending_until: date | None = None
    run_pending_until: date | None = None
    effects: dict[str, list[Reason]] = field(default_factory=dict)

    def go(self, grants: Iterable[Grant], suspensions: Iterable[Suspension], waiting: Iterable[Entry]) -> "Walk":
        queue = self._events(grants, suspensions, waiting)
        states: list[tuple[date, date]] = []  # (from, through) of every state of the term, to look back for suspensions
        while queue:
            on, _, _, _, _, event = heapq.heappop(queue)
            if isinstance(event, Grant):
                if on != event.entry.on and not self._was_in_time(event.entry, on):
                    heapq.heappush(queue, _paid(event))  # ordered after the lapse: the payment counts
                    continue
                self._grant(event, on)
            elif isinstance(event, Suspension):
                self._give_back(event, states)
            else:
                self._wait_for(event, on)
            if self.term:
                states.append((on, self.term.through))
        return self

    def _events(self, grants: Iterable[Grant], suspensions: Iterable[Suspension], waiting: Iterable[Entry]) -> list[_Event]:
        queue = [self._place(grant) for grant in grants if grant.units > 0 and grant.entry.on and _gives_time(grant)]
        queue += [(span.won_on, 1, _NOON_OF_TIME, n, "", span) for n, span in enumerate(suspensions)]
        for entry in waiting:
            if entry.ordered_on and entry.ordered_at:
                queue.append((entry.ordered_on, 2, entry.ordered_at, RANK[entry.kind], entry.source, entry))
        heapq.heapify(queue)
        return queue

    def _place(self, grant: Grant) -> _Event:
        """VIP-12: at the order's date, if the money came later but within the waiting time; else at the payment.

        The debate: should every transfer count from its order? No. A new or lapsed term begins when the money is here, so that nobody
        loses days of it; only the question "was it still running?" is answered as of the order, because the customer acted in time.
        """
        entry = grant.entry
        ordered_on, ordered_at = entry.ordered_on, entry.ordered_at
        if not (ordered_on and ordered_at and entry.on) or ordered_on >= entry.on:
            return _paid(grant)
        if (entry.on - ordered_on).days > self.policy.pending_days:
            return _paid(grant)
        return ordered_on, 0, ordered_at, RANK[entry.kind], entry.source, grant

    def _is_active(self, on: date) -> bool:
        return self.term is not None and on <= self.term.through

    def _was_in_time(self, entry: Entry, on: date) -> bool:
        """Was what is extended still running on the day of the order? For a subscription that is the subscription itself."""
        if entry.kind is EntryKind.SUBSCRIPTION:
            return self.subscription is not None and self.subscription.is_active_on(on)
        return self._is_active(on)

    def _grant(self, grant: Grant, on: date) -> None:
        entry, before = grant.entry, self.term
        if entry.kind is EntryKind.SUBSCRIPTION:
            self._subscribe(grant.years or 1, on)
        elif before is None or on > before.through:
            self._begin(_new_term(on, grant))
        elif grant.years and not entry.stacks and entry.kind in _RESETTING:
            self.term = before.at_least(Term.starting(entry.on or on, grant.years))
        else:
            term = before.longer_by_years(grant.years) if grant.years else before
            self.term = term.longer_by_days(entry.days) if entry.days else term
        if self.explains:
            self._explain(entry, on, before)

    def _begin(self, term: Term) -> None:
        if self.term:
            self.ended.append(self.term)
        self.term = term

    def _subscribe(self, years: int, on: date) -> None:
        running = self.subscription
        if running and running.is_active_on(on):
            self.subscription = running.longer_by_years(years)
        else:
            self.subscription = Term.starting(on, years)
        if self.term and self.term.is_active_on(on):
            self.term = self.term.at_least(self.subscription)
        else:
            self._begin(Term.starting(on, years))

    def _explain(self, entry: Entry, on: date, before: Term | None) -> None:
        term = self.term
        assert term is not None
        why = self.effects.setdefault(entry.source, [])
        if on != entry.on:
            why.append(Reason("ledger.counted_as_ordered", {"ordered_on": on, "on": entry.on}))
        if before is None or before.starts_on != term.starts_on:
            why.append(Reason("ledger.started", {"starts_on": term.starts_on, "through": term.through}))
        elif before.through == term.through:
            why.append(Reason("ledger.kept", {"through": term.through}))
        else:
            why.append(Reason("ledger.extended", {"before": before.through, "through": term.through}))

    def _give_back(self, span: Suspension, states: list[tuple[date, date]]) -> None:
        """X-5: a clock that stood still. Only if support ran when the chargeback was opened, and for more than a few days.

        If support ended while it was suspended, all the suspended days are still added to that end: what was left of it on the day of
        the opening is left again on the day of the winning, to the day. A shop that gave back only the days up to the old end would
        give back days that are already over.
        """
        ran = next((through for since, through in reversed(states) if since <= span.opened_on), None)
        if self.term is None or ran is None or ran < span.opened_on or span.days <= self.policy.suspension_forgiven_days:
            return
        before = self.term.through
        self.term = self.term.longer_by_days(span.days)
        if self.subscription and self.subscription.through >= span.opened_on:
            self.subscription = self.subscription.longer_by_days(span.days)
        facts = {"days": span.days, "before": before, "through": self.term.through}
        self.effects.setdefault(_won(span.won_on), []).append(Reason("ledger.suspended_days", facts))

    def given_back(self, won_on: date | None) -> list[Reason]:
        """What the winning on that date gave back."""
        return self.effects.get(_won(won_on), []) if won_on else []

    def _wait_for(self, entry: Entry, on: date) -> None:
        """VIP-12: an order placed while support ran keeps the gate open until its money must be here."""
        gives = entry.years or entry.years_each or entry.kind is EntryKind.SUBSCRIPTION
        if not gives or not self._is_active(on):
            return
        until = on + timedelta(days=self.policy.pending_days)
        self.pending_until = max(self.pending_until or until, until)
        if entry.kind is EntryKind.SUBSCRIPTION and self.subscription and self.subscription.is_active_on(on):
            self.run_pending_until = max(self.run_pending_until or until, until)
        self.effects.setdefault(entry.source, []).append(Reason("ledger.waiting", {"pending_until": until}))

    def periods(self) -> tuple[Period, ...]:
        terms = [*self.ended, *([self.term] if self.term else [])]
        return tuple(Period(term.starts_on, term.through + timedelta(days=1)) for term in terms)


def _paid(grant: Grant) -> _Event:
    entry = grant.entry
    assert entry.on is not None and entry.at is not None
    return entry.on, 0, entry.at, RANK[entry.kind], entry.source, grant


def _gives_time(grant: Grant) -> bool:
    return bool(grant.years or grant.entry.days or grant.entry.kind is EntryKind.SUBSCRIPTION)


def _new_term(on: date, grant: Grant) -> Term:
    if not grant.years:
        return Term.of_days(on, grant.entry.days)
    term = Term.starting(on, grant.years)
    return term.longer_by_days(grant.entry.days) if grant.entry.days else term


def _won(on: date) -> str:
    return f"won {on.isoformat()}"
