"""A cart is quoted: what it costs, what comes of it, and whether it may be sold, before anything is written (VIP-13, EOL-2..6).

The answer is made by the same replay that decides after payment, so the date that is shown is the date that is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, Reason, all_of, refuse
from podpora.base.errors import NotYours, Problems
from podpora.base.money import Money
from podpora.catalog import queries as catalog
from podpora.catalog import rules as catalog_rules
from podpora.catalog.models import Offer
from podpora.catalog.values import OfferKind, Policy, PriceTable
from podpora.entitlements import queries as entitlements
from podpora.entitlements import rules as rights_rules
from podpora.entitlements.values import Entry, Rights
from podpora.journeys.rights import Facts, sales_facts_of
from podpora.licensing import queries as licensing
from podpora.orders import queries as orders
from podpora.orders import rules
from podpora.orders.models import OrderLine, Seller
from podpora.orders.values import (
    EARLIEST,
    LATEST,
    MAX_LINES,
    MAX_QUANTITY,
    MAX_YEARS,
    CartLine,
    Change,
    LineFacts,
    OrderFacts,
    Quote,
    QuoteLine,
)
from podpora.people.models import Customer

# Lines of one order are judged in this order, so that an upgrade and a renewal in one cart help each other, whichever was put in first.
JUDGED = (
    OfferKind.LICENCE, OfferKind.SUBSCRIPTION, OfferKind.UPGRADE, OfferKind.LIFETIME, OfferKind.EXTRA_DEVICE, OfferKind.RENEWAL,
)  # fmt: skip


@dataclass(slots=True)
class Target:
    """The licence that a line extends, with its ledger so far (growing by the lines of this cart)."""

    code: str
    customer: Customer | None  # None: a trial that nobody has claimed
    basis: str = ""  # the offer under which it was bought
    basis_per_device: bool = False
    entries: list[Entry] = field(default_factory=list)

    @property
    def customer_id(self) -> int | None:
        return self.customer.pk if self.customer else None


def preview(
    lines: Sequence[CartLine],
    *,
    customer: Customer | None,
    currency: str,
    at: datetime,
    paid_at: datetime | None = None,
) -> Quote:
    """The quote of a cart that is ordered at `at` and paid at once (or at `paid_at`). Writes nothing.

    InvalidInput names the fields that can't be used (`lines.0.quantity`: the first line); NotYours where a licence is not the
    customer's; refusals are in the quote's decision.
    """
    return quote_of(look_up(lines, currency, at=at), customer=customer, at=at, paid_at=paid_at)


@dataclass(frozen=True, slots=True)
class Asked:
    """A cart whose offers, prices and versions are known: all that has to be known before somebody's licences are looked at."""

    lines: tuple[tuple[CartLine, Offer], ...]
    facts: Facts
    prices: PriceTable
    seller: Seller
    on: date

    @property
    def policy(self) -> Policy:
        return self.facts.policy


@dataclass(frozen=True, slots=True)
class _Cart:
    """What is known while a cart is quoted."""

    asked: Asked
    customer: Customer | None
    placed_at: datetime
    paid_at: datetime
    waiting: dict[tuple[str, str], OrderLine] = field(default_factory=dict)  # by licence and kind: what is ordered already (C30)

    @property
    def facts(self) -> Facts:
        return self.asked.facts


def look_up(lines: Sequence[CartLine], currency: str, *, most: int = MAX_LINES, at: datetime) -> Asked:
    """What a cart names. InvalidInput with all the fields that can't be used."""
    asked = _asked(dict(enumerate(lines)), currency, most=most, at=at)
    asked.problems.or_refuse()
    assert asked.prices is not None
    known = tuple((line, asked.offers[line.offer]) for line in lines)
    return Asked(known, asked.facts, asked.prices, orders.seller(), asked.on)


