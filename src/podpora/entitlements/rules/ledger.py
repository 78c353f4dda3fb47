"""Which entries stand at an instant: refunds and chargebacks, whatever the order in which they became known (F, VIP-11).

Decided here:

* One cause, one entry. An entry is known by its source and kind; told ten times it counts once. If two tellings differ (an order
  imported again with another time) the earlier one counts, so that the answer does not depend on which came last; the ledger itself
  keeps a corrected fact as a newer revision and never hands over both.
* A refund strikes units of one grant: one year of a renewal for two, one seat of three (X-3). Two refunds of one grant add up, and
  never to more than was bought. A strike that became known before its grant waits for it (the answer is the same, VIP-11).
* A refund of the purchase while an upgrade or a renewal stands leaves those standing without a licence: they give neither versions
  nor tickets, but they are not lost: refund them too, or move them (X-2). `explain` says so beside each.
* A refund is final; a chargeback is a state. Opened suspends (X-4); won restores all (X-5); lost strikes all units (X-6); paid again
  restores them, as they were: the customer disputed and lost, so no days are given back. Won after lost (a bank that changed its
  mind) restores too.
* The vendor's staff suspend a licence as a whole, whatever its grants (a stolen card that no bank has noticed yet, a key for sale):
  nothing new begins, what is installed goes on for the time of X-4. Reinstated, all is as before, and the days are given back as
  after a won chargeback (X-5): the customer lost them without a fault that anybody could show.
* A grant that was refunded while its chargeback was open suspends nothing any more: the money is back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from podpora.base.decisions import Reason
from podpora.entitlements.values import BASES, STRIKES, Entry, EntryKind

RANK = {kind: rank for rank, kind in enumerate(EntryKind)}
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as it stands: how many units are left, and whether a chargeback on it is open."""

    entry: Entry
    units: int
    disputed_at: datetime | None = None
    why: tuple[Reason, ...] = ()

    @property
    def stands(self) -> bool:
        return self.units > 0

    @property
    def is_base(self) -> bool:
        return self.entry.kind in BASES

    @property
    def years(self) -> int:
        return self.entry.years + self.entry.years_each * self.units if self.units > 0 else 0

    @property
    def seats(self) -> int:
        return self.entry.seats_each * self.units


@dataclass(frozen=True, slots=True)
class Suspension:
    """A chargeback that the vendor won, or a suspension by staff that is over: its days, in vendor dates."""

    opened_on: date
    won_on: date

    @property
    def days(self) -> int:
        return (self.won_on - self.opened_on).days


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Every entry once, by instant, then kind, then source: the same list for any order and any duplication of the input."""
    unique: dict[tuple[str, EntryKind], Entry] = {}
    for entry in entries:
        key = (entry.source, entry.kind)
        other = unique.get(key)
        if other is None or (other is not entry and other != entry and _told(entry) < _told(other)):
            unique[key] = entry
    return sorted(unique.values(), key=_moment)


def _moment(entry: Entry) -> tuple[datetime, int, str]:
    return entry.at or _NEVER, RANK[entry.kind], entry.source


def _told(entry: Entry) -> tuple[datetime, str]:
    """Among differing tellings of one entry: the earliest payment, then any fixed order."""
    return entry.at or _NEVER, repr(entry)


def is_waiting(entry: Entry, at: datetime) -> bool:
    """An order placed by `at` whose money had not come by then."""
    return (
        entry.ordered_at is not None
        and entry.ordered_at <= at
        and (entry.at is None or entry.at > at)
        and (entry.cancelled_at is None or entry.cancelled_at > at)
        and entry.kind not in STRIKES
    )


def standing(known: list[Entry]) -> list[Grant]:
    """The grants among `known`, each with what its refunds and chargebacks left of it."""
    strikes: dict[str, list[Entry]] = {}
    for entry in known:
        if entry.kind in STRIKES:
            strikes.setdefault(entry.strikes, []).append(entry)
    return [_grant(entry, strikes.get(entry.source, ())) for entry in known if entry.kind not in STRIKES]


def _grant(entry: Entry, strikes: Iterable[Entry]) -> Grant:
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
                disputed_at, lost = None, None
    if lost:
        why.append(_struck(lost, entry.units, entry.units))
        units = 0
    return Grant(entry, units, disputed_at if units else None, tuple(why))


def _struck(strike: Entry, struck: int, of: int) -> Reason:
    facts = {"on": strike.on, "by": strike.source}
    if struck >= of:
        return Reason("ledger.struck", facts)
    return Reason("ledger.struck_partly", {"units": struck, "of": of, **facts})


def held_since(known: list[Entry]) -> datetime | None:
    """Since when staff have suspended the licence; None when they have not, or reinstated it."""
    since: datetime | None = None
    for entry in known:
        if entry.kind is EntryKind.SUSPENSION:
            since = since or entry.at
        elif entry.kind is EntryKind.REINSTATEMENT:
            since = None
    return since


def won_suspensions(known: list[Entry]) -> list[Suspension]:
    """The time of every won chargeback and of every suspension that is over, overlapping ones joined: a day is given back once (X-5)."""
    opened: dict[str, date] = {}
    spans: list[Suspension] = []
    for entry in known:
        if entry.kind not in STRIKES or entry.on is None:
            continue
        if entry.kind in (EntryKind.CHARGEBACK_OPENED, EntryKind.SUSPENSION):
            opened.setdefault(entry.strikes, entry.on)
        elif entry.kind in (EntryKind.CHARGEBACK_WON, EntryKind.REINSTATEMENT) and entry.strikes in opened:
            spans.append(Suspension(opened.pop(entry.strikes), entry.on))
        elif entry.kind in (EntryKind.CHARGEBACK_LOST, EntryKind.PAID_AGAIN):
            opened.pop(entry.strikes, None)
    joined: list[Suspension] = []
    for span in sorted(spans, key=lambda s: (s.opened_on, s.won_on)):
        if joined and span.opened_on <= joined[-1].won_on:
            joined[-1] = Suspension(joined[-1].opened_on, max(joined[-1].won_on, span.won_on))
        else:
            joined.append(span)
    return joined
