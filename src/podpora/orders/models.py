"""Tables of orders. Money is append-only: an order's money is its events, and a correction is another event."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from podpora.base.actors import shown
from podpora.base.codes import unguessable
from podpora.base.money import Money
from podpora.catalog.values import OfferKind
from podpora.orders.values import (
    MONEY_NAMES,
    STATE_NAMES,
    Bill,
    Change,
    InvoiceKind,
    LineAmounts,
    LineFacts,
    MoneyFact,
    MoneyKind,
    OrderFacts,
    OrderState,
    order_code,
    provider_name,
)
from podpora.people.models import Customer


def choices_of(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.name) for member in enum]  # type: ignore[attr-defined]


class Seller(models.Model):
    """Who sells: what stands on invoices, and the name in the header and in mails. One row."""

    name = models.CharField(max_length=200)
    brand = models.CharField(max_length=60, blank=True)  # as customers know him; else the name
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="CZ")
    company_id = models.CharField(max_length=20, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    registration = models.CharField(max_length=200, blank=True)  # "Zapsáno v obchodním rejstříku …"
    email = models.EmailField(max_length=254, blank=True)
    iban = models.CharField(max_length=40, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    vat_rate = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(21), validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="seller_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def known_as(self) -> str:
        return self.brand or self.name


class Order(models.Model):
    """What a customer ordered. `state` and `paid_at` mirror the money history, for lists only."""

    code = models.CharField(max_length=20, unique=True, default=order_code)
    token = models.CharField(max_length=40, unique=True, default=unguessable)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    for_email = models.EmailField(max_length=254, blank=True)  # ORG-6: whose the licences will be, when it is not the buyer
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=5, default="en")
    placed_at = models.DateTimeField()
    placed_on = models.DateField()
    expires_on = models.DateField()  # the last day on which the prices hold and a transfer is waited for
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=300, blank=True)
    external_id = models.CharField(max_length=100, blank=True)  # the number of another shop
    external_hash = models.CharField(max_length=64, blank=True)
    provider = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=100, blank=True)  # of the payment, at the provider
    variable_symbol = models.CharField(max_length=10, unique=True)
    net = models.DecimalField(max_digits=14, decimal_places=3)
    vat = models.DecimalField(max_digits=14, decimal_places=3)
    total = models.DecimalField(max_digits=14, decimal_places=3)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    reverse_charge = models.BooleanField(default=False)
    consent = models.JSONField(default=dict, blank=True)  # {text, version, at, address}
    warnings = models.JSONField(default=list, blank=True)  # what the buyer was told beside the price, in his language (EOL-6)
    writes_invoice = models.BooleanField(null=True, blank=True)  # None: when the money is recent
    state = models.CharField(max_length=20, choices=choices_of(OrderState), default=OrderState.AWAITING_PAYMENT)
    paid_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-placed_at", "-id"]
        indexes = [models.Index(fields=["-placed_at", "-id"]), models.Index(fields=["state", "-placed_at"])]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="order_external_id_once"),
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def total_money(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def net_money(self) -> Money:
        return Money(self.net, self.currency)

    @property
    def vat_money(self) -> Money:
        return Money(self.vat, self.currency)

    @property
    def provider_name(self) -> str:
        return provider_name(self.provider)

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[OrderState(self.state)])

    @property
    def is_waiting(self) -> bool:
        return self.state == OrderState.AWAITING_PAYMENT

    def facts(self) -> OrderFacts:
        """The order as the rules read it (prefetch `lines` in lists)."""
        return OrderFacts(
            code=self.code, placed_at=self.placed_at, placed_on=self.placed_on, total=self.total,
            lines=tuple(line.facts() for line in self.lines.all()), cancelled_at=self.cancelled_at,
        )  # fmt: skip

    def bill(self) -> Bill:
        return Bill(self.code, self.token, self.total_money, self.variable_symbol, self.language, self.expires_on)


class OrderLine(models.Model):
    """One thing in an order, as it was offered then: names, price and what it gives are copies."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    offer_code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=choices_of(OfferKind))
    name_cs = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField()
    devices = models.PositiveIntegerField(default=0)  # seats that one unit brings
    support_years = models.PositiveIntegerField(default=0)
    update_years = models.PositiveIntegerField(default=0)
    stacks = models.BooleanField(default=True)
    align_to = models.DateField(null=True, blank=True)  # ORG-3: the common date, and the days to it on the day of the order
    days = models.PositiveIntegerField(default=0)
    seats_less = models.PositiveIntegerField(default=0)  # ORG-5
    less_from = models.DateField(null=True, blank=True)
    target_licence = models.CharField(max_length=20, blank=True)
    licence_code = models.CharField(max_length=20, db_index=True)  # the target, or the code reserved for the new licence (VIP-11)
    unit_price = models.DecimalField(max_digits=14, decimal_places=3)  # as in the price list
    net = models.DecimalField(max_digits=14, decimal_places=3)
    vat = models.DecimalField(max_digits=14, decimal_places=3)
    total = models.DecimalField(max_digits=14, decimal_places=3)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order.code}/{self.position}"

    @property
    def source(self) -> str:
        return f"order:{self.order.code}/{self.position}"

    @property
    def name(self) -> str:
        return self.name_cs if (get_language() or "").startswith("cs") else self.name_en

    @property
    def unit_money(self) -> Money:
        return Money(self.unit_price, self.order.currency)

    @property
    def total_money(self) -> Money:
        return Money(self.total, self.order.currency)

    def amounts(self) -> LineAmounts:
        currency = self.order.currency
        return LineAmounts(Money(self.net, currency), Money(self.vat, currency), Money(self.total, currency))

    def facts(self) -> LineFacts:
        return LineFacts(
            position=self.position, kind=OfferKind(self.kind), quantity=self.quantity, devices=self.devices,
            support_years=self.support_years, licence=self.licence_code, extends=bool(self.target_licence), stacks=self.stacks,
            update_years=self.update_years, change=Change(self.align_to, self.days, self.seats_less, self.less_from),
        )  # fmt: skip


