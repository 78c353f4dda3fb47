"""Who sells: what stands on invoices and where transfers go."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from podpora.base.errors import InvalidInput
from podpora.orders import actions, queries
from podpora.orders.actions.invoices import SellerFacts
from podpora.web.access import manager
from podpora.web.components.forms import SeenForm
from podpora.web.request import Request


class SellerForm(SeenForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    brand = forms.CharField(
        label=gettext_lazy("Known to customers as"), max_length=60, required=False,
        help_text=gettext_lazy("In the header and as the sender of mails. Empty: the name."),
    )  # fmt: skip
    street = forms.CharField(label=gettext_lazy("Street"), max_length=200, required=False)
    city = forms.CharField(label=gettext_lazy("Town"), max_length=100, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    country = forms.RegexField(
        r"^[A-Z]{2}$", label=gettext_lazy("Country"), help_text=gettext_lazy("Two letters, for example CZ or SK.")
    )
    company_id = forms.CharField(label=gettext_lazy("Company number (IČO)"), max_length=20, required=False)
    vat_id = forms.CharField(label=gettext_lazy("VAT number (DIČ)"), max_length=20, required=False)
    registration = forms.CharField(label=gettext_lazy("Entry in the register"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    iban = forms.CharField(label=gettext_lazy("Account (IBAN)"), max_length=40, required=False)
    bic = forms.CharField(label=gettext_lazy("Bank (BIC)"), max_length=11, required=False)
    vat_rate = forms.DecimalField(label=gettext_lazy("VAT rate in %"), max_digits=5, decimal_places=2, min_value=0, max_value=100)


@manager
def seller(request: Request) -> HttpResponse:
    row = queries.seller()
    form = SellerForm(request.POST or None, initial={name: getattr(row, name) for name in SellerFacts.__dataclass_fields__})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_seller(SellerFacts(**form.cleaned_data), by=request.actor, at=request.now)
        except InvalidInput as problem:
            for field in problem.fields:
                form.add_error(field, _("This can't be used."))
        else:
            messages.success(request, _("Saved. New documents say so from now on."))
            return HttpResponseRedirect(reverse("office:seller"))
    return TemplateResponse(request, "office/seller.html", {"form": form}, status=422 if form.errors else 200)
