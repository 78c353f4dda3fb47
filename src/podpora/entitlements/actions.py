"""Writing the ledger: entries are added, never edited (T2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.codes import public_code
from podpora.base.errors import InvalidInput
from podpora.base.transactions import one_transaction
from podpora.catalog import queries as catalog
from podpora.catalog.values import Policy, VersionFacts
from podpora.entitlements import notices, queries, rules
from podpora.entitlements.models import LedgerEntry, Reminder, Standing
from podpora.entitlements.values import Entry, EntryKind, ReminderLine, Rights
from podpora.people.models import Customer


@dataclass(frozen=True, slots=True)
class Settings:
    """What the vendor set for a product, as a replay needs it."""

    product: int
    versions: Sequence[VersionFacts]
    policy: Policy


def settings_of(product: int | None = None) -> Settings:
    """The settings of this product, or of the only (first) one (two queries, or three)."""
    pk = product or catalog.product().pk
    return Settings(pk, catalog.version_facts(pk), catalog.policy_of(pk))


@dataclass(slots=True)
class Held:
    """Ledgers that this transaction holds: nobody else writes them until it ends."""

    standings: dict[str, Standing]
    rows: dict[str, dict[str, LedgerEntry]]

    def entries(self, licence: str) -> list[Entry]:
        return [row.entry() for row in self.rows[licence].values()]


@one_transaction
def hold(
    licences: Iterable[str], customer: Customer | None, products: Mapping[str, int], *, new: bool = False, at: datetime
) -> Held:
    """One writer at a time for each licence: two payments that arrive together make two revisions, not a clash.

    Always in the order of codes, so that two who hold several wait for each other and not in a circle. `new`: some of them are most
    likely not known yet (an order that was just placed), so they are written before they are looked for.
    """
    codes = sorted(set(licences))
    standings = {} if new else _held_standings(codes)
    missing = [code for code in codes if code not in standings]
    if missing:
        Standing.objects.bulk_create(
            [Standing(licence=code, customer=customer, product_id=products[code], computed_at=at) for code in missing],
            ignore_conflicts=True,
        )
        standings |= _held_standings(missing)
    return Held(standings, queries.newest_of(codes))


def _held_standings(codes: Sequence[str]) -> dict[str, Standing]:
    rows = Standing.objects.select_for_update().filter(licence__in=codes).order_by("licence")
    return {row.licence: row for row in rows}


@one_transaction
def record_all(
    held: Held, entries: Mapping[str, Iterable[Entry]], settings: Mapping[int, Settings],
    *, by: Actor, at: datetime, reason: str = "",
) -> list[LedgerEntry]:  # fmt: skip
    """Add what happened to these licences' ledgers, and compute their standings again: two statements, however many they are.

    Safe to call again and in any order: an entry that is known as it is writes nothing; one whose facts changed (an order was paid
    since) becomes the next revision of its source. Returns the rows that were new.
    """
    new: list[LedgerEntry] = []
    for licence, told in sorted(entries.items()):
        known, owner = held.rows[licence], held.standings[licence].customer_id
        for entry in told:
            old = known.get(entry.source)
            kept = keep_recorded(entry, old.entry()) if old else entry
            if old and kept == old.entry():
                continue
            facts: dict[str, Any] = {field.name: getattr(kept, field.name) for field in fields(kept)}
            row = LedgerEntry(
                licence=licence, customer_id=owner, revision=old.revision + 1 if old else 1, reason=reason, recorded_at=at, **facts
            )
            known[entry.source] = row
            new.append(row)
            audit.record(
                "ledger.recorded", f"licence:{licence}", by=by, at=at,
                facts={"source": kept.source, "kind": kept.kind.value, "revision": row.revision, "reason": reason},
            )  # fmt: skip
    LedgerEntry.objects.bulk_create(new)
    changed = {row.licence for row in new}
    _write_standings([held.standings[licence] for licence in sorted(changed)], held, settings, at=at)
    return new


def _write_standings(rows: Sequence[Standing], held: Held, settings: Mapping[int, Settings], *, at: datetime) -> None:
    """The replay's result again, kept for lists."""
    if not rows:
        return
    for row in rows:
        known = settings[row.product_id]
        rights = rules.replay(held.entries(row.licence), at=at, versions=known.versions, policy=known.policy)
        for name, value in _result(rights).items():
            setattr(row, name, value)
        row.settings = rules.settings_mark(known.versions, known.policy, on=vendor_date(at, known.policy.zone))
    Standing.objects.bulk_update(rows, COMPUTED, batch_size=200)


