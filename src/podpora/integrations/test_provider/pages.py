"""The gate's own page: pay, pay later, fail. What a card company would show, and what it would tell us afterwards."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from podpora.base.actors import system
from podpora.base.money import Money
from podpora.integrations import test_provider
from podpora.journeys import purchase
from podpora.orders import queries
from podpora.web.access import public

CHOICES = ("paid", "later", "failed")


@public
def gate(request: HttpRequest, reference: str) -> HttpResponse:
    """GET shows the payment; POST is the payer's choice, followed by the notice that a real gate would send."""
    facts = test_provider.read(reference)
    if facts is None:
        raise Http404
    at = request.now  # type: ignore[attr-defined]
    choice = request.POST.get("choice")
    if request.method == "POST" and choice in CHOICES:
        test_provider.choose(reference, choice, at=at)
        purchase.confirm_payment(queries.order_by_code(facts["order"]), by=system("test provider"), at=at)
        return HttpResponseRedirect(urlsplit(facts["return_url"]).path)  # the same site, by whatever name it is reached
    amount = Money.of(facts["amount"], facts["currency"])
    return TemplateResponse(request, "shop/test_provider.html", {"payment": facts, "amount": amount})
