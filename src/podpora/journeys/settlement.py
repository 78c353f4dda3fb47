"""Rights follow money. `settle` is the one place where an order's money becomes rights, licences, documents and mails.

It reads the order's whole money history, so it does not matter what happened last, nor whether it was told already: calling it twice,
late, or after a crash gives the same result. Every journey with money in it ends here.

Everything is read once (`_Case`) and written in bulk, because the customer's row is held meanwhile: an order of 500 lines takes as many
statements as one of a single line. The locks, always in this order: customer, order, ledgers by code, licences by code, invoice counter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import start_of, vendor_date
from podpora.base.transactions import one_transaction
from podpora.catalog.models import Offer
from podpora.catalog.values import OfferKind
from podpora.entitlements import actions as entitlements
from podpora.entitlements import queries as ledgers
from podpora.entitlements import rules as rights_rules
from podpora.entitlements.actions import Held, Settings
from podpora.entitlements.values import Entry, Rights
from podpora.journeys.rights import Facts, facts_of, replayed, sales_facts_of
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.licensing.actions.licences import NewLicence
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceKind, LicenceState
from podpora.orders import actions, queries, rules
from podpora.orders.models import Invoice, Order, OrderLine, Seller
from podpora.orders.values import Delivered, History, OrderState

RECENT = timedelta(
    days=15
)  # an older payment is an import: its invoice was written elsewhere, and nobody waits for a mail about it


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller has read of the catalogue a moment ago, in the same story."""

    offers: Mapping[str, Offer] = field(default_factory=dict)
    facts: Mapping[int, Facts] = field(default_factory=dict)  # by product
    seller: Seller | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """An order with everything that bears upon it, read once."""

    order: Order
    history: History
    lines: list[OrderLine]
    offers: Mapping[str, Offer]
    facts: Mapping[int, Facts]
    held: Held
    seller: Seller | None

    def product(self, licence: str) -> int:
        return self.held.standings[licence].product_id

    def rights(self, licence: str, at: datetime) -> Rights:
        """What the ledger gives by all that is known, also what was told with a date that lies ahead."""
        entries, known = self.held.entries(licence), self.facts[self.product(licence)]
        return rights_rules.replay(entries, at=rules.horizon(entries, at), versions=known.versions, policy=known.policy)


@one_transaction
def settle(order: Order, *, held: bool = False, known: Known = Known(), by: Actor, at: datetime) -> Order:
    """Make everything that this order bears upon agree with its money. Idempotent.

    `held`: the caller holds the order (`orders.queries.locked`), or has just written it.
    """
    with audit.gathered():
        order = order if held else queries.locked(order)
        case = _gather(order, known, at=at)
        _record_rights(case, by=by, at=at)
        issued = _hand_over(case, by=by, at=at)
        before = OrderState(order.state)
        if actions.mirror_money(order, case.history, by=by, at=at) and _is_recent(case.history, at):
            _tell(case, issued, before, at=at)
        _write_documents(case, by=by, at=at)  # last: numbers are held until the end of the transaction
    return order


def _gather(order: Order, known: Known, *, at: datetime) -> _Case:
    lines = queries.lines_of(order)
    codes = {line.offer_code for line in lines}
    offers = known.offers if codes <= known.offers.keys() else {offer.code: offer for offer in queries.offers_named(codes)}
    products = {line.licence_code: offers[line.offer_code].product_id for line in lines}
    new = bool(known.offers) and not all(line.target_licence for line in lines)
    owner = None if order.for_email else order.customer  # ORG-6: nobody's until it is claimed
    held = entitlements.hold(products, owner, products, new=new, at=at)
    needed = sorted({row.product_id for row in held.standings.values()})
    facts = {pk: known.facts.get(pk) or sales_facts_of(pk) for pk in needed}
    return _Case(order, queries.history_of(order), lines, offers, facts, held, known.seller)


def _record_rights(case: _Case, *, by: Actor, at: datetime) -> None:
    facts = case.order.facts()
    offered = {line.licence_code: case.facts[case.product(line.licence_code)].offered for line in case.lines}
    entries = rules.entries_of(facts, case.history, offered)
    told = {
        licence: [*mine, *rules.retracted(facts, mine, case.held.entries(licence))] for licence, mine in entries.items()
    }  # fmt: skip
    settings = {pk: Settings(pk, known.versions, known.policy) for pk, known in case.facts.items()}
    entitlements.record_all(case.held, told, settings, by=by, at=at)