@one_transaction
def record_entries(
    licence: str,
    customer: Customer | None,
    entries: Iterable[Entry],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    product: int | None = None,
) -> list[LedgerEntry]:
    """Add what happened to one licence's ledger; returns the rows that were new. Without a product: the only one."""
    known = settings_of(product) if product else _settings_of_licence(licence)
    held = hold([licence], customer, {licence: known.product}, at=at)
    return record_all(held, {licence: list(entries)}, {known.product: known}, by=by, at=at, reason=reason)


def keep_recorded(entry: Entry, old: Entry) -> Entry:
    """What was decided when the fact was recorded stays, though a setting changed since and the same fact is told again.

    The vendor date of an instant (Z-9), the upgrade rule that the checkout showed (VIP-6), and what it covers: the major that was
    current (a release date corrected later takes nothing back from what was paid: EOL-7), or the way in which it was sold.
    """
    kept: dict[str, Any] = {"stacks": old.stacks}
    if entry.at == old.at and entry.at is not None:
        kept |= {name: getattr(old, name) for name in ("on", "through_major", "covers_all", "update_years", "update_years_each")}
    if entry.ordered_at == old.ordered_at and entry.ordered_at is not None:
        kept |= {"ordered_on": old.ordered_on}
    return replace(entry, **kept)


COMPUTED = (
    "base", "covers_all", "through_major", "run_until", "support_starts_on", "support_through", "seats", "suspended_at", "computed_at",
    "settings",
)  # fmt: skip
BATCH = 500


def refresh_standings(*, at: datetime) -> int:
    """Compute again what was computed with versions or a policy that are different now. How many."""
    count = 0
    for product in catalog.products():
        known = settings_of(product.pk)
        mark = rules.settings_mark(known.versions, known.policy, on=vendor_date(at, known.policy.zone))
        while rows := _refresh_some(known, mark, at=at):
            count += rows
    return count


@one_transaction
def _refresh_some(known: Settings, mark: str, *, at: datetime) -> int:
    rows = list(queries.outdated_standings(known.product, mark).select_for_update()[:BATCH])
    held = Held({row.licence: row for row in rows}, queries.newest_of(row.licence for row in rows))
    _write_standings(rows, held, {known.product: known}, at=at)
    return len(rows)


def _settings_of_licence(licence: str) -> Settings:
    there = Standing.objects.filter(licence=licence).first()
    return settings_of(there.product_id if there else None)


def _result(rights: Rights) -> dict[str, Any]:
    support = rights.support
    return {
        "base": rights.base.value if rights.base else "",
        "covers_all": rights.run.covers_all,
        "through_major": rights.run.through_major,
        "run_until": rights.run.until,
        "updates_until": rights.run.updates_until,
        "support_starts_on": support.starts_on if support else None,
        "support_through": support.through if support else None,
        "seats": rights.seats,
        "suspended_at": rights.suspended_at,
        "computed_at": rights.at,
    }


@one_transaction
def remind(customer: Customer, lines: Sequence[ReminderLine], *, at: datetime) -> bool:
    """One letter about these licences, and a note that these steps were sent. False when another scheduler was faster (F20)."""
    _held_standings(sorted(line.licence for line in lines))
    sent = queries.reminded(line.licence for line in lines)
    new = [one for one in lines if (one.licence, one.due.ending.value, one.due.through, one.due.step) not in sent]
    if not new:
        return False
    notices.remind(customer, new, at=at)
    Reminder.objects.bulk_create(
        Reminder(licence=one.licence, ending=one.due.ending.value, through=one.due.through, step=one.due.step, told_at=at)
        for one in new
    )
    return True


@dataclass(frozen=True, slots=True)
class Goodwill:
    """Support given without money: days or years, and why. `once`: the giver's own name for it, so that a double click is one gift."""

    reason: str
    days: int = 0
    years: int = 0
    once: str = ""


@one_transaction
def grant_goodwill(licence: str, customer: Customer | None, goodwill: Goodwill, *, by: Actor, at: datetime) -> Entry:
    """Staff give support for nothing, with a reason that the customer and the audit can read."""
    _check_goodwill(goodwill)
    known = _settings_of_licence(licence)
    held = hold([licence], customer, {licence: known.product}, at=at)
    source = f"goodwill:{goodwill.once or public_code('G')}"
    given = next((entry for entry in held.entries(licence) if entry.source == source), None)
    if given is not None:
        return given
    now = rules.replay(held.entries(licence), at=at, versions=known.versions, policy=known.policy)
    rules.may_give_goodwill(now, licence=licence).or_refuse()
    entry = Entry(
        source=source, kind=EntryKind.GOODWILL, at=at, on=vendor_date(at, known.policy.zone),
        days=goodwill.days, years=goodwill.years,
    )  # fmt: skip
    record_entries(licence, customer, [entry], by=by, at=at, reason=goodwill.reason)
    through = _held_rights(licence, customer, known, at=at).support_through
    notices.given(licence, customer, goodwill.reason, through=through, source=source, at=at)
    return entry