class MoneyEvent(models.Model):
    """One thing that happened with an order's money. Only ever added."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="money_events")
    kind = models.CharField(max_length=20, choices=choices_of(MoneyKind))
    external_id = models.CharField(max_length=100)
    at = models.DateTimeField()
    on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    lines = models.JSONField(default=list, blank=True)  # [[position, units or null], …]; empty: the whole order
    keeps_rights = models.BooleanField(default=False)
    provider = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    content_hash = models.CharField(max_length=64)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["order", "kind", "external_id"], name="money_event_once")]

    def __str__(self) -> str:
        return f"{self.order.code}: {self.kind} {self.external_id}"

    @property
    def recorded_by_name(self) -> str:
        return shown(self.recorded_by)

    @property
    def kind_name(self) -> str:
        return str(MONEY_NAMES[MoneyKind(self.kind)])

    @property
    def amount_money(self) -> Money | None:
        return None if self.amount is None else Money(self.amount, self.order.currency)

    def fact(self) -> MoneyFact:
        return MoneyFact(
            kind=MoneyKind(self.kind), external_id=self.external_id, at=self.at, on=self.on, amount=self.amount,
            lines=tuple((position, units) for position, units in self.lines), keeps_rights=self.keeps_rights,
        )  # fmt: skip


class InvoiceCounter(models.Model):
    """The last number of a series. Its row lock is what keeps numbers without gaps (C39)."""

    series = models.CharField(max_length=10, unique=True)
    last = models.PositiveIntegerField(default=0)
    last_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class Invoice(models.Model):
    """A document, frozen when it was issued: page and PDF are drawn from `content` and nothing else (C41: a trigger refuses changes)."""

    number = models.CharField(max_length=20, unique=True)
    series = models.CharField(max_length=10)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=choices_of(InvoiceKind))
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    event = models.OneToOneField(MoneyEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="credit_note")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="credit_notes")
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=3)
    content = models.JSONField()

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="invoice_sequence_once"),
            models.UniqueConstraint(
                fields=["order", "kind"], condition=~Q(kind=InvoiceKind.CREDIT_NOTE.value), name="invoice_of_order_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total_money(self) -> Money:
        return Money(self.total, self.currency)
