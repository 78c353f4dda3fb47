"""What may the sender of a mail ask, and of which of his customers is it? The gate is the one of page, program and API (T5).

A mail to VIP support by somebody without it is not lost: it goes where the plan matrix answers his plan by e-mail (S2), and the
acknowledgement says why, until when he had it, and both ways out (VIP-9).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import translation

from podpora.base.decisions import Decision, refuse
from podpora.catalog import queries as catalog
from podpora.catalog.values import Channel, Level, Tier
from podpora.desk import actions as desk
from podpora.desk import permissions
from podpora.desk.models import Queue
from podpora.desk.values import About, Purpose, SupportSnapshot
from podpora.entitlements import queries as entitlements
from podpora.journeys import rights
from podpora.people import queries as people
from podpora.people.models import Customer, Person

UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Standing:
    """Under what a mail's ticket is opened. `refusal`: why the VIP gate stays shut, where he knocked at it."""

    customer: Customer
    queue: Queue
    support: SupportSnapshot
    about: About = field(default_factory=About)
    refusal: Decision = field(default_factory=Decision)
    promise: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    product_id: int


def standing_of(person: Person, wanted: Queue, *, is_trusted: bool, at: datetime) -> Standing:
    """`is_trusted`: the address is proven and nothing speaks against the mail; else nothing of his rights counts (A6)."""
    own = people.private_customer(person)
    assert own is not None
    product = catalog.products().first()
    about = About(product=product.code if product else "")
    if not is_trusted:
        queue = desk.standard_queue(Purpose.GENERAL) if wanted.needs_support else wanted
        return Standing(own, queue, SupportSnapshot(Decision(), UNVERIFIED), about)
    customers = list(people.customers_of(person)) or [own]
    gates = {one: rights.may_open_ticket(one, None, at=at) if product else refuse("support.not_included") for one in customers}
    tiers = {customer: _tier(customer, at=at) for customer in customers}
    customer = max(customers, key=lambda one: (_allowed(person, one, wanted, gates[one]), _weight(tiers[one]), one == own))
    decision, tier = gates[customer], tiers[customer]
    queue, refusal = _queue(person, customer, wanted, decision, tier, at=at)
    snapshot = SupportSnapshot(decision if queue.needs_support else Decision(), tier.value if tier else "", _through(decision))
    channel = Channel.CENTRE if queue.needs_support else Channel.EMAIL
    if queue.needs_support:
        about = About(product=about.product, licence=str(next((r.facts.get("licence", "") for r in decision.reasons), "")))
    return Standing(customer, queue, snapshot, about, refusal, _promise(tier, channel, person.language, at=at))


def _allowed(person: Person, customer: Customer, queue: Queue, gate: Decision) -> bool:
    return permissions.may_ask(person, customer, queue) and (gate.allowed or not queue.needs_support)


def _weight(tier: Tier | None) -> int:
    return 0 if tier is None else {Tier.PRO: 3, Tier.TRIAL: 2, Tier.FREE: 1}[tier]


def _tier(customer: Customer, *, at: datetime) -> Tier | None:
    """The best plan among the customer's licences; None without any."""
    lines = [_Line(row.licence, row.product_id) for row in entitlements.standings(customer)[:50]]
    known = [rights.tier_of(found) for found in rights.rights_of_many(lines, at=at).values() if found.base] if lines else []
    return max(known, key=_weight, default=None)


def _queue(
    person: Person, customer: Customer, wanted: Queue, gate: Decision, tier: Tier | None, *, at: datetime
) -> tuple[Queue, Decision]:
    """The queue that the mailbox belongs to, or the one that is open to him; and why not the first."""
    if _allowed(person, customer, wanted, gate):
        return wanted, Decision()
    product = catalog.products().first()
    level = catalog.plan_level(product, tier or Tier.FREE, Channel.EMAIL, at).level if product else Level.LIMITED
    technical = desk.standard_queue(Purpose.TECHNICAL)
    if level is Level.YES and permissions.may_ask(person, customer, technical):
        return technical, gate if wanted.needs_support else Decision()
    return desk.standard_queue(Purpose.GENERAL), gate if wanted.needs_support else Decision()


def _through(decision: Decision) -> date | None:
    return next((r.facts["through"] for r in decision.reasons if "through" in r.facts), None)


def _promise(tier: Tier | None, channel: Channel, language: str, *, at: datetime) -> str:
    """What the plan promises on this channel, in the reader's language."""
    product = catalog.products().first()
    if product is None or tier is None:
        return ""
    with translation.override(language or settings.LANGUAGE_CODE):
        matrix = catalog.plan_matrix(product, at)
    cells: Sequence[str] = [
        cell.promise for row in matrix.rows if row.channel is channel for cell in row.cells if cell.tier is tier
    ]
    return cells[0] if cells else ""