def _check_goodwill(goodwill: Goodwill) -> None:
    errors: dict[str, list[str]] = {}
    if not goodwill.reason.strip():
        errors["reason"] = ["required"]
    elif len(goodwill.reason) > 300:
        errors["reason"] = ["too_long"]
    if not 0 <= goodwill.days <= 3660:
        errors["days"] = ["goodwill.out_of_range"]
    if not 0 <= goodwill.years <= 10:
        errors["years"] = ["goodwill.out_of_range"]
    if not errors and not goodwill.days and not goodwill.years:
        errors["days"] = ["required"]
    if errors:
        raise InvalidInput(errors)


@one_transaction
def suspend_licence(licence: str, customer: Customer | None, reason: str, *, by: Actor, at: datetime) -> Entry:
    """Staff suspend the licence as a whole: nothing new begins, what is installed goes on for a while (X-4). Refused when it is so."""
    known = _settings_of_licence(licence)
    rules.may_suspend(_held_rights(licence, customer, known, at=at), zone=known.policy.zone).or_refuse()
    entry = _hold(EntryKind.SUSPENSION, licence, customer, reason, by=by, at=at)
    runs_until = vendor_date(at, known.policy.zone) + timedelta(days=known.policy.suspension_run_days)
    notices.suspended(licence, customer, reason, runs_until=runs_until, source=entry.source, at=at)
    return entry


@one_transaction
def reinstate_licence(licence: str, customer: Customer | None, reason: str, *, by: Actor, at: datetime) -> Entry:
    """All is as before, and the suspended days are given back (X-5). Refused when staff have not suspended it."""
    rules.may_reinstate(_held_rights(licence, customer, _settings_of_licence(licence), at=at)).or_refuse()
    entry = _hold(EntryKind.REINSTATEMENT, licence, customer, reason, by=by, at=at)
    notices.reinstated(licence, customer, source=entry.source, at=at)
    return entry


def _held_rights(licence: str, customer: Customer | None, known: Settings, *, at: datetime) -> Rights:
    held = hold([licence], customer, {licence: known.product}, at=at)
    return rules.replay(held.entries(licence), at=at, versions=known.versions, policy=known.policy)


def _hold(kind: EntryKind, licence: str, customer: Customer | None, reason: str, *, by: Actor, at: datetime) -> Entry:
    if not reason.strip():
        raise InvalidInput({"reason": ["required"]})
    if len(reason) > 300:
        raise InvalidInput({"reason": ["too_long"]})
    on = vendor_date(at, _settings_of_licence(licence).policy.zone)
    entry = Entry(source=f"{kind.value}:{public_code('H')}", kind=kind, at=at, on=on)
    record_entries(licence, customer, [entry], by=by, at=at, reason=reason)
    return entry


@one_transaction
def move_ledger(licence: str, *, to: Customer, by: Actor, at: datetime) -> None:
    """A licence goes to another customer: its end of support moves along (A-17)."""
    Standing.objects.select_for_update().filter(licence=licence).update(customer=to)
    LedgerEntry.objects.filter(licence=licence).update(customer=to)
    audit.record("ledger.moved", f"licence:{licence}", by=by, at=at, facts={"to": to.code})


@one_transaction
def move_entry(source: str, *, from_licence: str, to_licence: str, customer: Customer, by: Actor, at: datetime) -> None:
    """X-2: a renewal or upgrade whose licence was returned goes to another licence of the same customer, with its own date.

    Nothing is edited: there it is recorded as it was, here it is struck by the move.
    """
    entry = next(
        (e for e in queries.ledger(from_licence) if e.source == source and not e.kind.is_base and not e.kind.strikes), None
    )
    if entry is None or entry.at is None:
        raise InvalidInput({"source": ["unknown"]})
    on = vendor_date(at, _settings_of_licence(from_licence).policy.zone)
    struck = Entry(source=f"moved:{source}", kind=EntryKind.REFUND, at=at, on=on, strikes=source)
    record_entries(from_licence, customer, [struck], by=by, at=at, reason=f"→ {to_licence}")
    record_entries(to_licence, customer, [entry], by=by, at=at, reason=f"← {from_licence}")
