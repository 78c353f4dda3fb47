"""Rights of licences, asked by every face: "may this run?", "may a ticket be opened?", "why?" (T5).

A story in three rooms: the licence (licensing), its ledger (entitlements), versions, policy and plan matrix (catalog). It decides
nothing: it gathers the facts and asks the rules of entitlements.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision
from podpora.base.reasons import sentence
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.catalog.values import Channel, CoverageFacts, Level, Policy, ReleaseFacts, Tier, VersionFacts
from podpora.entitlements import queries as entitlements
from podpora.entitlements import rules
from podpora.entitlements.values import Entry, EntryKind, Line, Rights, Step
from podpora.orders.rules import Offered
from podpora.people.models import Customer


class HasLedger(Protocol):
    """A licence, as far as its rights go."""

    @property
    def code(self) -> str: ...

    @property
    def product_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What the vendor set, as rules read it at an instant."""

    versions: Sequence[VersionFacts]
    policy: Policy
    coverages: Sequence[CoverageFacts] = ()
    releases: Sequence[ReleaseFacts] | None = None  # where they were gathered with the rest; else who needs them reads them

    @property
    def offered(self) -> Offered:
        """What a purchase covers, by its day."""
        return Offered(self.versions, self.coverages)


Levels = Mapping[Tier, Level]


def facts_of(product: Product | int) -> Facts:
    """Versions and policy of the product (two queries)."""
    return Facts(catalog.version_facts(product), catalog.policy_of(product))


def sales_facts_of(product: Product | int) -> Facts:
    """The same, and what purchases cover by their day (three queries): for what is sold."""
    return replace(facts_of(product), coverages=catalog.coverages(product))


def tier_of(rights: Rights) -> Tier:
    """Which column of the plan matrix applies; without any standing licence the FREE one."""
    match rights.base:
        case EntryKind.PURCHASE | EntryKind.SUBSCRIPTION:
            return Tier.PRO
        case EntryKind.TRIAL:
            return Tier.TRIAL
    return Tier.FREE


def rights_of(licence: HasLedger, *, at: datetime) -> Rights:
    """The rights of a licence at an instant (three queries)."""
    return rights_of_many([licence], at=at)[licence.code]


def rights_of_many(licences: Iterable[HasLedger], *, at: datetime) -> dict[str, Rights]:
    """The rights of many licences by code: three queries in all (for licences of one product)."""
    found = list(licences)
    ledgers = entitlements.ledgers(licence.code for licence in found)
    products = {licence.product_id for licence in found}
    facts = {product: facts_of(product) for product in sorted(products)}
    return {licence.code: _replay(ledgers[licence.code], facts[licence.product_id], at=at) for licence in found}


def replayed(entries: Iterable[Entry], facts: Facts, *, at: datetime) -> Rights:
    """The rights that a ledger gives, without the trail that explains them."""
    return rules.replay(entries, at=at, versions=facts.versions, policy=facts.policy)


