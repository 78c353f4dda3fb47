"""Which entries stand at an instant: refunds and chargebacks, whatever the order in which they became known (F, VIP-11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from podpora.base.decisions import Reason
from podpora.entitlements.values import Entry, EntryKind

_RANK = {kind: rank for rank, kind in enumerate(EntryKind)}


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as it stands: how many units are left, and whether a chargeback on it is open."""

    entry: Entry
    units: int
    disputed_at: datetime | None
    why: tuple[Reason, ...]

    @property
    def stands(self) -> bool:
        return self.units > 0

    @property
    def years(self) -> int:
        return self.entry.years + self.entry.years_each * self.units if self.stands else 0

    @property
    def seats(self) -> int:
        return self.entry.seats_each * self.units


@dataclass(frozen=True, slots=True)
class Suspension:
    """A chargeback that the vendor won: the days from opening to winning, in vendor dates."""

    opened_on: date
    won_on: date

    @property
    def days(self) -> int:
        return (self.won_on - self.opened_on).days


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Every entry once, by instant, then kind, then source: the same list for any order and any duplication of the input."""
    unique = {(e.source, e.kind, e.at): e for e in entries}
    return sorted(unique.values(), key=lambda e: (e.at is None, e.at.timestamp() if e.at else 0.0, _RANK[e.kind], e.source))


def known_at(entries: Iterable[Entry], at: datetime) -> list[Entry]:
    """What had happened by `at`: paid grants and strikes. Unpaid orders are not among them (see `unpaid_at`)."""
    return [e for e in in_order(entries) if e.at is not None and e.at <= at]


def unpaid_at(entries: Iterable[Entry], at: datetime) -> list[Entry]:
    """Orders placed by `at` whose money had not come by then."""
    return [
        e for e in in_order(entries)
        if not e.kind.strikes
        and e.ordered_at is not None and e.ordered_at <= at
        and (e.at is None or e.at > at)
        and (e.cancelled_at is None or e.cancelled_at > at)
    ]  # fmt: skip


def standing(known: list[Entry]) -> list[Grant]:
    """The grants among `known`, each with what its refunds and chargebacks left of it."""
    strikes: dict[str, list[Entry]] = {}
    for entry in known:
        if entry.kind.strikes:
            strikes.setdefault(entry.strikes, []).append(entry)
    return [_grant(entry, strikes.get(entry.source, [])) for entry in known if not entry.kind.strikes]


def _grant(entry: Entry, strikes: list[Entry]) -> Grant:
    units = entry.units
    disputed_at: datetime | None = None
    lost: Entry | None = None
    why: list[Reason] = []
    for strike in strikes:  # in date order
        match strike.kind:
            case EntryKind.REFUND:
                struck = min(units, entry.units if strike.struck_units is None else strike.struck_units)
                units -= struck
                why.append(_struck(strike, struck, entry.units))
            case EntryKind.CHARGEBACK_OPENED:
                disputed_at = disputed_at or strike.at
            case EntryKind.CHARGEBACK_WON:
                disputed_at, lost = None, None
            case EntryKind.CHARGEBACK_LOST:
                disputed_at, lost = None, strike
            case EntryKind.PAID_AGAIN:
                lost = None
    if lost:
        why.append(_struck(lost, entry.units, entry.units))
        units = 0
    return Grant(entry, units, disputed_at, tuple(why))


def _struck(strike: Entry, struck: int, of: int) -> Reason:
    facts = {"on": strike.on, "by": strike.source}
    if struck >= of:
        return Reason("ledger.struck", facts)
    return Reason("ledger.struck_partly", {"units": struck, "of": of, **facts})


def won_suspensions(known: list[Entry]) -> list[Suspension]:
    """Every won chargeback's time, overlapping ones joined: a day is given back once (X-5)."""
    opened: dict[str, date] = {}
    spans: list[Suspension] = []
    for entry in known:
        if entry.on is None:
            continue
        if entry.kind is EntryKind.CHARGEBACK_OPENED:
            opened.setdefault(entry.strikes, entry.on)
        elif entry.kind is EntryKind.CHARGEBACK_WON and entry.strikes in opened:
            spans.append(Suspension(opened.pop(entry.strikes), entry.on))
        elif entry.kind is EntryKind.CHARGEBACK_LOST:
            opened.pop(entry.strikes, None)
    joined: list[Suspension] = []
    for span in sorted(spans, key=lambda s: (s.opened_on, s.won_on)):
        if joined and span.opened_on <= joined[-1].won_on:
            joined[-1] = Suspension(joined[-1].opened_on, max(joined[-1].won_on, span.won_on))
        else:
            joined.append(span)
    return joined
