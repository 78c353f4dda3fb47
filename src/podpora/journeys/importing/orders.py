"""Orders of an older shop, through the same door as those of another shop that still sells (journeys.outside)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.jobs import queries as known_names
from podpora.jobs.values import NO_SUCH_CUSTOMER
from podpora.journeys import chargeback, outside, refund
from podpora.journeys.importing import customers, handing_over
from podpora.journeys.importing.reading import Outcome, Reader, Row, Sources
from podpora.licensing.models import Licence
from podpora.orders.models import Order
from podpora.orders.values import CartLine, Notice, Reserved

LINE = ("offer", "quantity", "licence", "align_to")
FIELDS = (
    "external_id", *customers.BUYER, "currency", "placed_at", "paid_at", *LINE, "refunded_at", "end_customer", "lines", "code", "money",
)  # fmt: skip
READ_OVER = (
    "state", "net", "vat", "total", "vat_rate", "reverse_charge", "cancelled_at", "cancelled_why", "variable_symbol", "consent", "warnings",
)  # fmt: skip
LINE_READ_OVER = (
    "gives", "seats_less", "net", "vat", "total", "name_cs", "name_en", "devices", "support_years", "update_years", "unit_price",
)  # fmt: skip
STATES = {f"chargeback_{state}": state for state in ("opened", "won", "lost")}


@transaction.atomic
def bring_in(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One order with its lines, paid or not, and what was refunded since. Idempotent on `external_id`, as in the API."""
    read = Reader(row, (*FIELDS, *READ_OVER))
    told = _told(read, row)
    refunded_at = read.instant("refunded_at")
    read.or_refuse()
    assert told is not None
    handing_over.until((line.licence for line in told.lines if line.licence), told.placed_at, sources, by=by, at=at)
    order, is_new = outside.receive(told, by=by, at=at)
    if refunded_at:
        order = refund.refund(order, (), Notice("import", refunded_at, reason="import"), by=by, at=at)
    for event in read.rows("money"):
        order = _tell_money(order, event, by=by, at=at)
    return Outcome(order.code, is_new)


def _told(read: Reader, row: Row) -> outside.OutsideOrder | None:
    external_id = read.text("external_id", most=100, required=True)
    buyer = _buyer(read)
    currency = read.text("currency", most=3, required=True).upper()
    placed_at, paid_at = read.instant("placed_at", required=True), read.instant("paid_at")
    listed = read.rows("lines")
    lines = [_line(read, one, f"lines.{number}.") for number, one in enumerate(listed)] if listed else [_line(read, row, "")]
    reserved = Reserved(read.text("code", most=20).upper(), tuple(str(one.get("gives", "")) for one in listed))
    if read.problems.fields or buyer is None or placed_at is None:
        return None
    return outside.OutsideOrder(
        external_id, buyer, currency, placed_at, paid_at, tuple(line for line in lines if line), invoice=False, reserved=reserved,
        for_email=read.text("end_customer", most=254),
    )  # fmt: skip


def _buyer(read: Reader) -> outside.Buyer | None:
    """The imported customer that the row names, else the address that stands in it."""
    name = read.text("customer", most=100)
    if not name:
        wanted = {field: read.text(field, most=254, required=field == "email") for field in customers.BUYER[1:]}
        return outside.Buyer(**wanted)
    found = customers.known_by(name)
    if found is None:
        read.problems.add("customer", NO_SUCH_CUSTOMER)
        return None
    return outside.Buyer(found.email, company=found.name if found.is_company else "")


def _line(read: Reader, told: Mapping[str, Any], inside: str) -> CartLine | None:
    """One thing that was bought; `licence` is the code here, or the name in the other system."""
    part = read if not inside else Reader(told, (*LINE, *LINE_READ_OVER))
    offer, licence = part.text("offer", most=40, required=True), part.text("licence", most=100)
    quantity, align_to = part.number("quantity", least=1, most=100_000, usual=1), part.day("align_to")
    if licence:
        there = known_names.outside_name("licence", licence)
        licence = there.code if there else licence.upper()
        if there is None and not Licence.objects.filter(code=licence).exists():
            part.problems.add("licence", "import.no_such_licence")
    if inside:
        read.problems.include(InvalidInput(part.problems.fields, part.problems.facts), inside=inside)
    return CartLine(offer, quantity, licence, align_to)


def _tell_money(order: Order, event: Mapping[str, Any], *, by: Actor, at: datetime) -> Order:
    """What became of the money after the payment, as an export has it. The payment itself came with the order."""
    kind = str(event.get("kind", ""))
    if kind == "payment":
        return order
    read = Reader(event, ("kind", "external_id", "at", "amount", "lines", "reason", "provider", "keeps_rights"))
    name, reason = read.text("external_id", most=100, required=True), read.text("reason", most=300)
    happened_at = read.instant("at", required=True)
    if kind != "refund" and kind not in STATES:
        read.problems.add("kind", "unknown", choices=", ".join(("payment", "refund", *STATES)))
    read.or_refuse()
    assert happened_at is not None
    notice = Notice(name, happened_at, reason=reason)
    if kind in STATES:
        return chargeback.chargeback(order, STATES[kind], notice, by=by, at=at)
    if event.get("amount") is not None and not event.get("lines"):
        return refund.give_back(order, outside.amount_of(str(event["amount"]), order.currency), notice, by=by, at=at)
    lines = tuple((int(position), units) for position, units in event.get("lines") or ())
    return refund.refund(order, lines, notice, by=by, at=at)
