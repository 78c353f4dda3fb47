"""Orders from the vendor's other systems: placed, previewed, paid, refunded, disputed. Whatever order the messages come in."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Made, Strict, joined, refused_field
from podpora.base.clock import format_instant, parse_instant
from podpora.base.codes import normalised
from podpora.base.errors import NotYours, Problems
from podpora.base.reasons import wire
from podpora.entitlements.values import Rights
from podpora.journeys import chargeback as chargebacks
from podpora.journeys import outside, purchase
from podpora.journeys import refund as refunds
from podpora.licensing import queries as licensing
from podpora.orders import queries
from podpora.orders.models import Order, OrderLine
from podpora.orders.values import EARLIEST, LATEST, MAX_LINES, CartLine, MoneyKind, Notice, Quote, QuoteLine

router = Router(tags=["orders"])
orders_token = vendor("orders", "orders")


def _instant(text: str) -> str:
    try:
        on = parse_instant(text).date()
    except (ValueError, OverflowError):
        raise refused_field("not_an_instant") from None
    if not EARLIEST <= on <= LATEST:
        raise refused_field("out_of_range", least=EARLIEST, most=LATEST)
    return text


def _currency(text: str) -> str:
    """Which currencies there are, the price lists know."""
    return text.upper()


Currency = Annotated[
    str, StringConstraints(max_length=10, strip_whitespace=True), AfterValidator(_currency), Field(examples=["CZK"])
]
Instant = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_instant),
    Field(examples=["2026-03-10T09:00:00Z"], json_schema_extra={"format": "date-time"}),
]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,11}(\.[0-9]{1,3})?$", max_length=15), Field(examples=["1990.00"])]
Code = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]


class CustomerIn(Strict):
    """Who buys. With `company` the licence belongs to the company of that name whose owner has this address."""

    email: Annotated[str, StringConstraints(max_length=254, strip_whitespace=True)]
    name: Annotated[str, StringConstraints(max_length=150, strip_whitespace=True)] = ""
    company: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] | None = None
    language: Literal["cs", "en"] | None = None
    country: Annotated[str, StringConstraints(min_length=2, max_length=2)] | None = None


class EndCustomerIn(Strict):
    """Whom the buyer buys for (ORG-6): the licences are his once he claims them by the link in his mail."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=254, strip_whitespace=True)]


class LineIn(Strict):
    """`align_to`: a renewal not by years but to this day (ORG-3). `seats`: a renewal for no more than so many devices (ORG-5)."""

    offer: Code
    quantity: int = 1
    licence: Code | None = None
    align_to: date | None = None
    seats: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    def asked(self) -> CartLine:
        return CartLine(self.offer, self.quantity, normalised(self.licence or ""), self.align_to, self.seats)


class PreviewIn(Strict):
    """An order that is only asked about."""

    customer: CustomerIn
    currency: Currency
    placed_at: Instant | None = None
    paid_at: Instant | None = None
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=50)]
    invoice: bool | None = None
    external_id: ExternalId | None = None
    end_customer: EndCustomerIn | None = None

    def told(self, now: datetime) -> outside.OutsideOrder:
        who = self.customer
        return outside.OutsideOrder(
            external_id=self.external_id or "",
            buyer=outside.Buyer(who.email, who.name, who.company or "", who.language or "", (who.country or "").upper()),
            currency=self.currency, placed_at=parse_instant(self.placed_at) if self.placed_at else now,
            paid_at=parse_instant(self.paid_at) if self.paid_at else None, invoice=self.invoice,
            lines=tuple(line.asked() for line in self.lines), for_email=self.end_customer.email if self.end_customer else "",
        )  # fmt: skip

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, values: Any, read: ModelWrapValidatorHandler[Any], info: ValidationInfo) -> Any:
        """What only the catalogue knows (an offer, a currency) is told together with what is wrong in form."""
        try:
            return read(values)
        except ValidationError as problem:
            raise joined(problem, _wrong_in_meaning(values, at=(info.context or {})["request"].now)) from None


def _wrong_in_meaning(values: Any, *, at: datetime) -> Problems:
    """Of a body that can't be read as a whole, what can be read of it."""
    body = values if isinstance(values, dict) else {}
    lines = body.get("lines")
    readable = {position: line for position, line in enumerate(lines if isinstance(lines, list) else []) if isinstance(line, dict)}
    found = {
        position: CartLine(line["offer"].strip(), 1, "?")
        for position, line in list(readable.items())[:MAX_LINES] if isinstance(line.get("offer"), str)
    }  # fmt: skip
    currency = body.get("currency")
    try:
        problems = outside.problems_of(found, currency.strip().upper() if isinstance(currency, str) else None, at=at)
    except NotYours:
        return Problems()  # nothing is sold here yet
    wanted = {name: codes for name, codes in problems.fields.items() if name == "currency" or name.endswith(".offer")}
    problems.fields = wanted
    return problems


