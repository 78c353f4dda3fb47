"""The shop and the cart: dates before money, everywhere."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.errors import NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.values import OfferKind
from podpora.orders.values import CartLine
from podpora.web import glance
from podpora.web.access import public
from podpora.web.components.outcome import COUNTED
from podpora.web.currency import COOKIE as CURRENCY
from podpora.web.currency import cookie_facts
from podpora.web.meta import of_words
from podpora.web.origin import safe_next, same_origin
from podpora.web.public.shop import basket, quotes
from podpora.web.request import Request


@public
@require_safe
def home(request: Request) -> HttpResponse:
    """What is sold: new licences with what each of them gives from today, and what goes with a licence that one has."""
    try:
        offers = list(catalog.offers_on_sale(catalog.product()))
    except NotYours:
        return TemplateResponse(request, "shop/home.html", {"closed": True})
    new = [CartLine(offer.code, 1) for offer in offers if not OfferKind(offer.kind).needs_licence]
    shown = quotes.quoted(request, new)
    mine = glance.licences_of(request.user, at=request.now) if request.user.is_authenticated else []
    meta = of_words(
        request, _("Shop"), _("Beside every price stands until when there is support, and which versions you may run, for ever.")
    )
    facts = {"meta": meta, "basket": shown, "glances": [g for g in mine if g.rights.base], "in_cart": len(basket.read(request))}
    return TemplateResponse(request, "shop/home.html", facts)


@public
@require_safe
def cart(request: Request) -> HttpResponse:
    """The cart, quoted anew each time it is looked at."""
    shown = quotes.quoted(request, basket.read(request))
    response = TemplateResponse(request, "shop/cart.html", {"basket": shown})
    if shown.dropped:
        messages.info(request, _("Something in the cart can no longer be bought from here and was taken out."))
        basket.write(response, shown.lines)
    return response


@require_POST
@same_origin
@public
def add(request: Request) -> HttpResponse:
    """Put an offer into the cart."""
    offer = catalog.offer(request.POST.get("offer", ""))
    quantity = basket.quantity_of(request.POST.get("quantity", "1"))
    if offer is None or not offer.is_sold or not quantity:
        messages.error(request, _("This cannot be put into the cart. Please choose again."))
        return HttpResponseRedirect(safe_next(request, reverse("shop:home")))
    counted = offer.per_device or offer.kind in COUNTED
    line = CartLine(offer.code, quantity if counted else 1, request.POST.get("licence", "")[:20])
    response = HttpResponseRedirect(reverse("shop:cart"))
    basket.write(response, basket.with_line(basket.read(request), line, counted=counted))
    return response


@require_POST
@same_origin
@public
def change(request: Request) -> HttpResponse:
    """Another quantity in one line; zero takes it out."""
    lines = basket.read(request)
    place = basket.quantity_of(request.POST.get("line", ""), most=len(lines))
    quantity = basket.quantity_of(request.POST.get("remove") or request.POST.get("quantity", ""))
    response = HttpResponseRedirect(reverse("shop:cart"))
    if place and quantity is not None:
        basket.write(response, basket.with_quantity(lines, place, quantity))
    else:
        messages.error(request, _("The quantity must be a whole number."))
    return response


@require_POST
@same_origin
@public
def currency(request: Request) -> HttpResponse:
    """See prices in another currency."""
    _present, offered = quotes.currencies(request)
    response = HttpResponseRedirect(safe_next(request, reverse("shop:home")))
    chosen = request.POST.get("currency", "")
    if chosen in offered:
        response.set_cookie(CURRENCY, chosen, **cookie_facts())  # type: ignore[arg-type]
    return response
