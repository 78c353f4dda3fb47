"""Offers and price lists. Prices that are or were valid are never changed: a new list replaces them from a day on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.clock import vendor_date
from podpora.base.errors import InvalidInput
from podpora.base.money import EXPONENTS, Money
from podpora.catalog import actions, queries
from podpora.catalog.actions import OfferTexts
from podpora.catalog.models import Offer, PriceList
from podpora.web.access import technician
from podpora.web.components.forms import SeenForm, show_problem
from podpora.web.components.numbers import AmountField, DayField
from podpora.web.request import Request


class OfferForm(SeenForm):
    name_cs = forms.CharField(label=gettext_lazy("Name in Czech"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=100)
    summary_cs = forms.CharField(label=gettext_lazy("Summary in Czech"), max_length=300, required=False)
    summary_en = forms.CharField(label=gettext_lazy("Summary in English"), max_length=300, required=False)
    is_sold = forms.BooleanField(label=gettext_lazy("Is sold"), required=False)


class PriceListForm(forms.Form):
    """A price for each offer and, where it is bought for a licence, for each kind of licence. Empty: not sold."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(code, code) for code in EXPONENTS])
    valid_from = DayField(label=gettext_lazy("Valid from"), required=True, help_text=gettext_lazy("Tomorrow at the earliest."))
    includes_vat = forms.BooleanField(label=gettext_lazy("Prices include VAT"), required=False, initial=True)

    def __init__(self, *args: Any, pairs: list[tuple[Offer, Offer | None]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.pairs = {_field_name(offer, basis): (offer.code, basis.code if basis else "") for offer, basis in pairs}
        for offer, basis in pairs:
            label = (
                _name(offer) if basis is None else _("%(offer)s, for %(basis)s") % {"offer": _name(offer), "basis": _name(basis)}
            )
            self.fields[_field_name(offer, basis)] = AmountField(label=label)

    def prices(self) -> dict[tuple[str, str], Decimal]:
        amounts = {pair: self.cleaned_data[name] for name, pair in self.pairs.items()}
        return {pair: amount for pair, amount in amounts.items() if amount is not None}


def _field_name(offer: Offer, basis: Offer | None) -> str:
    return f"{offer.code}/{basis.code}" if basis else offer.code


def _name(offer: Offer) -> str:
    return offer.name_cs if (get_language() or "")[:2] == "cs" else offer.name_en


def _pairs() -> list[tuple[Offer, Offer | None]]:
    """What can have a price: an offer by itself, or an offer for each kind of licence that it can be bought for."""
    found = list(queries.offers(queries.product()))
    bases = [offer for offer in found if not offer.needs_licence]
    return [(offer, basis) for offer in found for basis in (bases if offer.needs_licence else [None])]


@technician("catalog")
@require_safe
def offers(request: Request) -> HttpResponse:
    today = vendor_date(request.now, settings.VENDOR_ZONE)
    found = list(queries.offers(queries.product()))
    tables = queries.price_tables(today)
    rows = []
    for offer in found:
        prices = [
            sorted(m for (code, _basis), m in table.prices.items() if code == offer.code) for table in tables.values() if table
        ]
        rows.append((offer, _name(offer), [(row[0], row[-1]) if row else None for row in prices]))
    lists = [(row, _state(row, today)) for row in queries.price_lists().prefetch_related(None)]
    facts = {"offers": rows, "currencies": list(tables), "lists": lists}
    return TemplateResponse(request, "office/offers/offers.html", facts)


def _state(row: PriceList, today: date) -> str:
    if row.valid_from > today:
        return "planned"
    return "over" if row.valid_to and row.valid_to <= today else "valid"


@technician("catalog")
def offer(request: Request, code: str) -> HttpResponse:
    found = queries.offer(code)
    if found is None:
        raise Http404
    names = ("name_cs", "name_en", "summary_cs", "summary_en")
    form = OfferForm(request.POST or None, initial={name: getattr(found, name) for name in (*names, "is_sold")})
    if request.method == "POST" and form.is_valid():
        texts = OfferTexts(**{name: form.cleaned_data[name].strip() for name in names})
        try:
            actions.change_offer(found, texts=texts, is_sold=form.cleaned_data["is_sold"], by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:offers")
    crumbs = [(_("Offers and prices"), reverse("office:offers")), (_name(found), "")]
    return TemplateResponse(
        request, "office/offers/offer.html", {"form": form, "offer": found, "heading": _name(found), "crumbs": crumbs}
    )


@technician("catalog")
def new_prices(request: Request) -> HttpResponse:
    """A new price list, filled in with the prices that it will replace."""
    today = vendor_date(request.now, settings.VENDOR_ZONE)
    asked = request.GET.get("currency", "")
    currency = asked if asked in EXPONENTS else next(iter(queries.currencies(today)), "CZK")
    table = queries.price_list(currency, today)
    now = {f"{code}/{basis}" if basis else code: money.amount for (code, basis), money in table.prices.items()} if table else {}
    initial = {
        "currency": currency,
        "valid_from": today + timedelta(days=1),
        "includes_vat": table.includes_vat if table else True,
        **now,
    }
    form = PriceListForm(request.POST or None, initial=initial, pairs=_pairs())
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            actions.set_price_list(
                facts["currency"],
                facts["valid_from"],
                form.prices(),
                includes_vat=facts["includes_vat"],
                by=request.actor,
                at=request.now,
            )
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("The prices are planned."))
            return redirect("office:prices", facts["currency"], facts["valid_from"].isoformat())
    crumbs = [(_("Offers and prices"), reverse("office:offers")), (_("New prices"), "")]
    return TemplateResponse(request, "office/offers/new_prices.html", {"form": form, "crumbs": crumbs})


def _list(currency: str, valid_from: str) -> PriceList:
    try:
        on = date.fromisoformat(valid_from)
    except ValueError:
        raise Http404 from None
    found = queries.price_lists().filter(currency=currency, valid_from=on).first()
    if found is None:
        raise Http404
    return found


@technician("catalog")
@require_safe
def prices(request: Request, currency: str, valid_from: str) -> HttpResponse:
    row = _list(currency, valid_from)
    shown = [
        (_name(price.offer), _name(price.basis) if price.basis else "", Money(price.amount, row.currency))
        for price in sorted(row.prices.all(), key=lambda p: (p.offer.position, p.offer.code, p.basis.position if p.basis else -1))
    ]
    state = _state(row, vendor_date(request.now, settings.VENDOR_ZONE))
    crumbs = [(_("Offers and prices"), reverse("office:offers")), (f"{row.currency} {valid_from}", "")]
    facts = {"list": row, "prices": shown, "state": state, "crumbs": crumbs}
    return TemplateResponse(request, "office/offers/prices.html", facts)


@technician("catalog")
@require_POST
def withdraw_prices(request: Request, currency: str, valid_from: str) -> HttpResponse:
    row = _list(currency, valid_from)
    try:
        actions.withdraw_price_list(row, by=request.actor, at=request.now)
    except InvalidInput:
        messages.error(request, _("These prices are or were valid, so they can't be changed. Make a new price list."))
        return redirect("office:prices", currency, valid_from)
    messages.success(request, _("The planned prices are withdrawn."))
    return redirect("office:offers")