def quote_of(asked: Asked, *, customer: Customer | None, at: datetime, paid_at: datetime | None = None) -> Quote:
    """The quote of what was looked up, for this customer; NotYours where a licence is not his."""
    cart = _Cart(asked, customer, at, paid_at or at)
    return _quote(cart, _targets(cart))


def problems_of(lines: Mapping[int, CartLine], currency: str | None, *, at: datetime) -> Problems:
    """All that is wrong with a cart's own fields; `lines` by their position (some may be unreadable). No currency: not judged."""
    return _asked(lines, currency, at=at).problems


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a cart names, looked up, and what was wrong with it."""

    offers: Mapping[str, Offer]
    facts: Facts
    on: date
    prices: PriceTable | None
    problems: Problems


def _asked(lines: Mapping[int, CartLine], currency: str | None, *, most: int = MAX_LINES, at: datetime) -> _Asked:
    problems = Problems()
    offers = {offer.code: offer for offer in orders.offers_named(line.offer for line in lines.values())}
    product = next((offer.product_id for offer in offers.values()), None) or catalog.product().pk
    _judge_lines(lines, offers, problems, most)
    facts = sales_facts_of(product)
    on = vendor_date(at, facts.policy.zone)
    if not EARLIEST <= on <= LATEST:
        problems.add("placed_at", "out_of_range", least=EARLIEST, most=LATEST)
    prices = orders.prices(currency, on) if currency is not None else None
    if prices is None and currency is not None:
        problems.add("currency", "unknown", choices=catalog.currencies(max(on, at.date())))
    return _Asked(offers, facts, on, prices, problems)


def _judge_lines(lines: Mapping[int, CartLine], offers: Mapping[str, Offer], problems: Problems, most: int) -> None:
    if not lines:
        problems.add("lines", "required")
    if len(lines) > most:
        problems.add("lines", "too_many", most=most)
    for position, line in lines.items():
        offer = offers.get(line.offer)
        if offer is None:
            problems.add(f"lines.{position}.offer", "unknown", choices=catalog.offer_codes())
        else:
            _judge_line(f"lines.{position}", line, OfferKind(offer.kind), problems)


def _judge_line(place: str, line: CartLine, kind: OfferKind, problems: Problems) -> None:
    if kind.needs_licence and not line.licence:
        problems.add(f"{place}.licence", "required")
    if kind is OfferKind.LICENCE and line.licence:
        problems.add(f"{place}.licence", "not_wanted")
    if line.align_to is not None and kind is not OfferKind.RENEWAL:
        problems.add(f"{place}.align_to", "not_wanted")
    if line.seats is not None and (kind is not OfferKind.RENEWAL or line.align_to is not None):
        problems.add(f"{place}.seats", "not_wanted")
    if line.align_to is not None and line.quantity > 1:
        problems.add(f"{place}.quantity", "only_one", least=1, most=1)
    most = {OfferKind.UPGRADE: 1, OfferKind.LIFETIME: 1, OfferKind.RENEWAL: MAX_YEARS}.get(kind, MAX_QUANTITY)
    if not 1 <= line.quantity <= most:
        problems.add(f"{place}.quantity", "only_one" if most == 1 and line.quantity > 1 else "out_of_range", least=1, most=most)


def _targets(cart: _Cart) -> dict[str, Target]:
    """The licences that the cart extends; NotYours where one does not exist or belongs to somebody else (C29). Four queries at most."""
    codes = sorted({line.licence for line, _ in cart.asked.lines if line.licence})
    if not codes:
        return {}
    targets = targets_of(codes)
    for code in codes:
        target = targets.get(code)
        if target is None or cart.customer is None or target.customer_id != cart.customer.pk:
            raise NotYours
    for code, entries in entitlements.ledgers(codes).items():
        targets[code].entries = _as_if_paid(entries, cart)
    if any(offer.kind in (OfferKind.UPGRADE, OfferKind.LIFETIME) for _, offer in cart.asked.lines):
        cart.waiting.update(orders.waiting_lines(codes, cart.asked.on))
    return targets


def targets_of(codes: Sequence[str]) -> dict[str, Target]:
    """Licences, or the codes that orders reserved for those whose payment has not come yet (VIP-11). Two or three queries."""
    found = owners_of(codes)
    per_device = catalog.per_device_offers({basis for _, basis in found.values()})
    return {code: Target(code, customer, basis, basis in per_device) for code, (customer, basis) in found.items()}


def owners_of(codes: Sequence[str]) -> dict[str, tuple[Customer | None, str]]:
    """Whose these licences are, or will be, and under which offer they were bought (one or two queries)."""
    found: dict[str, tuple[Customer | None, str]] = {
        licence.code: (licence.customer, licence.offer) for licence in licensing.all_licences().filter(code__in=codes)
    }
    ordered = orders.creating_lines([code for code in codes if code not in found])
    return found | {line.licence_code: (line.order.customer, line.offer_code) for line in ordered}


def _as_if_paid(entries: list[Entry], cart: _Cart) -> list[Entry]:
    """VIP-11: a licence that is ordered but not paid yet can be extended, so its purchase is read as paid when it was ordered."""
    known = rights_rules.replay(entries, at=cart.placed_at, versions=cart.facts.versions, policy=cart.facts.policy)
    if known.was_issued:
        return entries
    return [_assumed(entry, cart) if entry.kind.is_base else entry for entry in entries]


def _assumed(entry: Entry, cart: _Cart) -> Entry:
    if entry.ordered_at is None or entry.ordered_at > cart.placed_at or entry.ordered_on is None:
        return entry
    major = rights_rules.version_at(cart.facts.versions, entry.ordered_on)
    by_major = not entry.covers_all and not entry.update_years
    return replace(entry, at=entry.ordered_at, on=entry.ordered_on, through_major=major if by_major else None)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What became of one line."""

    unit: Money
    before: Rights | None
    after: Rights
    decision: Decision
    change: Change