class OrderIn(PreviewIn):
    """An order. `placed_at` and `paid_at` may lie in the past; without `paid_at` it waits for its payment."""

    external_id: ExternalId
    placed_at: Instant


class PaymentIn(Strict):
    external_id: ExternalId
    paid_at: Instant
    amount: Amount
    currency: Currency | None = None


class RefundedLine(Strict):
    line: int
    quantity: int | None = None


class RefundIn(Strict):
    """`lines`: numbers of lines (the first is 1), or `{line, quantity}`; left out, the whole order is refunded.

    `amount` instead gives money back without taking anything (goodwill, or what was paid too much).
    """

    external_id: ExternalId
    at: Instant
    lines: Annotated[list[int | RefundedLine], Field(min_length=1, max_length=50)] | None = None
    amount: Amount | None = None
    reason: Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)] = ""


class ChargebackIn(Strict):
    """One dispute keeps its `external_id` through its states."""

    external_id: ExternalId
    at: Instant
    state: Literal["opened", "won", "lost"]


@router.post("orders", auth=orders_token, response={201: Made, 200: Made})
def place(request: HttpRequest, body: OrderIn) -> HttpResponse:
    """Take over an order: 201, or 200 when it is known. Past dates are welcome. 409 with the reasons where a rule refuses it.

    The same `external_id` with another content is 409 `order.conflict`.
    """
    at = request.now  # type: ignore[attr-defined]
    order, is_new = outside.receive(body.told(at), by=caller_of(request).actor, at=at)
    return answer(order_json(order, at=at), 201 if is_new else 200)


@router.post("orders/preview", auth=orders_token)
def preview(request: HttpRequest, body: PreviewIn) -> HttpResponse:
    """The same without writing: totals, and the rights before and after payment. 409 with the reasons where it would be refused."""
    quote = outside.preview(body.told(request.now))  # type: ignore[attr-defined]
    quote.decision.or_refuse()
    return answer(quote_json(quote))


@router.get("orders", auth=orders_token)
def orders(request: HttpRequest) -> HttpResponse:
    """All orders, newest first; `?external_id=` finds one."""
    at, wanted = request.now, request.GET.get("external_id", "")  # type: ignore[attr-defined]
    rows = queries.found()
    rows = rows.filter(external_id=wanted) if wanted else rows
    return listing(request, rows, lambda order: order_json(order, at=at))


@router.get("orders/{code}", auth=orders_token)
def order(request: HttpRequest, code: str) -> HttpResponse:
    return answer(order_json(_order(code), at=request.now))  # type: ignore[attr-defined]


def _order(code: str) -> Order:
    return queries.order_by_code(normalised(code)[:20])


@router.post("orders/{code}/payments", auth=orders_token, response={201: Made, 200: Made})
def pay(request: HttpRequest, code: str, body: PaymentIn) -> HttpResponse:
    """Money came in. The order is paid at the instant at which its payments, in date order, reach the total."""
    at, found = request.now, _order(code)  # type: ignore[attr-defined]
    is_new = queries.event_of(found, MoneyKind.PAYMENT, body.external_id) is None
    amount = outside.amount_of(body.amount, body.currency or found.currency)
    notice = Notice(body.external_id, parse_instant(body.paid_at))
    settled = purchase.record_payment(found, amount, notice, by=caller_of(request).actor, at=at)
    return answer(order_json(settled, at=at), 201 if is_new else 200)


@router.post("orders/{code}/refunds", auth=orders_token, response={201: Made, 200: Made})
def refund(request: HttpRequest, code: str, body: RefundIn) -> HttpResponse:
    """Money went back. May be told before the payment: it counts as soon as that is known."""
    at, found = request.now, _order(code)  # type: ignore[attr-defined]
    by, notice = caller_of(request).actor, Notice(body.external_id, parse_instant(body.at), reason=body.reason)
    is_new = queries.event_of(found, MoneyKind.REFUND, body.external_id) is None
    if body.amount is not None and not body.lines:
        amount = outside.amount_of(body.amount, found.currency)
        settled = refunds.give_back(found, amount, notice, by=by, at=at)
    else:
        settled = refunds.refund(found, _refunded(body), notice, by=by, at=at)
    return answer(order_json(settled, at=at), 201 if is_new else 200)