def _hand_over(case: _Case, *, by: Actor, at: datetime) -> dict[str, Licence]:
    """New licences are issued under the codes that were reserved for them; seats and state of all follow their ledgers.

    What extends a licence is delivered by its ledger entry. A licence whose order is not paid yet is not there: nothing to follow.
    """
    issued = licences.held(line.licence_code for line in case.lines)
    if case.history.captured_at is not None:
        new = [_new_licence(case, line) for line in case.lines if _creates(case, line) and line.licence_code not in issued]
        made = licensing.issue_all(new, by=by, at=at) if new else []
        issued |= {licence.code: licence for licence in made}
        if case.order.for_email and made:
            tells = _is_recent(case.history, at)
            licensing.resell(made, case.order.customer, case.order.for_email, tells=tells, by=by, at=at)
        actions.mark_delivered(case.lines, by=by, at=at)
    rights = {code: case.rights(code, at) for code in issued}
    licensing.follow_ledger(((issued[code], now.seats, _state(now)) for code, now in rights.items()), by=by, at=at)
    for code, licence in issued.items():
        if rights[code].base is not None:
            _give_notice(licence, case.held.entries(code), rights[code], case.facts[case.product(code)], by=by, at=at)
    return issued


def _give_notice(licence: Licence, entries: list[Entry], now: Rights, facts: Facts, *, by: Actor, at: datetime) -> None:
    """X-3, ORG-5: where fewer seats are, or will be, than devices are active, the owner is told and gets his time to pick."""
    on = vendor_date(at, facts.policy.zone)
    days = [entry.less_from for entry in entries if entry.less_from and entry.less_from > on and entry.at is not None]
    effect = min(days, default=on)
    seats = now.seats
    if days:
        seats = replayed(entries, facts, at=start_of(effect, facts.policy.zone)).seats
    if licence.seats_used > seats or licence.seats_used > now.seats:
        release_on = max(effect, on + timedelta(days=facts.policy.seat_notice_days))
        licensing.give_notice(licence, seats, takes_effect_on=effect, release_on=release_on, by=by, at=at)


@one_transaction
def follow(code: str, *, by: Actor, at: datetime) -> None:
    """One licence's seats and state as its ledger gives them at this instant. Nothing to do before it is issued."""
    licence = licences.held([code]).get(code)
    if licence is None:
        return
    entries, facts = ledgers.ledger(code), facts_of(licence.product_id)
    now = replayed(entries, facts, at=rules.horizon(entries, at))
    licensing.follow_ledger([(licence, now.seats, _state(now))], by=by, at=at)
    if now.base is not None:
        _give_notice(licence, entries, now, facts, by=by, at=at)


def _creates(case: _Case, line: OrderLine) -> bool:
    return not line.target_licence and case.offers[line.offer_code].edition_id is not None


def _new_licence(case: _Case, line: OrderLine) -> NewLicence:
    offer = case.offers[line.offer_code]
    assert offer.edition is not None
    kind = LicenceKind.SUBSCRIPTION if line.kind == OfferKind.SUBSCRIPTION else LicenceKind.ONE_TIME
    owner = None if case.order.for_email else case.order.customer
    return NewLicence(
        code=line.licence_code, customer=owner, product=offer.product, edition=offer.edition, offer=offer.code,
        kind=kind, seats=line.devices * line.quantity, source=line.source,
    )  # fmt: skip


def _state(rights: Rights) -> LicenceState:
    if rights.base is None:
        return LicenceState.REVOKED
    return LicenceState.SUSPENDED if rights.is_suspended else LicenceState.ACTIVE


def _is_recent(history: History, at: datetime) -> bool:
    return history.last_at is None or abs(at - history.last_at) <= RECENT


def _write_documents(case: _Case, *, by: Actor, at: datetime) -> None:
    """The invoice when the order is paid, and a credit note for each refund of an invoiced order.

    Who imports the orders of another shop has their invoices there; so without a word about it only recent payments get one.
    """
    order, history = case.order, case.history
    if history.captured_at is None or history.captured_on is None:
        return
    wanted = order.writes_invoice if order.writes_invoice is not None else abs(at - history.captured_at) <= RECENT
    if not wanted and not history.strikes:
        return
    on = history.captured_on
    if wanted:
        invoice: Invoice | None = actions.issue_invoice(order, paid_on=on, held=True, seller=case.seller, by=by, at=at)
    else:
        invoice = queries.tax_invoice(order)
    if invoice is None or not history.strikes:
        return
    for event in queries.undocumented_refunds(order):
        actions.issue_credit_note(event, invoice, by=by, at=at)


def _tell(case: _Case, issued: Mapping[str, Licence], before: OrderState, *, at: datetime) -> None:
    if case.order.state == OrderState.PAID and before in (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED):
        actions.tell_paid(case.order, list(_delivered(case, issued, at)), at=at)
    else:
        actions.tell_changed(case.order, case.history, at=at)


def _delivered(case: _Case, issued: Mapping[str, Licence], at: datetime) -> Iterable[Delivered]:
    """What each line gave, for the mail: key of a new licence, and the date that stands now."""
    for line in case.lines:
        licence = issued.get(line.licence_code)
        if licence is None:
            yield Delivered(line.name_cs, line.name_en, line.licence_code)
            continue
        rights = case.rights(licence.code, at)
        key = "" if line.target_licence or case.order.for_email else licences.key_of(licence)
        yield Delivered(line.name_cs, line.name_en, licence.code, key=key, support_through=rights.support_through, run=rights.run)
