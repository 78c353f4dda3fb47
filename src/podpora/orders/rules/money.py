"""An order's money, read in date order (C04, C05, C15, C16, X-1..6).

Notices arrive late, twice and in any order. So nothing is decided when a notice arrives: every time, the whole history is read again by
the instants at which things happened. Any order and any duplication of the same events gives the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from podpora.base.decisions import Decision, Reason, refuse
from podpora.base.money import Money
from podpora.entitlements.values import EntryKind
from podpora.orders.values import History, MoneyFact, MoneyKind, OrderFacts, OrderState, Strike

_RANK = {kind: rank for rank, kind in enumerate(MoneyKind)}
_ZERO = Decimal(0)


def in_date_order(events: Iterable[MoneyFact]) -> list[MoneyFact]:
    """Each event once. One external id may name a payment and a refund, and a chargeback in each of its states."""
    ordered = sorted(events, key=lambda e: (e.at, _RANK[e.kind], e.external_id))
    unique: dict[tuple[MoneyKind, str], MoneyFact] = {}
    for event in ordered:
        unique.setdefault((event.kind, event.external_id), event)
    return list(unique.values())


def money_history(order: OrderFacts, events: Iterable[MoneyFact]) -> History:
    """When the order was paid, and what refunds and chargebacks took back since.

    Paid is the instant at which the payments, summed up in date order, reach the total: less is not paid (C16), more changes nothing
    (C15). A refund or chargeback that is dated before that instant waits for it and counts from it (C05).
    """
    known = in_date_order(events)
    payments = _Payments(order, [e for e in known if e.kind is MoneyKind.PAYMENT])
    captured = payments.when_reaching(order.total)
    refunds = _Refunds(order)
    strikes = [s for e in known if e.kind is MoneyKind.REFUND for s in refunds.strikes_of(e)]
    disputes = _Disputes(order, payments)
    strikes += disputes.strikes_of([e for e in known if e.kind.is_chargeback])
    given_back = sum((e.amount or _ZERO for e in known if e.kind is MoneyKind.REFUND and e.keeps_rights), _ZERO)
    return History(
        captured_at=captured and captured[0],
        captured_on=captured and captured[1],
        paid=payments.total,
        overpaid=max(payments.total - order.total - disputes.taken - given_back, _ZERO),
        missing=max(order.total - payments.total, _ZERO),
        strikes=tuple(_counting_from(strike, captured) for strike in strikes),
        units_left=refunds.left,
        disputed_at=disputes.open_since,
        lost_at=disputes.lost_at,
        last_at=max((e.at for e in known), default=None),
    )


def _counting_from(strike: Strike, captured: tuple[datetime, date] | None) -> Strike:
    if captured is None or strike.at is None:
        return Strike(strike.position, strike.kind, strike.cause, None, None, strike.units)
    if strike.at < captured[0]:
        return Strike(strike.position, strike.kind, strike.cause, *captured, strike.units)
    return strike


@dataclass(slots=True)
class _Payments:
    order: OrderFacts
    events: list[MoneyFact]

    @property
    def total(self) -> Decimal:
        return sum((e.amount or _ZERO for e in self.events), _ZERO)

    def when_reaching(self, amount: Decimal) -> tuple[datetime, date] | None:
        """The instant (and its vendor date) at which the sum reaches the amount. What costs nothing is paid when it is ordered."""
        if amount <= 0:
            return self.order.placed_at, self.order.placed_on
        reached = _ZERO
        for event in self.events:
            reached += event.amount or _ZERO
            if reached >= amount:
                return event.at, event.on
        return None


@dataclass(slots=True)
class _Refunds:
    """What refunds left of each line, in date order. A refund never takes more than is there."""

    order: OrderFacts
    left: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.left = {line.position: line.quantity for line in self.order.lines}

    def strikes_of(self, event: MoneyFact) -> list[Strike]:
        if event.keeps_rights:
            return []
        strikes = []
        for position, units in event.lines or [(position, None) for position in self.left]:
            taken = min(self.left.get(position, 0), self.left.get(position, 0) if units is None else units)
            if position in self.left:
                self.left[position] -= taken
                strikes.append(Strike(position, EntryKind.REFUND, event.external_id, event.at, event.on, units))
        return strikes


_CHARGEBACKS = {
    MoneyKind.CHARGEBACK_OPENED: EntryKind.CHARGEBACK_OPENED,
    MoneyKind.CHARGEBACK_WON: EntryKind.CHARGEBACK_WON,
    MoneyKind.CHARGEBACK_LOST: EntryKind.CHARGEBACK_LOST,
}


@dataclass(slots=True)
class _Disputes:
    """Chargebacks of the whole order, in date order. `taken` is the money that lost ones took."""

    order: OrderFacts
    payments: _Payments
    open: dict[str, datetime] = field(default_factory=dict)
    lost: dict[str, tuple[datetime, date]] = field(default_factory=dict)
    lost_at: datetime | None = None

    @property
    def taken(self) -> Decimal:
        return self.order.total * len(self.lost)

    @property
    def open_since(self) -> datetime | None:
        return min(self.open.values(), default=None)

    def strikes_of(self, events: list[MoneyFact]) -> list[Strike]:
        strikes: list[Strike] = []
        for event in events:
            self.open.pop(event.external_id, None)
            self.lost.pop(event.external_id, None)
            at: datetime | None = event.at
            match event.kind:
                case MoneyKind.CHARGEBACK_OPENED:
                    self.open[event.external_id] = event.at
                case MoneyKind.CHARGEBACK_LOST:
                    self.lost[event.external_id] = (event.at, event.on)
                case MoneyKind.CHARGEBACK_WON if self.open or self._is_owed(event.at):
                    at = None  # another one still hangs over the order: nothing is restored yet
            strikes += self._everywhere(_CHARGEBACKS[event.kind], event.external_id, at, event.on if at else None)
        return strikes + self._paid_again()

    def _everywhere(self, kind: EntryKind, cause: str, at: datetime | None, on: date | None) -> list[Strike]:
        return [Strike(line.position, kind, cause, at, on) for line in self.order.lines]

    def _is_owed(self, at: datetime) -> bool:
        """Has money that a lost chargeback took not come again by `at`?"""
        again = self.payments.when_reaching(self.order.total + self.taken) if self.lost else None
        return bool(self.lost) and (again is None or again[0] > at)

    def _paid_again(self) -> list[Strike]:
        """X-6: the money that lost chargebacks took has come once more. Restores only where nothing is owed at that instant."""
        strikes = []
        losses = sorted(self.lost.values())
        for number, (lost_at, lost_on) in enumerate(losses, start=1):
            again = self.payments.when_reaching(self.order.total * (number + 1))
            self.lost_at = lost_at if again is None else None
            if again is None:
                break
            at, on = max(again, (lost_at, lost_on))
            if number == len(losses) or losses[number][0] > at:
                strikes += self._everywhere(EntryKind.PAID_AGAIN, f"again-{number}", at, on)
        return strikes


def state_of(order: OrderFacts, history: History) -> OrderState:
    """The order's state in one word, from all that is known."""
    if history.captured_at is None:
        return OrderState.CANCELLED if order.cancelled_at else OrderState.AWAITING_PAYMENT
    if not any(history.units_left.values()):
        return OrderState.REFUNDED
    if history.lost_at:
        return OrderState.CHARGED_BACK
    if history.disputed_at:
        return OrderState.DISPUTED
    if any(history.units_left[line.position] < line.quantity for line in order.lines):
        return OrderState.PART_REFUNDED
    return OrderState.PAID


