"""What an order's lines write into the ledger of rights: facts only, the replay decides what comes of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from podpora.catalog.rules import coverage_on
from podpora.catalog.values import CoverageFacts, CoverageMode, OfferKind, VersionFacts
from podpora.entitlements.rules import version_at
from podpora.entitlements.values import Entry, EntryKind
from podpora.orders.values import History, LineFacts, OrderFacts, Strike

_KINDS = {
    OfferKind.LICENCE: EntryKind.PURCHASE,
    OfferKind.SUBSCRIPTION: EntryKind.SUBSCRIPTION,
    OfferKind.UPGRADE: EntryKind.UPGRADE,
    OfferKind.LIFETIME: EntryKind.LIFETIME,
    OfferKind.RENEWAL: EntryKind.RENEWAL,
    OfferKind.EXTRA_DEVICE: EntryKind.EXTRA_DEVICE,
}
LONGEST_CAUSE = 40  # characters of an external id in a source; a longer one is shortened to its hash


@dataclass(frozen=True, slots=True)
class Offered:
    """What the vendor gives with a purchase, by its day: the majors, and how a purchase covers them."""

    versions: Sequence[VersionFacts]
    coverages: Sequence[CoverageFacts] = ()


def source_of(order: OrderFacts, position: int) -> str:
    return f"order:{order.code}/{position}"


def entries_of(order: OrderFacts, history: History, offered: Mapping[str, Offered]) -> dict[str, list[Entry]]:
    """Each licence's entries from this order. `offered`: what purchases of each licence's product cover, by the licence's code."""
    by_licence: dict[str, list[Entry]] = {}
    for line in order.lines:
        entry = grant_of(order, line, at=history.captured_at, on=history.captured_on, offered=offered[line.licence])
        strikes = [_strike(order, strike) for strike in history.strikes if strike.position == line.position]
        by_licence.setdefault(line.licence, []).extend([entry, *strikes])
    return by_licence


def grant_of(order: OrderFacts, line: LineFacts, *, at: datetime | None, on: date | None, offered: Offered) -> Entry:
    """A line as a grant, paid at `at` (None: not paid yet, VIP-12). What it covers is what was sold on the day of the order."""
    entry = Entry(
        source=source_of(order, line.position), kind=_KINDS[line.kind], at=at, on=on, ordered_at=order.placed_at,
        ordered_on=order.placed_on, cancelled_at=order.cancelled_at, units=line.quantity, stacks=line.stacks,
    )  # fmt: skip
    covers = _covered(line, on, coverage_on(offered.coverages, order.placed_on), offered.versions)
    match line.kind:
        case OfferKind.LICENCE:
            return replace(entry, years=line.support_years, seats_each=line.devices, **covers)
        case OfferKind.SUBSCRIPTION:
            seats = 0 if line.extends else line.devices  # the next year of the same subscription brings no second set of seats
            return replace(entry, years=max(line.support_years, 1), seats_each=seats)
        case OfferKind.UPGRADE:
            return replace(entry, years=line.support_years, **covers)
        case OfferKind.LIFETIME:
            return replace(entry, years=line.support_years, covers_all=True)
        case OfferKind.RENEWAL if line.change.days:
            return replace(entry, kind=EntryKind.ALIGNMENT, days=line.change.days)
        case OfferKind.RENEWAL:
            less: dict[str, Any] = {"seats_less": line.change.seats_less, "less_from": line.change.less_from}
            return replace(entry, years_each=max(line.support_years, 1), **covers, **less)
        case OfferKind.EXTRA_DEVICE:
            return replace(entry, years=line.support_years, seats_each=max(line.devices, 1))


def _covered(line: LineFacts, on: date | None, mode: CoverageMode, versions: Sequence[VersionFacts]) -> dict[str, Any]:
    """What a licence, upgrade or renewal covers: the major of its day, years of updates, or all (LICENSING.md)."""
    if line.kind is OfferKind.RENEWAL:
        return {"update_years_each": line.update_years} if mode is CoverageMode.BY_DATE else {}
    match mode:
        case CoverageMode.ALL:
            return {"covers_all": True}
        case CoverageMode.BY_DATE:
            return {"update_years": line.update_years}
    return {"through_major": version_at(versions, on) if on else None}


def _strike(order: OrderFacts, strike: Strike) -> Entry:
    return Entry(
        source=f"{strike.kind.value}:{order.code}/{strike.position}/{_short(strike.cause)}",
        kind=strike.kind, at=strike.at, on=strike.on, strikes=source_of(order, strike.position), struck_units=strike.units,
    )  # fmt: skip


def _short(cause: str) -> str:
    return cause if len(cause) <= LONGEST_CAUSE else hashlib.sha256(cause.encode()).hexdigest()[:LONGEST_CAUSE]


def retracted(order: OrderFacts, entries: Iterable[Entry], recorded: Iterable[Entry]) -> list[Entry]:
    """Strikes of this order that the ledger has and that no longer follow from its money: an earlier event became known since.

    Nothing is deleted from a ledger; they become entries without an instant, which the replay does not see.
    """
    now = {entry.source for entry in entries}
    mine = tuple(f"{source_of(order, line.position)}" for line in order.lines)
    gone = [e for e in recorded if e.strikes in mine and e.source not in now and e.at is not None]
    return [replace(entry, at=None, on=None) for entry in gone]


def horizon(entries: Iterable[Entry], at: datetime) -> datetime:
    """The later of `at` and everything that is recorded: for answers about what was sent with a date that lies ahead."""
    return max([at, *(entry.at for entry in entries if entry.at)])