def _refunded(body: RefundIn) -> tuple[tuple[int, int | None], ...]:
    return tuple((line, None) if isinstance(line, int) else (line.line, line.quantity) for line in body.lines or ())


@router.post("orders/{code}/chargebacks", auth=orders_token, response={201: Made, 200: Made})
def chargeback(request: HttpRequest, code: str, body: ChargebackIn) -> HttpResponse:
    """The payer's bank disputes the payment, or the dispute was won or lost by the vendor."""
    at, found = request.now, _order(code)  # type: ignore[attr-defined]
    is_new = queries.event_of(found, chargebacks.STATES[body.state], body.external_id) is None
    notice = Notice(body.external_id, parse_instant(body.at))
    settled = chargebacks.chargeback(found, body.state, notice, by=caller_of(request).actor, at=at)
    return answer(order_json(settled, at=at), 201 if is_new else 200)


def order_json(order: Order, *, at: datetime) -> dict[str, Any]:
    """The order with what its lines gave. Keys only for licences that this order created and that are paid."""
    lines = queries.lines_of(order)
    issued = outside.licences_by_code(lines)
    rights = outside.rights_by_licence(lines, issued, at=at)
    own = [line for line in lines if _created(order, line, issued)] if not order.for_email else []  # ORG-6: the key is its owner's
    keys = {line.licence_code: licensing.key_of(issued[line.licence_code]) for line in own}
    return {
        "code": order.code, "state": order.state, "external_id": order.external_id or None, "customer": order.customer.code,
        "currency": order.currency, "net": order.net_money.wire(), "vat": order.vat_money.wire(), "total": order.total_money.wire(),
        "reverse_charge": order.reverse_charge, "placed_at": format_instant(order.placed_at),
        "paid_at": format_instant(order.paid_at) if order.paid_at else None,
        "lines": [line_json(line, rights[line.licence_code], keys.get(line.licence_code)) for line in lines],
        "warnings": order.warnings, **({"end_customer": {"email": order.for_email}} if order.for_email else {}),
    }  # fmt: skip


def _created(order: Order, line: OrderLine, issued: dict[str, Any]) -> bool:
    return order.paid_at is not None and not line.target_licence and line.licence_code in issued


def line_json(line: OrderLine, rights: Rights, key: str | None) -> dict[str, Any]:
    told = {
        "line": line.position, "offer": line.offer_code, "quantity": line.quantity, "total": line.total_money.wire(),
        "licence": line.licence_code, **gives(rights),
    }  # fmt: skip
    return told | changed(line.align_to, line.seats_less, line.less_from) | ({"key": key} if key else {})


def changed(align_to: date | None, seats_less: int, less_from: date | None) -> dict[str, Any]:
    """What a renewal does besides adding years; nothing for all other lines."""
    told: dict[str, Any] = {"align_to": align_to} if align_to else {}
    return told | ({"seats_less": seats_less, "less_from": less_from} if seats_less else {})


def gives(rights: Rights) -> dict[str, Any]:
    run = rights.run
    return {
        "support_through": rights.support_through, "seats": rights.seats,
        "covers": {"all": run.covers_all, "through_major": run.through_major, "until": run.until}
        | ({"updates_until": run.updates_until} if run.updates_until else {}),
    }  # fmt: skip


def quote_json(quote: Quote) -> dict[str, Any]:
    totals = quote.totals
    return {
        "currency": quote.currency, "net": totals.net.wire(), "vat": totals.vat.wire(), "total": totals.gross.wire(),
        "vat_rate": f"{totals.vat_rate:.2f}", "reverse_charge": totals.reverse_charge,
        "lines": [quote_line_json(line) for line in quote.lines], "warnings": [wire(r) for r in quote.decision.warnings],
    }  # fmt: skip


def quote_line_json(line: QuoteLine) -> dict[str, Any]:
    return {
        "line": line.position, "offer": line.offer.code, "quantity": line.quantity, "licence": line.licence or None,
        "unit_price": line.unit_price.wire(), "total": line.total.wire(), **gives(line.after),
        "before": gives(line.before) if line.before else None, "warnings": [wire(r) for r in line.decision.warnings],
        **changed(line.change.align_to, line.change.seats_less, line.change.less_from),
    }  # fmt: skip
