"""Checkout: one page, everything that will come of it in sight, one button that says that it costs money."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from podpora.base.clock import format_instant
from podpora.base.codes import unguessable
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput
from podpora.base.money import Money
from podpora.journeys import checkout as journey
from podpora.orders.models import Order
from podpora.orders.values import Origin, Terms
from podpora.people import queries as people
from podpora.people.models import Customer
from podpora.web.access import public
from podpora.web.components.forms import show_problem
from podpora.web.public.shop import basket, quotes
from podpora.web.public.shop.forms import COMPANY, CheckoutForm
from podpora.web.public.shop.quotes import Basket
from podpora.web.request import Request

CONSENT_VERSION = 1  # of the sentence beside the box; the order keeps the sentence too


@public
def checkout(request: Request) -> HttpResponse:
    """Show the order before it is one; place it when the form is sent."""
    lines = basket.read(request)
    customers = list(people.customers_with(request.user, "buy")) if request.user.is_authenticated else []
    shown = quotes.quoted(request, lines, customers[0] if customers else None)
    if not shown.lines or shown.dropped or not shown.decision.allowed or shown.quote is None:
        return HttpResponseRedirect(reverse("shop:cart"))
    form = _form(request, shown, customers)
    decision = None
    if request.method == "POST" and form.is_valid():
        try:
            order = _place(request, form, shown)
        except Refused as refusal:
            decision = refusal.decision
        except InvalidInput as problem:
            _show_problems(form, problem)
        else:
            response = HttpResponseRedirect(reverse("shop:order", args=[order.token]))
            basket.clear(response)
            return response
    return _page(request, form, shown, decision)


def _form(request: Request, shown: Basket, customers: list[Customer]) -> CheckoutForm:
    assert shown.quote is not None
    fixed = shown.customer if any(line.licence for line in shown.lines) else None
    return CheckoutForm(
        request.POST or None,
        customers=customers,
        fixed=fixed,
        warns=bool(shown.quote.to_acknowledge),
        is_guest=not request.user.is_authenticated,
        extends=any(line.licence for line in shown.lines),
        initial={"key": unguessable(), "expected": shown.quote.total.wire()},
    )


def _place(request: Request, form: CheckoutForm, shown: Basket) -> Order:
    data = form.cleaned_data
    terms = Terms(
        acknowledged=bool(data.get("acknowledge")),
        expected=_expected(data, shown),
        origin=Origin(consent=_consent(request, form)),
        for_email=data.get("end_customer", ""),
    )
    return journey.check_out(
        shown.lines, _buyer(request, form), currency=shown.currency, key=data["key"], terms=terms, by=request.actor, at=request.now
    )


def _buyer(request: Request, form: CheckoutForm) -> journey.Buyer:
    data = form.cleaned_data
    customer = form.customers.get(data["buyer"])
    person = request.user if request.user.is_authenticated else None
    return journey.Buyer(
        email=str(data.get("email") or getattr(person, "email", "")),
        name=str(data.get("name") or getattr(person, "name", "")),
        company=data.get("company", "") if data["buyer"] == COMPANY else "",
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        country=data.get("country") or "CZ",
        details=form.details,
        customer=customer,
        person=person,
    )


def _expected(data: dict[str, Any], shown: Basket) -> Money | None:
    """The total that the buyer saw (C25). A company's VAT number may lower it (reverse charge): that alone is no surprise."""
    try:
        seen = Money.of(data["expected"], shown.currency)
    except (ValueError, ArithmeticError):
        return Money.zero(shown.currency)
    assert shown.quote is not None
    return None if data.get("vat_id") and seen == shown.quote.total else seen


def _consent(request: Request, form: CheckoutForm) -> dict[str, Any]:
    """X-7: what was agreed with, in which words, when and from where."""
    return {
        "immediate": form.cleaned_data["immediate"],
        "text": str(form.fields["immediate"].label),
        "version": CONSENT_VERSION,
        "at": format_instant(request.now),
        "address": request.actor.address,
    }


def _show_problems(form: CheckoutForm, problem: InvalidInput) -> None:
    show_problem(form, problem)


def _page(request: Request, form: CheckoutForm, shown: Basket, decision: Decision | None) -> HttpResponse:
    if decision is not None:
        messages.error(request, _("Nothing was ordered. Please look at the reason below."))
    facts = {"form": form, "basket": shown, "decision": decision, "company": COMPANY}
    return TemplateResponse(request, "shop/checkout.html", facts, status=409 if decision else 200)
