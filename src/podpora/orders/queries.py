"""Reading orders: whose they are, their money, their documents."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, prefetch_related_objects

from podpora.base.clock import vendor_date
from podpora.base.errors import NotYours
from podpora.base.money import Money
from podpora.catalog import queries as catalog
from podpora.catalog.models import Offer, PriceList
from podpora.catalog.values import OfferKind, PriceTable
from podpora.orders import rules
from podpora.orders.models import Invoice, MoneyEvent, Order, OrderLine, Seller
from podpora.orders.values import Bill, History, InvoiceKind, MoneyFact, MoneyKind, OrderState
from podpora.people import queries as people
from podpora.people.models import Customer
from podpora.people.permissions import staff_may


def orders_of(customer: Customer) -> QuerySet[Order]:
    """The customer's orders, newest first, with their lines (two queries)."""
    return Order.objects.filter(customer=customer).select_related("customer").prefetch_related("lines__order")


def order_heads(customer: Customer, *, size: int) -> list[tuple[str, datetime]]:
    """Code and day of the customer's newest orders (one query)."""
    return list(Order.objects.filter(customer=customer).order_by("-placed_at").values_list("code", "placed_at")[:size])


def visible_to(person: Any) -> QuerySet[Order]:
    """Orders of the customers for which this person may buy or see invoices; all of them for staff who keep orders."""
    every = Order.objects.select_related("customer")
    if staff_may(person, "orders"):
        return every
    if not person.is_authenticated or not person.is_active:
        return every.none()
    return every.filter(customer__in=people.customers_with(person, "invoices"))


def order_visible_to(person: Any, code: str) -> Order:
    """Raises NotYours for an order that does not exist and for one that is not his."""
    order = visible_to(person).filter(code=code).first()
    if order is None:
        raise NotYours
    return order


def order_by_token(token: str) -> Order:
    """The order whose page this link opens (C46). NotYours for an unknown one."""
    order = Order.objects.select_related("customer").filter(token=token).first()
    if order is None:
        raise NotYours
    return order


def order_by_code(code: str) -> Order:
    order = Order.objects.select_related("customer").filter(code=code).first()
    if order is None:
        raise NotYours
    return order


def order_by_external(external_id: str) -> Order | None:
    return Order.objects.select_related("customer").filter(external_id=external_id).first()


def order_of_checkout(key: str) -> Order | None:
    """The order that this checkout form made, if it was sent before (S21)."""
    return Order.objects.select_related("customer").filter(consent__checkout=key).first()


def locked(order: Order) -> Order:
    """The order, fresh and held until the transaction ends; its customer first, so that all who settle wait in one row."""
    Customer.objects.select_for_update().get(pk=order.customer_id)
    return Order.objects.select_for_update(of=("self",)).select_related("customer").prefetch_related("lines").get(pk=order.pk)


def with_lines(order: Order) -> Order:
    """An order that this transaction has just written, as `locked` would give it: nobody else can see it yet."""
    prefetch_related_objects([order], "lines")
    return order


def locked_customer(customer: Customer) -> Customer:
    """The customer's row, held: his orders are placed one at a time (C30)."""
    return Customer.objects.select_for_update().get(pk=customer.pk)


def bill_of(order: Order) -> Bill:
    """What is still to be paid: the rest, after a payment that was too small (C16)."""
    bill = order.bill()
    missing = history_of(order).missing
    return replace(bill, amount=Money(missing, order.currency)) if missing else bill


def lines_of(order: Order) -> list[OrderLine]:
    return list(order.lines.all())


def money_of(order: Order) -> list[MoneyFact]:
    return [event.fact() for event in order.money_events.all()]


def refunded_amount(order: Order, external_id: str) -> Money:
    """What the refund with this name is worth: its lines' share of what was paid."""
    taken = rules.units_taken(order.facts(), money_of(order), external_id)
    total = Money.zero(order.currency)
    for line in lines_of(order):
        left, units = taken.get(line.position, (line.quantity, 0))
        total += rules.refund_amounts(line.amounts(), line.quantity, left=left, units=units).gross
    return total


def events_of(order: Order) -> QuerySet[MoneyEvent]:
    """The order's money events in date order, with their credit notes."""
    return order.money_events.select_related("order", "credit_note").order_by("at", "id")


def history_of(order: Order) -> History:
    """The order's money, read in date order (two queries)."""
    return rules.money_history(order.facts(), money_of(order))


def event_of(order: Order, kind: MoneyKind, external_id: str) -> MoneyEvent | None:
    return order.money_events.filter(kind=kind, external_id=external_id).first()


def licences_of_orders(words: str) -> list[str]:
    """The codes of the licences that orders with these codes, outside names or variable symbols made or extended (one query)."""
    named = words.split()[:6]
    fits = (
        Q(order__code__in=[word.upper() for word in named]) | Q(order__external_id__in=named) | Q(order__variable_symbol__in=named)
    )
    return list(OrderLine.objects.filter(fits).order_by().values_list("licence_code", flat=True).distinct()[:500])


def creating_lines(licences: Iterable[str]) -> list[OrderLine]:
    """The lines that these licences came from, or will come from once they are paid (VIP-11). One query, none without codes."""
    codes = list(licences)
    rows = OrderLine.objects.filter(licence_code__in=codes, target_licence="").select_related("order__customer")
    return list(rows) if codes else []


def creating_line(licence: str) -> OrderLine | None:
    """The one that this licence came from, or will come from."""
    return next(iter(creating_lines([licence])), None)


