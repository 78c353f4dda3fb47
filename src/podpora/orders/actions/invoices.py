"""Documents: proforma, invoice, credit note. Numbered without gaps, frozen when issued (C39..41)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base import vendor
from podpora.base.actors import Actor
from podpora.base.money import Money
from podpora.base.transactions import one_transaction
from podpora.orders import queries, rules
from podpora.orders.models import Invoice, InvoiceCounter, MoneyEvent, Order, Seller
from podpora.orders.values import InvoiceKind, LineAmounts

LETTERS = {InvoiceKind.PROFORMA: "P", InvoiceKind.TAX: "F", InvoiceKind.CREDIT_NOTE: "D"}
PARTY = ("name", "street", "city", "postal_code", "country", "company_id", "vat_id", "email")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A document before it has a number."""

    kind: InvoiceKind
    order: Order
    lines: list[dict[str, Any]]
    amounts: LineAmounts
    tax_on: date
    corrects: Invoice | None = None
    event: MoneyEvent | None = None
    seller: Seller | None = None


@one_transaction
def issue_proforma(order: Order, *, by: Actor, at: datetime) -> Invoice:
    """A request to pay. No tax document; a repeated call returns the first."""
    _hold(order)
    known = order.invoices.filter(kind=InvoiceKind.PROFORMA).first()
    return known or _issue(_whole(order, InvoiceKind.PROFORMA, tax_on=order.placed_on), by=by, at=at)


@one_transaction
def issue_invoice(
    order: Order, *, paid_on: date, held: bool = False, seller: Seller | None = None, by: Actor, at: datetime
) -> Invoice:
    """The tax document of a paid order; a repeated call returns the first. Call it last: the counter's row is held from here on.

    `held`: the caller has locked the order; `seller`: as he has read it a moment ago.
    """
    if not held:
        _hold(order)
    return queries.tax_invoice(order) or _issue(_whole(order, InvoiceKind.TAX, tax_on=paid_on, seller=seller), by=by, at=at)


@one_transaction
def issue_credit_note(event: MoneyEvent, invoice: Invoice, *, by: Actor, at: datetime) -> Invoice | None:
    """The correcting document of a refund: names the invoice, and takes back exactly what was refunded. None if nothing was left."""
    _hold(event.order)
    if (known := Invoice.objects.filter(event=event).first()) is not None:
        return known
    order = event.order
    lines, amounts = _taken_back(order, event)
    if not lines:
        return None
    return _issue(_Draft(InvoiceKind.CREDIT_NOTE, order, lines, amounts, event.on, invoice, event), by=by, at=at)


def _hold(order: Order) -> None:
    """One document of a kind for each order: who comes second waits here, and then reads the first."""
    Order.objects.select_for_update().only("pk").get(pk=order.pk)


def _whole(order: Order, kind: InvoiceKind, *, tax_on: date, seller: Seller | None = None) -> _Draft:
    lines = [_written_line(line, line.quantity, line.amounts()) for line in queries.lines_of(order)]
    return _Draft(kind, order, lines, LineAmounts(order.net_money, order.vat_money, order.total_money), tax_on, seller=seller)


def _taken_back(order: Order, event: MoneyEvent) -> tuple[list[dict[str, Any]], LineAmounts]:
    """The refund's lines as negative amounts: refunds are read in date order, so each knows what the ones before it left."""
    taken = rules.units_taken(order.facts(), queries.money_of(order), event.external_id)
    zero = Money.zero(order.currency)
    net, vat, written = zero, zero, []
    for line in queries.lines_of(order):
        left, units = taken.get(line.position, (line.quantity, 0))
        if units:
            part = rules.refund_amounts(line.amounts(), line.quantity, left=left, units=units)
            net, vat = net - part.net, vat - part.vat
            written.append(_written_line(line, -units, LineAmounts(-part.net, -part.vat, -part.gross)))
    return written, LineAmounts(net, vat, net + vat)


def _written_line(line: Any, quantity: int, amounts: LineAmounts) -> dict[str, Any]:
    name = line.name_cs if line.order.language == "cs" else line.name_en
    return {
        "position": line.position, "name": name, "licence": line.licence_code, "quantity": quantity,
        "unit_price": line.unit_money.wire(), "net": amounts.net.wire(), "vat": amounts.vat.wire(), "gross": amounts.gross.wire(),
    }  # fmt: skip


