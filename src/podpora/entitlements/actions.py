"""Writing the ledger: entries are added, never edited (T2)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.base.codes import public_code
from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.catalog.values import Policy
from podpora.entitlements import notices, queries, rules
from podpora.entitlements.models import LedgerEntry, Standing
from podpora.entitlements.values import Entry, EntryKind, Rights
from podpora.people.models import Customer


@transaction.atomic
def record_entries(
    licence: str, customer: Customer | None, entries: Iterable[Entry], *, by: Actor, at: datetime, reason: str = ""
) -> list[LedgerEntry]:
    """Add what happened to a licence's ledger; returns the rows that were new.

    Safe to call again and in any order: an entry that is known as it is writes nothing; one whose facts changed (an order was paid
    since) becomes the next revision of its source.
    """
    _lock(licence, customer, at=at)
    known = {row.source: row for row in queries.newest_rows(licence)}
    rows = []
    for entry in entries:
        old = known.get(entry.source)
        kept = keep_recorded(entry, old.entry()) if old else entry
        if old and kept == old.entry():
            continue
        facts: dict[str, Any] = {field.name: getattr(kept, field.name) for field in fields(kept)}
        row = LedgerEntry.objects.create(
            licence=licence, customer=customer, revision=old.revision + 1 if old else 1, reason=reason, recorded_at=at, **facts
        )
        known[entry.source] = row
        rows.append(row)
        audit.record(
            "ledger.recorded", f"licence:{licence}", by=by, at=at,
            facts={"source": kept.source, "kind": kept.kind.value, "revision": row.revision, "reason": reason},
        )  # fmt: skip
    refresh_standing(licence, customer, at=at)
    return rows


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


def _lock(licence: str, customer: Customer | None, *, at: datetime) -> None:
    """One writer at a time for each licence: two payments that arrive together make two revisions, not a clash."""
    Standing.objects.get_or_create(licence=licence, defaults={"customer": customer, "computed_at": at})
    Standing.objects.select_for_update().get(licence=licence)


@transaction.atomic
def refresh_standing(licence: str, customer: Customer | None, *, at: datetime) -> Standing:
    """Compute the replay's result again and keep it for lists."""
    product = catalog.product()
    rights = rules.replay(
        queries.ledger(licence), at=at, versions=catalog.version_facts(product), policy=catalog.policy_of(product)
    )
    row, _ = Standing.objects.update_or_create(licence=licence, defaults={"customer": customer, **_result(rights)})
    return row


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


@dataclass(frozen=True, slots=True)
class Goodwill:
    """Support given without money: days or years, and why. `once`: the giver's own name for it, so that a double click is one gift."""

    reason: str
    days: int = 0
    years: int = 0
    once: str = ""


@transaction.atomic
def grant_goodwill(licence: str, customer: Customer | None, goodwill: Goodwill, *, by: Actor, at: datetime) -> Entry:
    """Staff give support for nothing, with a reason that the customer and the audit can read."""
    _check_goodwill(goodwill)
    _lock(licence, customer, at=at)
    source = f"goodwill:{goodwill.once or public_code('G')}"
    given = next((entry for entry in queries.ledger(licence) if entry.source == source), None)
    if given is not None:
        return given
    rules.may_give_goodwill(_now(licence, at=at), licence=licence).or_refuse()
    entry = Entry(
        source=source, kind=EntryKind.GOODWILL, at=at, on=vendor_date(at, _policy().zone),
        days=goodwill.days, years=goodwill.years,
    )  # fmt: skip
    record_entries(licence, customer, [entry], by=by, at=at, reason=goodwill.reason)
    through = _now(licence, at=at).support_through
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


@transaction.atomic
def suspend_licence(licence: str, customer: Customer | None, reason: str, *, by: Actor, at: datetime) -> Entry:
    """Staff suspend the licence as a whole: nothing new begins, what is installed goes on for a while (X-4). Refused when it is so."""
    _lock(licence, customer, at=at)
    rules.may_suspend(_now(licence, at=at), zone=_policy().zone).or_refuse()
    entry = _hold(EntryKind.SUSPENSION, licence, customer, reason, by=by, at=at)
    policy = _policy()
    runs_until = vendor_date(at, policy.zone) + timedelta(days=policy.suspension_run_days)
    notices.suspended(licence, customer, reason, runs_until=runs_until, source=entry.source, at=at)
    return entry


@transaction.atomic
def reinstate_licence(licence: str, customer: Customer | None, reason: str, *, by: Actor, at: datetime) -> Entry:
    """All is as before, and the suspended days are given back (X-5). Refused when staff have not suspended it."""
    _lock(licence, customer, at=at)
    rules.may_reinstate(_now(licence, at=at)).or_refuse()
    entry = _hold(EntryKind.REINSTATEMENT, licence, customer, reason, by=by, at=at)
    notices.reinstated(licence, customer, source=entry.source, at=at)
    return entry


def _hold(kind: EntryKind, licence: str, customer: Customer | None, reason: str, *, by: Actor, at: datetime) -> Entry:
    if not reason.strip():
        raise InvalidInput({"reason": ["required"]})
    if len(reason) > 300:
        raise InvalidInput({"reason": ["too_long"]})
    entry = Entry(source=f"{kind.value}:{public_code('H')}", kind=kind, at=at, on=vendor_date(at, _policy().zone))
    record_entries(licence, customer, [entry], by=by, at=at, reason=reason)
    return entry


def _policy() -> Policy:
    return catalog.policy_of(catalog.product())


def _now(licence: str, *, at: datetime) -> Rights:
    versions = catalog.version_facts(catalog.product())
    return rules.replay(queries.ledger(licence), at=at, versions=versions, policy=_policy())


@transaction.atomic
def move_ledger(licence: str, *, to: Customer, by: Actor, at: datetime) -> None:
    """A licence goes to another customer: its end of support moves along (A-17)."""
    Standing.objects.select_for_update().filter(licence=licence).update(customer=to)
    LedgerEntry.objects.filter(licence=licence).update(customer=to)
    audit.record("ledger.moved", f"licence:{licence}", by=by, at=at, facts={"to": to.code})


@transaction.atomic
def move_entry(source: str, *, from_licence: str, to_licence: str, customer: Customer, by: Actor, at: datetime) -> None:
    """X-2: a renewal or upgrade whose licence was returned goes to another licence of the same customer, with its own date.

    Nothing is edited: there it is recorded as it was, here it is struck by the move.
    """
    entry = next(
        (e for e in queries.ledger(from_licence) if e.source == source and not e.kind.is_base and not e.kind.strikes), None
    )
    if entry is None or entry.at is None:
        raise InvalidInput({"source": ["unknown"]})
    on = vendor_date(at, catalog.policy_of(catalog.product()).zone)
    struck = Entry(source=f"moved:{source}", kind=EntryKind.REFUND, at=at, on=on, strikes=source)
    record_entries(from_licence, customer, [struck], by=by, at=at, reason=f"→ {to_licence}")
    record_entries(to_licence, customer, [entry], by=by, at=at, reason=f"← {from_licence}")
