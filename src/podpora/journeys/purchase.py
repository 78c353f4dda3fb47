"""A customer buys: the cart is quoted, ordered and paid, and everything it promised is handed over.

preview          what it costs and what comes of it, before anything is written
place            order it
start_payment    go and pay
confirm_payment  ask the provider whether the money is there
record_payment   money came (booked by staff, or told by another of the vendor's systems)
cancel           nobody waits for it any more
Each is safe to call twice.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.base.money import Money
from podpora.base.transactions import one_transaction
from podpora.catalog.values import OfferKind, Policy
from podpora.journeys import resale
from podpora.journeys.quoting import Asked, look_up, preview, quote_of
from podpora.journeys.settlement import Known, settle
from podpora.licensing.values import licence_code
from podpora.orders import actions, queries
from podpora.orders.models import Order
from podpora.orders.values import (
    CartLine,
    NewLine,
    NewOrder,
    Notice,
    PaymentState,
    Quote,
    QuoteLine,
    Started,
    Terms,
    provider,
)
from podpora.people.models import Customer

__all__ = ["cancel", "confirm_payment", "place", "place_paid", "preview", "record_payment", "start_payment"]

log = logging.getLogger(__name__)
OWN_SHOP = Terms()


@one_transaction
def place(
    lines: Sequence[CartLine], *, customer: Customer, currency: str, by: Actor, at: datetime, terms: Terms = OWN_SHOP
) -> Order:
    """Order a cart. Refused with all reasons, before any payment, where a rule says no."""
    with audit.gathered():
        order, known = _placed(lines, customer, currency, terms, by=by, at=at)
        return settle(order, held=True, known=known, by=by, at=at)


@one_transaction
def place_paid(
    lines: Sequence[CartLine], paid: Notice, *, customer: Customer, currency: str, terms: Terms, by: Actor, at: datetime
) -> Order:
    """The same for an order that was paid elsewhere already: one story, settled once."""
    with audit.gathered():
        order, known = _placed(lines, customer, currency, terms, by=by, at=at)
        if order.total:
            actions.record_payment(order, order.total_money, paid, held=True, is_new=True, by=by, at=at)
        return settle(order, held=True, known=known, by=by, at=at)


def _placed(
    lines: Sequence[CartLine], customer: Customer, currency: str, terms: Terms, *, by: Actor, at: datetime
) -> tuple[Order, Known]:
    """The order, written and held, and what was read for it. The catalogue is read before the customer's row is: nobody waits for that."""
    placed_at = terms.placed_at or at
    asked = look_up(lines, currency, most=terms.most_lines, at=placed_at)
    queries.locked_customer(customer)
    for_email = resale.address_of(terms.for_email, lines, customer)
    quote = quote_of(asked, customer=customer, at=placed_at)
    quote.decision.or_refuse()
    if terms.acknowledged is False and quote.to_acknowledge:
        refuse("order.not_acknowledged").or_refuse()  # EOL-6
    if terms.expected is not None and terms.expected != quote.total:
        refuse("order.price_changed", total=quote.total, expected=terms.expected).or_refuse()  # C25
    order = actions.place_order(customer, _new_order(quote, placed_at, asked.policy, terms, for_email), by=by, at=at)
    return queries.with_lines(order), _known(asked)


def _known(asked: Asked) -> Known:
    product = asked.lines[0][1].product_id
    return Known({offer.code: offer for _, offer in asked.lines}, {product: asked.facts}, asked.seller)


def _new_order(quote: Quote, placed_at: datetime, policy: Policy, terms: Terms, for_email: str) -> NewOrder:
    placed_on = queries.today(placed_at)
    stacks = policy.upgrade_rule.value == "stack"
    return NewOrder(
        placed_at=placed_at, placed_on=placed_on, expires_on=placed_on + timedelta(days=policy.pending_days),
        totals=quote.totals, origin=terms.origin,
        lines=tuple(_new_line(line, stacks, terms.origin.reserved.licence(place)) for place, line in enumerate(quote.lines)),
        warnings=quote.decision.warnings, for_email=for_email,
    )  # fmt: skip