def _quote(cart: _Cart, targets: dict[str, Target]) -> Quote:
    judged: dict[int, _Judged] = {}
    numbered = list(enumerate(cart.asked.lines, start=1))
    for position, (line, offer) in sorted(numbered, key=lambda item: JUDGED.index(OfferKind(item[1][1].kind))):
        judged[position] = _judge(position, line, offer, cart, targets.get(line.licence))
    seller, prices = cart.asked.seller, cart.asked.prices
    customer = cart.customer
    totals = rules.totals_of(
        [judged[position].unit * line.quantity for position, (line, _) in numbered],
        currency=prices.currency, vat_rate=seller.vat_rate, includes_vat=prices.includes_vat,
        reverse_charge=customer is not None and rules.is_reverse_charge(
            is_company=customer.is_company, vat_id=customer.vat_id, seller_country=seller.country
        ),
    )  # fmt: skip
    lines = tuple(
        QuoteLine(
            position, offer, line.quantity, line.licence, known.unit, totals.lines[position - 1], known.before, known.after,
            known.decision, known.change,
        )
        for position, (line, offer) in numbered
        for known in [judged[position]]
    )  # fmt: skip
    return Quote(lines, totals, all_of(line.decision for line in lines), prices.currency)


def _judge(position: int, line: CartLine, offer: Offer, cart: _Cart, target: Target | None) -> "_Judged":
    """One line: its unit price, the rights before and after, and whether it may be sold. The target's ledger grows by it."""
    entries = target.entries if target else []
    now = _replay(entries, cart, cart.placed_at)
    change, may_change = _change(line, now, cart)
    facts = LineFacts(
        position, OfferKind(offer.kind), line.quantity, offer.devices, offer.support_years, line.licence, target is not None,
        cart.facts.policy.upgrade_rule.value == "stack", offer.years_of_updates, change,
    )  # fmt: skip
    order = OrderFacts("", cart.placed_at, cart.asked.on, Decimal(0), (facts,))
    ordered = [*entries, _paid(order, facts, cart, cart.placed_at)]
    then = _replay(ordered, cart, cart.placed_at)
    decision = _may_be_sold(offer, line, cart, now, then) & may_change
    after = then
    if cart.paid_at != cart.placed_at:
        after = _replay([*entries, _paid(order, facts, cart, cart.paid_at)], cart, cart.paid_at)
    if target:
        target.entries = ordered
    unit = catalog_rules.price_of_line(
        cart.asked.prices, offer.code, kind=OfferKind(offer.kind), basis=target.basis if target else "",
        basis_per_device=bool(target and target.basis_per_device), devices=now.seats - change.seats_less,
    )  # fmt: skip
    unit = catalog_rules.part_of_year(unit, change.days) if line.align_to else unit
    return _Judged(unit, now if target else None, after, decision, change)


