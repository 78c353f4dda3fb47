"""The checkout form: who buys, for whom the invoice is, and what he agrees with. Nothing is ticked beforehand."""

from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from podpora.people.models import Customer

COUNTRIES = (
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT", "NL"),
    *("PL", "PT", "RO", "SK", "SI", "ES", "SE", "CH", "GB", "NO", "UA", "US", "CA", "AU", "NZ", "JP"),
)
COMPANY = "company"
PRIVATE = "private"


def _countries() -> list[tuple[str, str]]:
    """Codes and names in the reader's language, by name."""
    names = Locale.parse((get_language() or "en")[:2]).territories
    return sorted(((code, names[code]) for code in COUNTRIES), key=lambda pair: pair[1])


def _line(label: Any, length: int, autocomplete: str, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, help_text=help_text)


class CheckoutForm(forms.Form):
    """A guest says who he is; a member says for which of his customers he buys."""

    use_required_attribute = True

    buyer = forms.ChoiceField(label=_("I buy as"), widget=forms.RadioSelect, initial=PRIVATE)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("The key and the invoice go there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    name = _line(_("Name"), 150, "name", required=True)
    company = _line(_("Company"), 200, "organization")
    company_id = _line(_("Company number (IČO)"), 20, "off")
    vat_id = _line(_("VAT number (DIČ)"), 20, "off", help_text=_("Companies of other EU states pay without VAT (reverse charge)."))
    street = _line(_("Street and number"), 200, "street-address")
    city = _line(_("Town"), 100, "address-level2")
    postal_code = _line(_("Postal code"), 20, "postal-code")
    country = forms.ChoiceField(label=_("Country"), choices=[(code, code) for code in COUNTRIES], initial="CZ")
    end_customer = forms.EmailField(
        label=_("E-mail of the new owner"), max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Fill it in only if the licence is for somebody else. He gets a link to claim it; the invoice stays yours."),
    )  # fmt: skip
    acknowledge = forms.BooleanField(label=_("I know until when the version of this licence is supported."))
    immediate = forms.BooleanField(
        required=False,
        label=_("I ask for delivery at once and know that I thereby lose the right to withdraw within 14 days."),
        help_text=_("Without this consent you keep the right to withdraw; the licence is delivered all the same."),
    )
    terms = forms.BooleanField(label=_("I agree with the terms of sale."))
    key = forms.RegexField(regex=r"^[\w-]{20,64}$", widget=forms.HiddenInput)
    expected = forms.CharField(max_length=30, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        customers: list[Customer],
        fixed: Customer | None,
        warns: bool,
        is_guest: bool,
        extends: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.customers = {customer.code: customer for customer in ([fixed] if fixed else customers)}
        choices: list[tuple[str, Any]] = [(code, customer.name) for code, customer in self.customers.items()]
        if is_guest:
            choices = [(PRIVATE, _("a private person")), (COMPANY, _("a company"))]
        elif not fixed:
            choices.append((COMPANY, _("a new company")))
        buyer = self.fields["buyer"]
        buyer.choices = choices  # type: ignore[attr-defined]
        buyer.initial = choices[0][0]
        if not is_guest:
            del self.fields["email"], self.fields["name"]
        if fixed:
            for name in ("company", "company_id", "vat_id", "street", "city", "postal_code", "country"):
                del self.fields[name]
        if "country" in self.fields:
            self.fields["country"].choices = _countries()  # type: ignore[attr-defined]
        if extends:
            del self.fields["end_customer"]
        if not warns:
            del self.fields["acknowledge"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("buyer") == COMPANY and not data.get("company"):
            self.add_error("company", forms.ValidationError(_("Please fill in the name of the company."), code="required"))
        return data

    @property
    def details(self) -> dict[str, str]:
        """The billing address and numbers, as far as they were filled in."""
        names: tuple[str, ...] = ("street", "city", "postal_code", "country")
        if self.cleaned_data.get("buyer") == COMPANY:
            names += ("company_id", "vat_id")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
