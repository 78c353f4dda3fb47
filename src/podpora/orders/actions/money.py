"""Money events: payments, refunds, chargebacks. Added once, never edited; what comes of them is read from the whole history."""

import hashlib
import json
from datetime import datetime

from django.conf import settings

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.clock import format_instant, vendor_date
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.base.money import Money
from podpora.base.transactions import one_transaction
from podpora.orders import queries, rules
from podpora.orders.models import MoneyEvent, Order
from podpora.orders.values import LATEST, MoneyFact, MoneyKind, Notice

LONGEST_ID = 100


@one_transaction
def record_payment(
    order: Order, amount: Money, notice: Notice, *, held: bool = False, is_new: bool = False, by: Actor, at: datetime
) -> MoneyEvent:
    """Money came in for this order. The same notice again changes nothing and returns the first.

    `held`: the caller has locked the order already (journeys hold it once for the whole story). `is_new`: he has also just written
    it, so that there can't be any notice yet.
    """
    if amount.currency != order.currency:
        facts = {"order": order.code, "currency": order.currency}
        refuse("payment.wrong_currency", **facts).or_refuse()  # C12
    if amount.amount <= 0 or amount != amount.rounded():
        raise InvalidInput({"amount": ["not_an_amount"]})
    if amount.amount >= 100_000_000_000:
        raise InvalidInput({"amount": ["too_large"]})
    fact = _fact(order, MoneyKind.PAYMENT, notice, amount=amount)
    return _record(order if held else queries.locked(order), fact, notice, is_new=is_new, by=by, at=at)


@one_transaction
def record_refund(
    order: Order,
    lines: tuple[tuple[int, int | None], ...],
    notice: Notice,
    *,
    goodwill: Money | None = None,
    by: Actor,
    at: datetime,
) -> MoneyEvent:
    """Money went back: for these lines and units, or for the whole order. `goodwill`: an amount that takes no rights back."""
    order = queries.locked(order)
    known = {line.position: line for line in order.lines.all()}
    for position, units in lines:
        line = known.get(position)
        if line is None:
            raise InvalidInput({"lines": ["unknown"]})
        if units is not None and not 1 <= units <= line.quantity:
            raise InvalidInput({"lines": ["too_many"]})
    if len({position for position, _ in lines}) != len(lines):
        raise InvalidInput({"lines": ["twice"]})
    fact = _fact(order, MoneyKind.REFUND, notice, amount=goodwill, lines=lines)
    if queries.event_of(order, fact.kind, fact.external_id) is None:
        rules.may_refund(order.facts(), queries.money_of(order), fact).or_refuse()
        if goodwill is not None:
            rules.may_give_back(queries.history_of(order), queries.money_of(order), goodwill).or_refuse()
    return _record(order, fact, notice, by=by, at=at)


@one_transaction
def record_chargeback(order: Order, kind: MoneyKind, notice: Notice, *, by: Actor, at: datetime) -> MoneyEvent:
    """The payer's bank disputes the payment, or the dispute was won or lost (by the vendor)."""
    assert kind.is_chargeback
    return _record(queries.locked(order), _fact(order, kind, notice), notice, by=by, at=at)


def _fact(
    order: Order,
    kind: MoneyKind,
    notice: Notice,
    *,
    amount: Money | None = None,
    lines: tuple[tuple[int, int | None], ...] = (),
) -> MoneyFact:
    if not notice.external_id.strip():
        raise InvalidInput({"external_id": ["required"]})
    if len(notice.external_id) > LONGEST_ID:
        raise InvalidInput({"external_id": ["too_long"]})
    on = vendor_date(notice.happened_at, settings.VENDOR_ZONE)
    field = "paid_at" if kind is MoneyKind.PAYMENT else "at"
    if on < order.placed_on:
        raise InvalidInput({field: ["before_the_order"]})
    if on > LATEST:
        raise InvalidInput({field: ["out_of_range"]})
    return MoneyFact(
        kind, notice.external_id, notice.happened_at, on,
        amount=amount.amount if amount else None, lines=lines, keeps_rights=kind is MoneyKind.REFUND and amount is not None,
    )  # fmt: skip


def _record(order: Order, fact: MoneyFact, notice: Notice, *, is_new: bool = False, by: Actor, at: datetime) -> MoneyEvent:
    content = content_hash(fact)
    known = None if is_new else queries.event_of(order, fact.kind, fact.external_id)
    if known is not None:
        if known.content_hash != content:
            refuse("order.conflict", external_id=fact.external_id).or_refuse()  # C02
        return known
    event = MoneyEvent.objects.create(
        order=order, kind=fact.kind, external_id=fact.external_id, at=fact.at, on=fact.on, amount=fact.amount,
        lines=[list(pair) for pair in fact.lines], keeps_rights=fact.keeps_rights, provider=notice.provider,
        reason=notice.reason[:300], content_hash=content, recorded_by=by.name[:200], recorded_at=at,
    )  # fmt: skip
    facts = {
        "external_id": fact.external_id,
        "at": format_instant(fact.at),
        "amount": str(fact.amount or ""),
        "reason": notice.reason,
    }
    audit.record(f"order.{fact.kind.value}", f"order:{order.code}", by=by, at=at, facts=facts)
    return event


def content_hash(fact: MoneyFact) -> str:
    """What makes two notices the same: everything that they say, however it was written."""
    amount = None if fact.amount is None else str(fact.amount.normalize())
    content = [fact.kind.value, fact.external_id, fact.at.isoformat(), amount, sorted(fact.lines), fact.keeps_rights]
    return hashlib.sha256(json.dumps(content, default=list).encode()).hexdigest()