def _issue(draft: _Draft, *, by: Actor, at: datetime) -> Invoice:
    """Number and write the document. Taking the number is the last step, so that a rollback gives it back (C39)."""
    content = _content(draft)
    on = queries.today(at)
    counter, on = _next_number(f"{LETTERS[draft.kind]}{on.year}", on)
    number = f"{counter.series}-{counter.last:05}"
    invoice = Invoice.objects.create(
        number=number, series=counter.series, sequence=counter.last, kind=draft.kind, customer=draft.order.customer,
        order=draft.order, event=draft.event, corrects=draft.corrects, issued_on=on, issued_at=at, currency=draft.order.currency,
        total=draft.amounts.gross.amount, content={**content, "number": number, "issued_on": on.isoformat()},
    )  # fmt: skip
    facts = {"order": draft.order.code, "kind": draft.kind.value, "total": str(draft.amounts.gross)}
    audit.record("invoice.issued", f"invoice:{number}", by=by, at=at, facts=facts)
    return invoice


def _next_number(series: str, on: date) -> tuple[InvoiceCounter, date]:
    """Hold the series' row and count on. Dates never go back within a series, also where a clock does."""
    rows = InvoiceCounter.objects.select_for_update().filter(series=series)
    counter = rows.first()
    if counter is None:
        InvoiceCounter.objects.bulk_create([InvoiceCounter(series=series)], ignore_conflicts=True)
        counter = rows.get()
    counter.last += 1
    counter.last_on = max(counter.last_on or on, on)
    counter.save(update_fields=["last", "last_on"])
    return counter, counter.last_on


def _content(draft: _Draft) -> dict[str, Any]:
    """Everything that page and PDF show (§ 29 of the VAT act): parties, dates, lines, the VAT breakdown."""
    order, seller = draft.order, draft.seller or queries.seller()
    return {
        "kind": draft.kind.value, "language": order.language, "order": order.code, "external_id": order.external_id,
        "currency": order.currency, "variable_symbol": order.variable_symbol, "placed_on": order.placed_on.isoformat(),
        "tax_on": draft.tax_on.isoformat(), "due_on": order.expires_on.isoformat(), "corrects": getattr(draft.corrects, "number", ""),
        "reason": draft.event.reason if draft.event else "",
        "seller": {**_party(seller), "registration": seller.registration, "iban": seller.iban, "bic": seller.bic},
        "buyer": {**_party(order.customer), "code": order.customer.code},
        "lines": draft.lines, "reverse_charge": order.reverse_charge,
        "vat": [{
            "rate": f"{order.vat_rate.normalize():f}", "net": draft.amounts.net.wire(),
            "vat": draft.amounts.vat.wire(), "gross": draft.amounts.gross.wire(),
        }],
        "net": draft.amounts.net.wire(), "vat_total": draft.amounts.vat.wire(), "total": draft.amounts.gross.wire(),
    }  # fmt: skip


def _party(party: Any) -> dict[str, str]:
    return {name: getattr(party, name) for name in PARTY}


@dataclass(frozen=True, slots=True)
class SellerFacts:
    name: str
    street: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = "CZ"
    company_id: str = ""
    vat_id: str = ""
    registration: str = ""
    email: str = ""
    iban: str = ""
    bic: str = ""
    vat_rate: Decimal = Decimal(21)
    brand: str = ""


@one_transaction
def set_seller(facts: SellerFacts, *, by: Actor, at: datetime) -> Seller:
    """Who sells, from now on. Documents that were issued keep what they say."""
    rules.check_seller(facts.iban, facts.vat_rate)
    before = Seller.objects.filter(pk=1).values(*SellerFacts.__dataclass_fields__).first()
    row, _ = Seller.objects.update_or_create(pk=1, defaults=asdict(facts))
    if before is not None and _texts(before) == _texts(asdict(facts)):
        return row
    audit.record("seller.changed", "seller:1", by=by, at=at, before=_texts(before), after=_texts(asdict(facts)))
    transaction.on_commit(vendor.forget)
    return row


def _texts(values: dict[str, Any] | None) -> dict[str, str] | None:
    return None if values is None else {name: str(value) for name, value in values.items()}
