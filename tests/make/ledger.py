"""Ledgers written as a table: `bought("2026-03-10")`, `renewed("2027-02-01")`. Facts only, no database."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from podpora.base.clock import vendor_date
from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements import rules
from podpora.entitlements.values import Entry, EntryKind, Rights

PRAGUE = ZoneInfo("Europe/Prague")
POLICY = Policy(zone=PRAGUE)
VERSIONS = (
    VersionFacts(8, date(2019, 3, 1), date(2026, 6, 30)),
    VersionFacts(9, date(2023, 9, 1), date(2027, 8, 31)),
    VersionFacts(10, date(2026, 10, 1), None),
)


def instant(text: str, zone: ZoneInfo = PRAGUE) -> datetime:
    """`2026-03-10` is noon of the vendor's day; `2026-03-10 16:00` that time of it; with an offset or Z, that instant."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(12), zone).astimezone(UTC)
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def paid(
    kind: EntryKind, on: str | None, source: str = "", *, zone: ZoneInfo = PRAGUE, ordered: str | None = None, **facts: Any
) -> Entry:
    """An entry that was paid (or happened) then; `on=None`: not yet."""
    at = instant(on, zone) if on else None
    ordered_at = instant(ordered, zone) if ordered else None
    return Entry(
        source or f"{kind.value}:{on or ordered}", kind, at, vendor_date(at, zone) if at else None,
        ordered_at=ordered_at, ordered_on=vendor_date(ordered_at, zone) if ordered_at else None, **facts,
    )  # fmt: skip


def bought(on: str | None, major: int = 9, seats: int = 1, **facts: Any) -> Entry:
    return paid(EntryKind.PURCHASE, on, units=seats, **{"years": 1, "seats_each": 1, "through_major": major, **facts})


def renewed(on: str | None, years: int = 1, **facts: Any) -> Entry:
    return paid(EntryKind.RENEWAL, on, units=years, years_each=1, **facts)


def upgraded(on: str | None, major: int = 10, **facts: Any) -> Entry:
    return paid(EntryKind.UPGRADE, on, **{"years": 1, "through_major": major, **facts})


def lifetime(on: str | None, **facts: Any) -> Entry:
    return paid(EntryKind.LIFETIME, on, **{"years": 1, "covers_all": True, **facts})


def subscribed(on: str | None, **facts: Any) -> Entry:
    return paid(EntryKind.SUBSCRIPTION, on, **{"years": 1, "seats_each": 1, **facts})


def goodwill(on: str, days: int = 0, years: int = 0, **facts: Any) -> Entry:
    return paid(EntryKind.GOODWILL, on, days=days, years=years, **facts)


def free(on: str) -> Entry:
    return paid(EntryKind.FREE, on, seats_each=1)


def trial(on: str, days: int = 30) -> Entry:
    return paid(EntryKind.TRIAL, on, run_days=days, seats_each=1)


def refunded(entry: Entry, on: str, units: int | None = None, source: str = "") -> Entry:
    return paid(EntryKind.REFUND, on, source or f"refund:{entry.source}:{on}", strikes=entry.source, struck_units=units)


def chargeback(state: str, entry: Entry, on: str) -> Entry:
    kind = EntryKind.PAID_AGAIN if state == "paid_again" else EntryKind(f"chargeback_{state}")
    return paid(kind, on, f"chargeback:{entry.source}:{state}:{on}", strikes=entry.source)


def replayed(
    entries: Iterable[Entry],
    at: str | datetime,
    *,
    policy: Policy = POLICY,
    versions: Iterable[VersionFacts] = VERSIONS,
    explained: bool = False,
) -> Rights:
    when = instant(at, policy.zone) if isinstance(at, str) else at
    return rules.replay(entries, at=when, versions=tuple(versions), policy=policy, explained=explained)


def through(entries: Iterable[Entry], at: str = "2049-01-01", *, policy: Policy = POLICY) -> str | None:
    """The end of support that the ledger gives, as people read it."""
    end = replayed(entries, at, policy=policy).support_through
    return end.isoformat() if end else None


def periods(rights: Rights) -> list[tuple[str, str]]:
    return [(p.starts_on.isoformat(), p.through.isoformat()) for p in rights.periods]


def on_each_day(first: date, days: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(days)]