def _change(line: CartLine, now: Rights, cart: _Cart) -> tuple[Change, Decision]:
    """What a renewal does besides adding years (ORG-3, ORG-5), and whether it may. Where it may not, the line is quoted without it."""
    on = cart.asked.on
    if line.align_to is not None:
        decision = rights_rules.may_align(now, line.align_to, licence=line.licence, on=on)
        through = now.support_through
        if not decision.allowed or through is None:
            return Change(line.align_to), decision
        return Change(line.align_to, days=rights_rules.align(through, line.align_to).days), decision
    if line.seats is not None:
        decision = rights_rules.may_reduce(now, line.seats, licence=line.licence)
        if not decision.allowed:
            return Change(), decision
        through = now.support_through or on
        reduced = rights_rules.reduction_after(through, active=0, seats=line.seats, on=on, policy=cart.facts.policy)
        return Change(seats_less=now.seats - line.seats, less_from=reduced.takes_effect_on), decision
    return Change(), Decision()


def _replay(entries: Sequence[Entry], cart: _Cart, at: datetime) -> Rights:
    return rights_rules.replay(entries, at=at, versions=cart.facts.versions, policy=cart.facts.policy)


def _paid(order: OrderFacts, line: LineFacts, cart: _Cart, at: datetime) -> Entry:
    on = vendor_date(at, cart.facts.policy.zone)
    return replace(rules.grant_of(order, line, at=at, on=on, offered=cart.facts.offered), source=f"cart/{line.position:03}")


def _may_be_sold(offer: Offer, line: CartLine, cart: _Cart, now: Rights, then: Rights) -> Decision:
    decisions = []
    if not offer.is_sold:
        decisions.append(refuse("offer.not_sold", offer=offer.code))
    if offer.for_company and cart.customer is not None and not cart.customer.is_company:
        decisions.append(Decision((Reason("offer.for_companies", {"offer": offer.code}, blocks=False),)))
    decisions.append(_about_rights(OfferKind(offer.kind), line.licence, cart, now, then))
    return all_of(decisions)


def _about_rights(kind: OfferKind, licence: str, cart: _Cart, now: Rights, then: Rights) -> Decision:
    """What the rules of rights say to this line, and whether the same thing is already ordered (C30)."""
    on, facts = cart.asked.on, cart.facts
    match kind:
        case OfferKind.RENEWAL:
            return rights_rules.may_renew(now, then, facts.versions, licence=licence, on=on, policy=facts.policy)
        case OfferKind.SUBSCRIPTION if licence:
            return rights_rules.may_renew(now, then, facts.versions, licence=licence, on=on, policy=facts.policy)
        case OfferKind.UPGRADE:
            decision = rights_rules.may_upgrade(now, facts.versions, licence=licence, on=on)
        case OfferKind.LIFETIME:
            decision = rights_rules.may_add_lifetime(now, licence=licence)
        case OfferKind.EXTRA_DEVICE:
            return rights_rules.may_add_devices(now, licence=licence)
        case _:
            return Decision()
    waiting = cart.waiting.get((licence, kind.value))
    if waiting is not None:
        decision &= refuse("order.already_ordered", order=waiting.order.code, token=waiting.order.token, licence=licence)
    return decision
