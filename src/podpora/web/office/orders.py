"""Orders: the list, and one order with the history of its money and everything that staff can do with it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base import reasons
from podpora.base.decisions import Refused
from podpora.base.money import Money
from podpora.journeys import chargeback, purchase
from podpora.journeys import refund as refunds
from podpora.orders import queries
from podpora.orders.models import Order
from podpora.orders.values import STATE_NAMES, OrderState
from podpora.web.access import technician
from podpora.web.office import order_forms as forms
from podpora.web.request import Request

PAGE = 50
KINDS = {
    OrderState.AWAITING_PAYMENT: "warn",
    OrderState.PAID: "good",
    OrderState.DISPUTED: "bad",
    OrderState.CHARGED_BACK: "bad",
}


@technician("orders")
@require_safe
def orders(request: Request) -> HttpResponse:
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:200]
    sort = request.GET.get("sort", "")
    rows = queries.found(words=words, state=state, sort=sort)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page, "lines": [(order, KINDS.get(OrderState(order.state), "")) for order in page.object_list], "words": words,
        "state": state, "sort": sort, "tabs": _tabs(state), "query": _query(request),
    }  # fmt: skip
    return TemplateResponse(request, "office/orders.html", facts)


def _tabs(current: str) -> list[tuple[str, str, int | None, bool]]:
    counts = queries.counts_by_state()
    rows: list[tuple[str, str, int | None, bool]] = [(_("All"), "?", sum(counts.values()), not current)]
    rows += [
        (str(name), f"?state={state.value}", counts[state.value], current == state.value)
        for state, name in STATE_NAMES.items()
        if counts.get(state.value)
    ]
    return rows


def _query(request: Request) -> str:
    parts = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"{urlencode(parts)}&" if parts else ""


@technician("orders")
@require_safe
def order(request: Request, code: str) -> HttpResponse:
    return TemplateResponse(request, "office/order.html", _facts(request, queries.order_by_code(code)))


def _facts(request: Request, found: Order, **changed: Any) -> dict[str, Any]:
    """The page; `changed`: a form that came back with errors, in its place."""
    history, lines = queries.history_of(found), queries.lines_of(found)
    forms_ = {name: make(found, request) for name, make in FORMS.items()} | changed
    return {
        "order": found, "kind": KINDS.get(OrderState(found.state), ""), "lines": [(line, history.units_left[line.position]) for line in lines],
        "history": history, "events": list(queries.events_of(found)), "invoices": list(queries.invoices_of(found)),
        "missing": Money(history.missing, found.currency), "overpaid": Money(history.overpaid, found.currency),
        "is_paid": history.captured_at is not None, "can_refund": any(history.units_left.values()), "forms": forms_,
    }  # fmt: skip


def _payment_form(found: Order, request: Request, data: Any = None) -> forms.PaymentForm:
    initial = {"amount": queries.bill_of(found).amount.wire()}
    return forms.PaymentForm(data, order=found, now=request.now, initial=initial)


def _refund_form(found: Order, request: Request, data: Any = None) -> forms.RefundForm:
    left = dict(queries.history_of(found).units_left)
    return forms.RefundForm(data, order=found, now=request.now, lines=queries.lines_of(found), left=left)


def _give_back_form(found: Order, request: Request, data: Any = None) -> forms.GiveBackForm:
    overpaid = queries.history_of(found).overpaid
    initial = {"amount": Money(overpaid, found.currency).wire()} if overpaid else {}
    return forms.GiveBackForm(data, order=found, now=request.now, initial=initial)


def _chargeback_form(found: Order, request: Request, data: Any = None) -> forms.ChargebackForm:
    return forms.ChargebackForm(data, order=found, now=request.now)


def _cancel_form(found: Order, request: Request, data: Any = None) -> forms.CancelForm:
    return forms.CancelForm(data, auto_id="cancel-%s")


FORMS: dict[str, Callable[..., Any]] = {
    "payment": _payment_form,
    "refund": _refund_form,
    "give_back": _give_back_form,
    "chargeback": _chargeback_form,
    "cancel": _cancel_form,
}


@technician("orders")
@require_POST
def act(request: Request, code: str, what: str) -> HttpResponse:
    """One of the forms of the page was sent."""
    if what not in FORMS:
        raise Http404
    found = queries.order_by_code(code)
    form = FORMS[what](found, request, request.POST)
    if form.is_valid():
        try:
            ACTS[what](request, found, form)
        except Refused as refusal:
            form.add_error(None, reasons.message(refusal.decision))
        else:
            return HttpResponseRedirect(reverse("office:order", args=[found.code]))
    return TemplateResponse(request, "office/order.html", _facts(request, found, **{what: form}), status=422)


def _pay(request: Request, found: Order, form: forms.PaymentForm) -> None:
    notice = form.notice(form.cleaned_data["statement"])
    settled = purchase.record_payment(found, form.money(), notice, by=request.actor, at=request.now)
    if settled.paid_at:
        messages.success(request, _("The payment is booked and the order is paid."))
    else:
        messages.warning(request, _("The payment is booked, but it was not the whole amount."))


def _refund(request: Request, found: Order, form: forms.RefundForm) -> None:
    notice = form.notice()
    refunds.refund(found, form.units(), notice, by=request.actor, at=request.now)
    amount = queries.refunded_amount(found, notice.external_id)
    sent = refunds.send_back(found, amount, key=f"refund:{found.code}:{notice.external_id}", at=request.now)
    _say_how(request, amount, sent)


def _give_back(request: Request, found: Order, form: forms.GiveBackForm) -> None:
    notice, amount = form.notice(), form.money()
    refunds.give_back(found, amount, notice, by=request.actor, at=request.now)
    sent = refunds.send_back(found, amount, key=f"refund:{found.code}:{notice.external_id}", at=request.now)
    _say_how(request, amount, sent)


def _say_how(request: Request, amount: Money, sent: bool) -> None:
    written = reasons.written_money(amount)
    if sent:
        messages.success(request, _("{amount} goes back to the payer.").format(amount=written))
    else:
        messages.warning(request, _("Written down. Please send {amount} to the payer yourself.").format(amount=written))


def _chargeback(request: Request, found: Order, form: forms.ChargebackForm) -> None:
    notice = form.notice(form.cleaned_data["dispute"])
    chargeback.chargeback(found, form.cleaned_data["state"], notice, by=request.actor, at=request.now)
    messages.success(request, _("The dispute is written down; the licences follow."))


def _cancel(request: Request, found: Order, form: forms.CancelForm) -> None:
    purchase.cancel(found, why=form.cleaned_data["reason"], by=request.actor, at=request.now)
    messages.success(request, _("The order is cancelled."))


ACTS: dict[str, Callable[[Request, Order, Any], None]] = {
    "payment": _pay,
    "refund": _refund,
    "give_back": _give_back,
    "chargeback": _chargeback,
    "cancel": _cancel,
}
