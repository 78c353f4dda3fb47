"""What staff can do with an order: forms. Each carries a name of its own, so that a double click is one event."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from podpora.base.clock import format_instant, parse_instant, vendor_date
from podpora.base.codes import public_code
from podpora.base.money import Money
from podpora.journeys.chargeback import STATES
from podpora.orders.models import Order, OrderLine
from podpora.orders.values import Notice


def _once() -> str:
    return public_code("B", 12)


class EventForm(forms.Form):
    """Something that happened with an order's money on a day."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=20, initial=_once)
    opened_at = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, order: Order, now: datetime, **kwargs: Any) -> None:
        self.order, self.now = order, now
        kwargs["auto_id"] = f"{type(self).__name__.lower()}-%s"
        super().__init__(*args, **kwargs)
        self.fields["opened_at"].initial = format_instant(now)
        self.fields["on"].initial = vendor_date(now, settings.VENDOR_ZONE)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > vendor_date(self.now, settings.VENDOR_ZONE):
            raise forms.ValidationError(_("This day has not come yet."))
        if on < self.order.placed_on:
            raise forms.ValidationError(_("This is before the order."))
        return on

    def happened_at(self) -> datetime:
        """For today when the page was opened (a second click says the same); the order's own instant for its day; else noon."""
        on = self.cleaned_data["on"]
        if on == vendor_date(self.now, settings.VENDOR_ZONE):
            return self._opened_at(on)
        if on == self.order.placed_on:
            return self.order.placed_at
        return datetime.combine(on, time(12), settings.VENDOR_ZONE)

    def _opened_at(self, on: date) -> datetime:
        try:
            opened = parse_instant(self.cleaned_data["opened_at"])
        except (ValueError, OverflowError):
            return self.now
        fits = vendor_date(opened, settings.VENDOR_ZONE) == on and self.order.placed_at <= opened <= self.now
        return opened if fits else self.now

    def notice(self, external_id: str = "") -> Notice:
        name = external_id or self.cleaned_data["once"]
        return Notice(name, self.happened_at(), provider="office", reason=self.cleaned_data["reason"])


def _amount_field(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=14, decimal_places=3, min_value=Decimal("0.001"))


class _AmountForm(EventForm):
    amount = _amount_field(_("Amount"))

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount != Money(amount, self.order.currency).rounded().amount:
            raise forms.ValidationError(_("This is finer than the smallest coin."))
        return amount

    def money(self) -> Money:
        return Money(self.cleaned_data["amount"], self.order.currency)


class PaymentForm(_AmountForm):
    """A payment that is on the account."""

    statement = forms.CharField(
        label=_("Number on the statement"), max_length=100, required=False,
        help_text=_("With it, the same payment is never booked twice."),
    )  # fmt: skip
    field_order = ["once", "opened_at", "amount", "on", "statement", "reason"]


class GiveBackForm(_AmountForm):
    """Money back without taking rights."""

    field_order = ["once", "opened_at", "amount", "on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class RefundForm(EventForm):
    """Money back for lines, or for everything; why is always asked (X-8)."""

    def __init__(self, *args: Any, lines: list[OrderLine], left: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].label = _("Reason")
        for line in lines:
            most = left.get(line.position, 0)
            self.fields[f"line_{line.position}"] = forms.IntegerField(
                label=f"{line.position}. {line.name}", min_value=0, max_value=most, initial=most, required=False, disabled=not most
            )
        self.order_fields(["once", "opened_at", *[name for name in self.fields if name.startswith("line_")], "on", "reason"])

    def units(self) -> tuple[tuple[int, int | None], ...]:
        chosen = [(int(name[5:]), value) for name, value in self.cleaned_data.items() if name.startswith("line_") and value]
        return tuple(chosen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(value for name, value in cleaned.items() if name.startswith("line_")):
            raise forms.ValidationError(_("Choose at least one unit to refund."))
        return cleaned


class ChargebackForm(EventForm):
    """What the bank says about a dispute."""

    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[("opened", _("opened")), ("won", _("won by us")), ("lost", _("lost by us"))],
    )  # fmt: skip
    dispute = forms.CharField(label=_("Number of the dispute"), max_length=100)
    field_order = ["once", "opened_at", "state", "dispute", "on", "reason"]

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"]
        assert state in STATES
        return state


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
