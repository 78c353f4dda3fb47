"""What must hold for every ledger, whatever its dates, zones, order and duplicates (hypothesis)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from podpora.base.clock import vendor_date
from podpora.catalog.values import Policy
from podpora.entitlements import rules
from podpora.entitlements.values import Entry, EntryKind, Rights
from tests.make.ledger import VERSIONS

ZONES = [
    ZoneInfo(name) for name in ("Europe/Prague", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu", "America/Santiago")
]
START = datetime(2023, 12, 1, tzinfo=UTC)
LATE = datetime(2060, 1, 1, tzinfo=UTC)
GRANTS = (
    EntryKind.RENEWAL,
    EntryKind.UPGRADE,
    EntryKind.LIFETIME,
    EntryKind.GOODWILL,
    EntryKind.SUBSCRIPTION,
    EntryKind.EXTRA_DEVICE,
)

# Instants cluster around leap days, ends of terms and midnights, where mistakes live.
instants = st.one_of(
    st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.builds(
        lambda year, hours: datetime(year, 2, 27, tzinfo=UTC) + timedelta(hours=hours), st.integers(2024, 2029), st.integers(0, 96)
    ),
)
zones = st.sampled_from(ZONES)


@st.composite
def grants(draw: st.DrawFn, zone: ZoneInfo, number: int, kinds: tuple[EntryKind, ...] = GRANTS, *, at_once: bool = False) -> Entry:
    kind = draw(st.sampled_from(kinds))
    at = draw(instants)
    waited = None if at_once else draw(st.one_of(st.none(), st.integers(0, 30)))
    ordered = at - timedelta(days=waited) if waited is not None else None
    years = draw(st.integers(1, 3))
    facts: dict[EntryKind, dict[str, object]] = {
        EntryKind.PURCHASE: {"years": 1, "seats_each": 1, "units": draw(st.integers(1, 4)), "through_major": 9},
        EntryKind.RENEWAL: {"years_each": 1, "units": years},
        EntryKind.UPGRADE: {"years": 1, "through_major": 10, "stacks": draw(st.booleans())},
        EntryKind.LIFETIME: {"years": 1, "covers_all": True, "stacks": draw(st.booleans())},
        EntryKind.GOODWILL: {"days": draw(st.integers(1, 400))},
        EntryKind.SUBSCRIPTION: {"years": 1},
        EntryKind.EXTRA_DEVICE: {"seats_each": 1},
    }
    return Entry(
        f"{number}", kind, at, vendor_date(at, zone), ordered, vendor_date(ordered, zone) if ordered else None, **facts[kind]
    )  # type: ignore[arg-type]


@st.composite
def strikes(draw: st.DrawFn, zone: ZoneInfo, number: int, of: int) -> list[Entry]:
    """A refund, or the beginning of a chargeback and perhaps its end, of one of the first `of` grants."""
    target = str(draw(st.integers(0, of - 1)))
    at = draw(instants)

    def strike(kind: EntryKind, on: datetime, **facts: int | None) -> Entry:
        return Entry(f"{number}/{kind}", kind, on, vendor_date(on, zone), strikes=target, **facts)  # type: ignore[arg-type]

    if draw(st.booleans()):
        return [strike(EntryKind.REFUND, at, struck_units=draw(st.one_of(st.none(), st.integers(1, 3))))]
    end = draw(st.sampled_from([None, EntryKind.CHARGEBACK_WON, EntryKind.CHARGEBACK_LOST]))
    found = [strike(EntryKind.CHARGEBACK_OPENED, at)]
    if end:
        found.append(strike(end, at + timedelta(days=draw(st.integers(0, 120)))))
    return found


@st.composite
def ledgers(draw: st.DrawFn, *, with_strikes: bool = True, at_once: bool = False) -> tuple[Policy, list[Entry]]:
    zone = draw(zones)
    entries = [draw(grants(zone, 0, (EntryKind.PURCHASE, EntryKind.SUBSCRIPTION), at_once=at_once))]
    for number in range(1, draw(st.integers(1, 7))):
        entries.append(draw(grants(zone, number, at_once=at_once)))
    if with_strikes:
        for number in range(draw(st.integers(0, 3))):
            entries += draw(strikes(zone, 100 + number, of=len([e for e in entries if not e.kind.strikes])))
    return Policy(zone=zone), entries


def replay(entries: list[Entry], policy: Policy, at: datetime = LATE) -> Rights:
    return rules.replay(entries, at=at, versions=VERSIONS, policy=policy, explained=True)


def end_of(entries: list[Entry], policy: Policy, at: datetime = LATE) -> date:
    return replay(entries, policy, at).support_through or date.min


@given(ledgers(), st.data())
def test_vip_11_any_order_and_any_duplication_gives_the_same(ledger: tuple[Policy, list[Entry]], data: st.DataObject) -> None:
    policy, entries = ledger
    at = data.draw(instants)
    told = data.draw(st.permutations(entries + data.draw(st.lists(st.sampled_from(entries), max_size=5))))
    assert replay(told, policy, at) == replay(entries, policy, at)


@given(ledgers(at_once=True), st.data())
def test_no_grant_ever_moves_the_end_of_support_backwards(ledger: tuple[Policy, list[Entry]], data: st.DataObject) -> None:
    """VIP-6: whatever is added, wherever in the history; also when asked about an instant in the middle.

    The rest of the history was paid at once: an order that waited for its money may lose up to `pending_days` when something put
    into the past makes it "in time" (VIP-12: it then counts from the old end and no more from its payment, without the gap).
    As time goes by even that never happens: see the next but one.
    """
    policy, entries = ledger
    added = data.draw(grants(policy.zone, 99))
    at = data.draw(st.one_of(st.just(LATE), instants))
    assert end_of([*entries, added], policy, at) >= end_of(entries, policy, at)


@given(ledgers(with_strikes=False, at_once=True), st.data())
def test_x_5_a_won_chargeback_never_costs_a_day(ledger: tuple[Policy, list[Entry]], data: st.DataObject) -> None:
    policy, entries = ledger
    opened = data.draw(instants)
    won = opened + timedelta(days=data.draw(st.integers(0, 200)))
    dispute = [
        Entry("c/1", EntryKind.CHARGEBACK_OPENED, opened, vendor_date(opened, policy.zone), strikes="0"),
        Entry("c/2", EntryKind.CHARGEBACK_WON, won, vendor_date(won, policy.zone), strikes="0"),
    ]
    assert end_of([*entries, *dispute], policy) >= end_of(entries, policy)


@given(ledgers(), st.data())
def test_as_time_goes_by_only_a_strike_moves_the_end_backwards(ledger: tuple[Policy, list[Entry]], data: st.DataObject) -> None:
    policy, entries = ledger
    one, two = sorted([data.draw(instants), data.draw(instants)])
    if not any(e.kind.strikes and e.at and one < e.at <= two for e in entries):
        assert end_of(entries, policy, two) >= end_of(entries, policy, one)


@given(ledgers())
def test_periods_follow_one_another_and_are_never_empty(ledger: tuple[Policy, list[Entry]]) -> None:
    policy, entries = ledger
    rights = replay(entries, policy)
    for period in rights.periods:
        assert period.starts_on < period.ends_on
    for earlier, later in zip(rights.periods, rights.periods[1:], strict=False):
        assert earlier.ends_on <= later.starts_on
    assert len(rights.trail) == len(entries)
    assert rights.seats >= 0


@given(ledgers())
def test_explaining_changes_nothing(ledger: tuple[Policy, list[Entry]]) -> None:
    policy, entries = ledger
    plain = rules.replay(entries, at=LATE, versions=VERSIONS, policy=policy)
    assert replace(replay(entries, policy), trail=()) == plain


@given(ledgers(), st.data())
def test_the_right_to_run_only_grows_with_grants(ledger: tuple[Policy, list[Entry]], data: st.DataObject) -> None:
    policy, entries = ledger
    added = data.draw(grants(policy.zone, 99, (EntryKind.RENEWAL, EntryKind.UPGRADE, EntryKind.LIFETIME, EntryKind.GOODWILL)))
    before, after = replay(entries, policy).run, replay([*entries, added], policy).run
    assert all(after.covers(major) for major in (8, 9, 10, 11) if before.covers(major))


def naive_end(years_by_day: list[tuple[date, int]]) -> date | None:
    """STACK, written once more and in another way: a term is its first day and a number of years."""
    first: date | None = None
    years = 0

    def last_day() -> date:
        assert first is not None
        wanted = first.year + years
        try:
            return date(wanted, first.month, first.day)
        except ValueError:
            return date(wanted, 2, 28)

    for on, bought in sorted(years_by_day):
        if first is not None and on <= last_day():
            years += bought
        else:
            first, years = on, bought
    return last_day() if first else None


@given(zones, st.lists(st.tuples(instants, st.integers(1, 3)), min_size=1, max_size=12))
def test_stack_agrees_with_a_naive_calculation(zone: ZoneInfo, history: list[tuple[datetime, int]]) -> None:
    at, _ = min(history)
    entries = [Entry("p", EntryKind.PURCHASE, at, vendor_date(at, zone), years=1)]
    entries += [
        Entry(f"r{n}", EntryKind.RENEWAL, when, vendor_date(when, zone), units=years, years_each=1)
        for n, (when, years) in enumerate(history)
    ]
    expected = naive_end([(vendor_date(at, zone), 1), *((vendor_date(when, zone), years) for when, years in history)])
    assert end_of(entries, Policy(zone=zone)) == expected