def may_refund(order: OrderFacts, events: Iterable[MoneyFact], refund: MoneyFact) -> Decision:
    """C20: never more than is there. Read in date order, so that a late notice of an early refund is judged as of its date.

    A refund may be known before the payment (C05); what it takes is limited by what was ordered, not by what has been paid.
    """
    reasons: list[Reason] = []
    refunds = _Refunds(order)
    known = in_date_order(e for e in events if e.kind is MoneyKind.REFUND)
    earlier = [event for event in known if event.at <= refund.at]  # also of the same instant: it is the last that is told of
    if _is_whole(refund) and any(_is_whole(event) for event in known):  # whatever their dates: the whole is given back once
        return refuse("refund.nothing_left", order=order.code)
    for event in (*earlier, refund, *known[len(earlier) :]):
        for position, units in event.lines:
            left = refunds.left.get(position, 0)
            if (units is not None and units > left) or left == 0:
                reasons.append(Reason("refund.too_much", {"line": position, "left": left}))
        if event is refund and _is_whole(event) and not any(refunds.left.values()):
            reasons.append(Reason("refund.nothing_left", {"order": order.code}))
        refunds.strikes_of(event)
    return Decision(tuple(reasons))


def _is_whole(event: MoneyFact) -> bool:
    """A refund of the whole order, not of lines and not goodwill."""
    return not event.lines and not event.keeps_rights


def may_give_back(history: History, events: Iterable[MoneyFact], amount: Money) -> Decision:
    """Goodwill and overpayments: never more than came in and was not given back before (C20)."""
    given = sum((e.amount or _ZERO for e in events if e.kind is MoneyKind.REFUND and e.keeps_rights), _ZERO)
    limit = max(history.paid - given, _ZERO)
    if amount.amount <= 0 or amount.amount > limit:
        return refuse("refund.exceeds_payment", limit=Money(limit, amount.currency))
    return Decision()


def units_taken(order: OrderFacts, events: Iterable[MoneyFact], refund: str) -> dict[int, tuple[int, int]]:
    """What this refund takes, by line: (units left before it, units taken)."""
    refunds = _Refunds(order)
    for event in in_date_order(e for e in events if e.kind is MoneyKind.REFUND):
        before = dict(refunds.left)
        refunds.strikes_of(event)
        if event.external_id == refund:
            return {position: (left, left - refunds.left[position]) for position, left in before.items()}
    return {}