def _new_line(line: QuoteLine, stacks: bool, reserved: str) -> NewLine:
    offer = line.offer
    return NewLine(
        offer_code=offer.code, kind=OfferKind(offer.kind), names=_names(line), change=line.change, quantity=line.quantity,
        devices=offer.devices, support_years=offer.support_years, update_years=offer.years_of_updates, stacks=stacks,
        target_licence=line.licence, licence_code=line.licence or reserved or licence_code(), unit_price=line.unit_price, amounts=line.amounts,
    )  # fmt: skip


def _names(line: QuoteLine) -> tuple[str, str]:
    """What stands on the invoice, in both languages: a line that aligns or reduces says so."""
    offer, change = line.offer, line.change
    cs, en = offer.name_cs, offer.name_en
    if change.align_to:
        on = change.align_to
        return (
            f"{cs[:60]} do {on.day}. {on.month}. {on.year} ({change.days}/365)",
            f"{en[:60]} until {on:%-d %b %Y} ({change.days}/365)",
        )
    if change.seats_less:
        seats = line.after.seats if line.before is None else line.before.seats - change.seats_less
        return f"{cs[:60]} (zařízení: {seats})", f"{en[:60]} (devices: {seats})"
    return cs, en


@one_transaction
def start_payment(order: Order, provider_code: str, *, return_url: str, by: Actor, at: datetime) -> Started:
    """The payer chose a way to pay. Asking again with the same one leads to the same payment."""
    chosen = provider(provider_code)
    if chosen is None:
        refuse("payment.unknown_provider", provider=provider_code).or_refuse()
    assert chosen is not None
    if order.cancelled_at and not order.paid_at:
        refuse("order.cancelled", order=order.code).or_refuse()
    if order.paid_at:
        refuse("order.already_paid", order=order.code, token=order.token).or_refuse()
    bill = queries.bill_of(order)
    key = f"order:{order.code}:{chosen.code}:{bill.amount.wire()}"
    try:
        started = chosen.start(bill, return_url=return_url, key=key, at=at)
    except OSError as problem:
        log.warning("the provider %s could not be reached for %s: %s", chosen.code, order.code, problem)
        raise Refused(refuse("payment.provider_away")) from problem  # F18: another way is offered
    actions.choose_provider(order, chosen.code, started.reference, by=by, at=at)
    if not started.redirect:
        actions.tell_placed(order, bill.amount, at=at)
        actions.issue_proforma(order, by=by, at=at)
    return started


def confirm_payment(order: Order, *, by: Actor, at: datetime) -> Order:
    """Ask the provider; only its answer moves money (S22). Called when the payer comes back, by notices and by the reconciling job.

    One that cannot be asked is asked again later (C14). Money that is not real pays nothing but in the demo (C10).
    """
    order = queries.order_by_code(order.code)
    chosen = provider(order.provider)
    if chosen is None or not order.reference:
        return settle(order, by=by, at=at)
    try:
        fetched = chosen.fetch(order.reference, at=at)
    except OSError:
        log.warning("the provider %s could not be asked about %s", order.provider, order.code)
        return settle(order, by=by, at=at)
    if fetched.state is PaymentState.PAID and not fetched.live and not settings.DEMO:
        log.error("the provider %s tells of a pretended payment of %s", order.provider, order.code)
        return settle(order, by=by, at=at)
    if fetched.state is PaymentState.PAID and fetched.amount is not None:
        notice = Notice(f"{chosen.code}:{order.reference}"[:100], fetched.paid_at or at, provider=chosen.code)
        return record_payment(order, fetched.amount, notice, by=by, at=at)
    return settle(order, by=by, at=at)


@one_transaction
def record_payment(order: Order, amount: Money, notice: Notice, *, by: Actor, at: datetime) -> Order:
    """Money arrived: the order is paid when it is enough, and everything it promised is handed over."""
    with audit.gathered():
        order = queries.locked(order)
        actions.record_payment(order, amount, notice, held=True, by=by, at=at)
        settled = settle(order, held=True, by=by, at=at)
    if not settled.paid_at:
        actions.tell_underpaid(settled, queries.bill_of(settled).amount, at=at)  # C16
    return settled


@one_transaction
def cancel(order: Order, *, why: str, by: Actor, at: datetime) -> Order:
    """An unpaid order is given up: by its customer, by staff, or because nobody paid."""
    actions.cancel_order(order, why=why, by=by, at=at)
    return settle(order, by=by, at=at)