def _replay(entries: Iterable[Entry], facts: Facts, *, at: datetime) -> Rights:
    return rules.replay(entries, at=at, versions=facts.versions, policy=facts.policy, explained=True)


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that is asked about one licence at once."""

    rights: Rights
    tier: Tier
    support: Decision
    run: Decision
    facts: Facts


def answers_for(licences: Iterable[HasLedger], *, at: datetime) -> dict[str, Answers]:
    """Rights and both decisions of many licences: three queries in all (for licences of one product)."""
    found = list(licences)
    ledgers = entitlements.ledgers(licence.code for licence in found)
    products = {product: _facts_with_levels(product, at=at) for product in sorted({licence.product_id for licence in found})}
    return {
        licence.code: answers_from(licence.code, ledgers[licence.code], *products[licence.product_id], at=at) for licence in found
    }


def _facts_with_levels(product: int, *, at: datetime) -> tuple[Facts, Levels]:
    policy, levels = catalog.policy_and_levels(product, Channel.CENTRE, at)
    return Facts(catalog.version_facts(product), policy), levels


def answers_from(
    code: str, entries: Iterable[Entry], facts: Facts, levels: Levels, *, at: datetime, explained: bool = True
) -> Answers:
    """Rights and decisions from facts that were gathered already. `explained`: with the trail of what each entry did."""
    rights = rules.replay(entries, at=at, versions=facts.versions, policy=facts.policy, explained=explained)
    return Answers(
        rights,
        tier_of(rights),
        support=rules.support_of_line(_line(code, rights, facts, levels, at=at), at=at, policy=facts.policy),
        run=rules.about(rules.may_run(rights, at=at, policy=facts.policy), licence=code),
        facts=facts,
    )


def _line(code: str, rights: Rights, facts: Facts, levels: Levels, *, at: datetime) -> Line:
    today = vendor_date(at, facts.policy.zone)
    return Line(code, rights, levels[tier_of(rights)], rules.ended_major(rights, facts.versions, on=today))


def support_decision(licence: HasLedger, *, at: datetime) -> Decision:
    """Does this licence open the support centre at that instant? The reasons know the licence, so "renew" leads to it."""
    return answers_for([licence], at=at)[licence.code].support


def run_decision(licence: HasLedger, *, at: datetime) -> Decision:
    """May the program run under this licence at that instant?"""
    return answers_for([licence], at=at)[licence.code].run


def may_open_ticket(customer: Customer, licence: HasLedger | None, *, at: datetime) -> Decision:
    """THE gate of the support centre: may this customer open a VIP ticket, about this licence if he names one? (VIP-9, T4, ORG-2)"""
    products = {row.licence: row.product_id for row in entitlements.standings(customer)}
    if licence is not None:
        products.setdefault(licence.code, licence.product_id)
    named = licence.product_id if licence is not None else catalog.product().pk
    known = {product: _facts_with_levels(product, at=at) for product in sorted({named, *products.values()})}
    lines = []
    for code, entries in entitlements.ledgers(products).items():
        facts, levels = known[products[code]]
        lines.append(replace(_line(code, _replay(entries, facts, at=at), facts, levels, at=at), policy=facts.policy))
    policy = known[named][0].policy
    return rules.may_open_ticket(lines, named=licence.code if licence is not None else None, at=at, policy=policy)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why it is so: both decisions with their reasons, and the replay that led to them (T5)."""

    licence: str
    rights: Rights
    support: Decision
    run: Decision
    entries: tuple[dict[str, Any], ...]
    periods: tuple[dict[str, Any], ...]


# On the wire a chargeback is one kind, whatever became of it; the rest have their own names.
_WIRE_KINDS = {kind: "chargeback" for kind in EntryKind if kind.value.startswith("chargeback_")} | {
    EntryKind.EXTRA_DEVICE: "extra-device",
    EntryKind.PAID_AGAIN: "paid-again",
}


def explain(licence: HasLedger, *, at: datetime) -> Explanation:
    """The reasons and the replay's trail, ready for a page and for `GET licences/{code}/ledger`."""
    answers = answers_for([licence], at=at)[licence.code]
    rights = answers.rights
    since = getattr(licence, "owned_since", None)  # what was written for an earlier owner is not for this one
    rows = entitlements.newest_rows(licence.code)
    words = {row.source: row.reason for row in rows if row.reason and (since is None or row.recorded_at > since)}
    return Explanation(
        licence.code, rights, answers.support, answers.run,
        entries=tuple(_written(step, words.get(step.entry.source, "")) for step in rights.trail),
        periods=tuple({"starts_on": p.starts_on, "through": p.through} for p in rights.periods),
    )  # fmt: skip


def _written(step: Step, words: str) -> dict[str, Any]:
    """One entry of the trail: what it was, whether it stands, and why, in the reader's language."""
    entry = step.entry
    why = " ".join([*(sentence(reason) for reason in step.why), *([words] if words else [])])
    return {
        "source": entry.source,
        "kind": _WIRE_KINDS.get(entry.kind, entry.kind.value),
        "event": entry.kind.value,
        "on": entry.on or entry.ordered_on,
        "years": step.years,
        "days": entry.days,
        "standing": step.standing,
        "strikes": entry.strikes,
        "why": why,
        "codes": [reason.code for reason in step.why],
    }
