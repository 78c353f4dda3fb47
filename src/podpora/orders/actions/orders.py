"""Orders: placed, waiting for a way of paying, cancelled, delivered."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.reasons import wire
from podpora.base.transactions import one_transaction
from podpora.orders import queries, rules
from podpora.orders.models import Order, OrderLine
from podpora.orders.values import History, NewOrder, OrderState, order_code
from podpora.people.models import Customer


@one_transaction
def place_order(customer: Customer, new: NewOrder, *, by: Actor, at: datetime) -> Order:
    """Write the order as it was quoted. Whether it may be sold was decided before (journeys.purchase)."""
    totals, origin = new.totals, new.origin
    language = origin.language or customer.language
    with translation.override(language):
        warnings = [wire(reason) for reason in new.warnings]
    order = Order.objects.create(
        code=origin.reserved.code or order_code(), customer=customer, for_email=new.for_email, currency=totals.gross.currency, language=language,
        placed_at=new.placed_at, placed_on=new.placed_on, expires_on=new.expires_on,
        external_id=origin.external_id, external_hash=origin.content_hash, variable_symbol=_new_symbol(),
        net=totals.net.amount, vat=totals.vat.amount, total=totals.gross.amount, vat_rate=totals.vat_rate,
        reverse_charge=totals.reverse_charge, consent=dict(origin.consent), writes_invoice=origin.writes_invoice, warnings=warnings,
        created_at=at,
    )  # fmt: skip
    OrderLine.objects.bulk_create(_line(order, position, new) for position in range(1, len(new.lines) + 1))
    facts = {"customer": customer.code, "total": str(totals.gross), "external_id": origin.external_id}
    audit.record("order.placed", f"order:{order.code}", by=by, at=at, facts=facts)
    return order


def _line(order: Order, position: int, new: NewOrder) -> OrderLine:
    line = new.lines[position - 1]
    return OrderLine(
        order=order, position=position, offer_code=line.offer_code, kind=line.kind, name_cs=line.names[0], name_en=line.names[1],
        quantity=line.quantity, devices=line.devices, support_years=line.support_years, update_years=line.update_years,
        stacks=line.stacks,
        align_to=line.change.align_to, days=line.change.days, seats_less=line.change.seats_less, less_from=line.change.less_from,
        target_licence=line.target_licence, licence_code=line.licence_code, unit_price=line.unit_price.amount,
        net=line.amounts.net.amount, vat=line.amounts.vat.amount, total=line.amounts.gross.amount,
    )  # fmt: skip


def _new_symbol() -> str:
    """A variable symbol that no other order has. The unique column decides if two take the same at once."""
    while True:
        symbol = rules.variable_symbol(secrets.randbelow(900_000_000))
        if not Order.objects.filter(variable_symbol=symbol).exists():
            return symbol


@one_transaction
def choose_provider(order: Order, provider: str, reference: str, *, by: Actor, at: datetime) -> Order:
    """The payer chose how he pays; `reference` is what the provider calls the payment."""
    order = queries.locked(order)
    if (order.provider, order.reference) != (provider, reference):
        order.provider, order.reference = provider, reference
        order.save(update_fields=["provider", "reference"])
        audit.record("order.payment_started", f"order:{order.code}", by=by, at=at, facts={"provider": provider})
    return order


@one_transaction
def cancel_order(order: Order, *, why: str, by: Actor, at: datetime) -> Order:
    """Nobody waits for this order's money any more. If it comes after all, the order is paid after all."""
    order = queries.locked(order)
    if order.paid_at:
        refuse("order.already_paid", order=order.code, token=order.token).or_refuse()
    if order.cancelled_at is None:
        order.cancelled_at, order.cancelled_why, order.state = at, why[:300], OrderState.CANCELLED
        order.save(update_fields=["cancelled_at", "cancelled_why", "state"])
        audit.record("order.cancelled", f"order:{order.code}", by=by, at=at, facts={"why": why})
    return order


@one_transaction
def mirror_money(order: Order, history: History, *, by: Actor, at: datetime) -> bool:
    """Write state and day of payment as the money history has them, for lists. True if the state changed."""
    state = rules.state_of(order.facts(), history)
    if (order.state, order.paid_at) == (state, history.captured_at):
        return False
    before = order.state
    order.state, order.paid_at = state, history.captured_at
    order.save(update_fields=["state", "paid_at"])
    subject = f"order:{order.code}"
    audit.record("order.state_changed", subject, by=by, at=at, before={"state": str(before)}, after={"state": str(state)})
    return str(before) != str(state)


@one_transaction
def mark_delivered(lines: Iterable[OrderLine], *, by: Actor, at: datetime) -> None:
    """What these lines promised was handed over (one statement)."""
    new = [line for line in lines if line.delivered_at is None]
    for line in new:
        line.delivered_at = at
        facts = {"licence": line.licence_code, "line": line.position}
        audit.record("order.delivered", f"order:{line.order.code}", by=by, at=at, facts=facts)
    if new:
        OrderLine.objects.filter(pk__in=[line.pk for line in new]).update(delivered_at=at)


@one_transaction
def forget_address(address: str, instead: str) -> None:
    """Somebody is erased (C47): what others bought for him keeps that it was for somebody else, and not for whom."""
    Order.objects.filter(for_email__iexact=address).update(for_email=instead)
