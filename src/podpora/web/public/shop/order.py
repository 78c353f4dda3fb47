"""The page of an order, opened by its own link: how to pay, then the key and what it gives (C46)."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.decisions import Refused
from podpora.journeys import purchase
from podpora.orders import queries
from podpora.orders.models import Order
from podpora.orders.values import providers
from podpora.web.access import View, public
from podpora.web.origin import same_origin
from podpora.web.public.shop import delivered
from podpora.web.request import Request


def private_link(view: View) -> View:
    """The address is the permission: it goes into no cache, no search engine and no Referer."""

    @wraps(view)
    def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@private_link
@public
@require_safe
def order(request: Request, token: str) -> HttpResponse:
    """What was ordered, whether it is paid, and (once it is) the licence with its key."""
    found = queries.order_by_token(token)
    return TemplateResponse(request, "shop/order.html", facts_of(request, found))


def facts_of(request: Request, found: Order) -> dict[str, Any]:
    """Everything that the page of an order shows, here and in the portal."""
    return {
        "order": found,
        "lines": queries.lines_of(found),
        "licences": delivered.licences(found, at=request.now),
        "invoices": list(queries.invoices_of(found)),
        "providers": [{"code": each.code, "label": each.label()} for each in providers()],
        "instructions": delivered.instructions(found, at=request.now),
        "is_guest": not request.user.is_authenticated,
    }


@require_POST
@same_origin
@private_link
@public
def pay(request: Request, token: str) -> HttpResponse:
    """Choose a way to pay and go there."""
    found = queries.order_by_token(token)
    here = reverse("shop:order", args=[found.token])
    try:
        started = purchase.start_payment(
            found, request.POST.get("provider", ""), return_url=f"{settings.SITE_URL}{here}", by=request.actor, at=request.now
        )
    except Refused as refusal:
        return TemplateResponse(request, "shop/order.html", facts_of(request, found) | {"decision": refusal.decision}, status=409)
    return HttpResponseRedirect(started.redirect or here)


@require_POST
@same_origin
@private_link
@public
def confirm(request: Request, token: str) -> HttpResponse:
    """Ask the provider whether the money is there: when the payer comes back, and when he presses the button."""
    found = purchase.confirm_payment(queries.order_by_token(token), by=request.actor, at=request.now)
    if found.is_waiting:
        messages.info(request, _("The payment has not arrived yet. We keep asking, and write to you as soon as it is here."))
    return HttpResponseRedirect(reverse("shop:order", args=[found.token]))


@require_POST
@same_origin
@private_link
@public
def cancel(request: Request, token: str) -> HttpResponse:
    """The customer changes his mind before paying."""
    found = queries.order_by_token(token)
    purchase.cancel(found, why="by the customer", by=request.actor, at=request.now)
    messages.success(request, _("The order was cancelled. Nothing was charged."))
    return HttpResponseRedirect(reverse("shop:order", args=[found.token]))