def waiting_lines(licences: Iterable[str], on: date) -> dict[tuple[str, str], OrderLine]:
    """Lines of our own shop about these licences in orders that are still waited for, by licence and kind (C30). One query."""
    rows = OrderLine.objects.filter(licence_code__in=list(licences)).select_related("order").order_by("-pk")
    waiting = rows.filter(order__state=OrderState.AWAITING_PAYMENT, order__external_id="", order__cancelled_at__isnull=True)
    return {(line.licence_code, line.kind): line for line in waiting.filter(order__expires_on__gte=on)}


def licences_waited_for(licences: Iterable[str], on: date) -> set[str]:
    """Those of these licences about which an order waits for its money: nobody is reminded to order again (one query)."""
    lines = OrderLine.objects.filter(licence_code__in=list(licences), order__state=OrderState.AWAITING_PAYMENT)
    waiting = lines.filter(order__cancelled_at__isnull=True, order__expires_on__gte=on).exclude(kind=OfferKind.EXTRA_DEVICE)
    return set(waiting.values_list("licence_code", flat=True))


def reductions_begun(on: date, *, days: int = 30) -> list[str]:
    """Licences for which a renewal for fewer devices took effect within the last days (ORG-5, one query)."""
    lines = OrderLine.objects.filter(seats_less__gt=0, less_from__range=(on - timedelta(days=days), on), delivered_at__isnull=False)
    return sorted(set(lines.values_list("licence_code", flat=True)))


def waiting_orders_about(licence: str) -> list[str]:
    """The codes of orders about this licence that wait for their payment."""
    rows = OrderLine.objects.filter(
        licence_code=licence, order__state=OrderState.AWAITING_PAYMENT, order__cancelled_at__isnull=True
    )
    return list(rows.order_by("order_id").values_list("order__code", flat=True).distinct())


def offers_named(codes: Iterable[str]) -> QuerySet[Offer]:
    """The offers with these codes, also those that are no longer sold (one query)."""
    return Offer.objects.select_related("product", "edition").filter(code__in=list(codes))


def prices(currency: str, on: date) -> PriceTable | None:
    """The price list of that day. Orders of an older shop may lie before our first list: then the first one counts."""
    found = catalog.price_list(currency, on)
    if found is None:
        first = PriceList.objects.filter(currency=currency, valid_from__gt=on).order_by("valid_from").first()
        found = catalog.table_of(first) if first else None
    return found


def seller() -> Seller:
    """Who sells. An installation where nobody has filled it in yet sells in the product's name."""
    return Seller.objects.first() or Seller(pk=1, name="Podpora")


def vendor_name() -> str:
    """What the vendor is known as: his brand, else his name, else the one that mails are sent under."""
    found = Seller.objects.first()
    return (found.known_as if found else parseaddr(settings.DEFAULT_FROM_EMAIL)[0]) or "Podpora"


def invoices_of(order: Order) -> QuerySet[Invoice]:
    return order.invoices.order_by("issued_at", "id")


def invoices_visible_to(person: Any) -> QuerySet[Invoice]:
    return Invoice.objects.filter(order__in=visible_to(person)).select_related("order", "customer")


def invoice_visible_to(person: Any, number: str) -> Invoice:
    """Raises NotYours for a document that does not exist and for one that is not his (S15)."""
    invoice = invoices_visible_to(person).filter(number=number).first()
    if invoice is None:
        raise NotYours
    return invoice


def tax_invoice(order: Order) -> Invoice | None:
    return order.invoices.filter(kind=InvoiceKind.TAX).first()


def undocumented_refunds(order: Order) -> list[MoneyEvent]:
    """Refunds of money for which no credit note was written yet, in date order."""
    refunds = order.money_events.filter(kind=MoneyKind.REFUND, credit_note__isnull=True, keeps_rights=False)
    return list(refunds.order_by("at", "id"))


SORTS = {"placed": ("-placed_at", "-id"), "-placed": ("placed_at", "id"), "total": ("-total", "-id"), "-total": ("total", "id")}


def found(*, words: str = "", state: str = "", currency: str = "", sort: str = "") -> QuerySet[Order]:
    """The office's list: filtered, in a stable order, each with the number of its lines (one query for a page)."""
    rows = Order.objects.select_related("customer").annotate(line_count=Count("lines"))
    if state in list(OrderState):
        rows = rows.filter(state=state)
    if currency:
        rows = rows.filter(currency=currency)
    for word in words.split()[:6]:
        rows = rows.filter(_matches(word))
    return rows.order_by(*SORTS.get(sort, SORTS["placed"]))


def _matches(word: str) -> Q:
    matching = Q(code__iexact=word) | Q(external_id=word) | Q(variable_symbol=word) | Q(customer__name__icontains=word)
    matching |= Q(customer__email__icontains=word) | Q(customer__code__iexact=word)
    matching |= Q(pk__in=OrderLine.objects.filter(licence_code__iexact=word).values("order"))
    return matching | Q(pk__in=Invoice.objects.filter(number__iexact=word).values("order"))


def counts_by_state() -> dict[str, int]:
    rows = Order.objects.order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def expired(on: date) -> Iterable[Order]:
    """Unpaid orders of our own shop that are no longer waited for."""
    waiting = Order.objects.filter(state=OrderState.AWAITING_PAYMENT, external_id="", cancelled_at__isnull=True)
    return waiting.filter(expires_on__lt=on).order_by("pk")


UNCONFIRMED_FOR = timedelta(days=3)


def unconfirmed(at: datetime) -> QuerySet[Order]:
    """Orders whose payment was started with a provider that can be asked, in the last days."""
    waiting = Order.objects.filter(state=OrderState.AWAITING_PAYMENT, created_at__gt=at - UNCONFIRMED_FOR).exclude(reference="")
    return waiting.exclude(provider="transfer").select_related("customer").order_by("pk")


def today(at: datetime) -> date:
    return vendor_date(at, settings.VENDOR_ZONE)
