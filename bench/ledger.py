"""Rights: the replay of a ledger of 20 grants, in this process."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

REPEAT = 500


def milliseconds() -> float:
    """CPU milliseconds of one replay."""
    from podpora.catalog.values import Policy, VersionFacts
    from podpora.entitlements import rules
    from podpora.entitlements.values import Entry, EntryKind

    def entry(number: int, kind: EntryKind, **more: int) -> Entry:
        on = date(2015, 3, 10) + timedelta(days=200 * number)
        at = datetime(on.year, on.month, on.day, 10, tzinfo=UTC)
        return Entry(f"order:A-{number}/1", kind, at, on, ordered_at=at, ordered_on=on, **more)

    entries = [entry(0, EntryKind.PURCHASE, years=1, seats_each=3, through_major=8)]
    entries += [entry(n, EntryKind.RENEWAL, years_each=1) for n in range(1, 20)]
    versions = [VersionFacts(8, date(2014, 1, 1)), VersionFacts(9, date(2020, 1, 1)), VersionFacts(10, date(2024, 1, 1))]
    policy, at = Policy(ZoneInfo("Europe/Prague")), datetime(2026, 11, 22, 12, tzinfo=UTC)
    begin = time.process_time()
    for _ in range(REPEAT):
        rules.replay(entries, at=at, versions=versions, policy=policy)
    return (time.process_time() - begin) / REPEAT * 1000
