"""What the shop shows of a cart: each line with its price and dates, the total, and whether it may be bought."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from podpora.base.clock import vendor_date
from podpora.base.decisions import Decision, Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import queries as catalog
from podpora.journeys import purchase
from podpora.licensing import queries as licensing
from podpora.orders.values import CartLine, Quote
from podpora.people.models import Customer
from podpora.people.permissions import may
from podpora.web.components.outcome import Outcome, outcome_of
from podpora.web.currency import currency_of
from podpora.web.request import Request


@dataclass(slots=True)
class Basket:
    """A cart that was quoted. `dropped`: lines that are no longer there to be bought by this reader."""

    lines: list[CartLine]
    currency: str
    currencies: list[str]
    customer: Customer | None = None
    quote: Quote | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    decision: Decision = field(default_factory=Decision)
    dropped: bool = False


def currencies(request: Request) -> tuple[str, list[str]]:
    """The reader's currency, and all that are offered."""
    offered = catalog.currencies(vendor_date(request.now, catalog.policy_of(catalog.product()).zone))
    return currency_of(request, offered), offered


def quoted(request: Request, lines: Sequence[CartLine], customer: Customer | None = None) -> Basket:
    """The cart with prices and dates for this reader. Lines that he may not buy fall out, one by one."""
    currency, offered = currencies(request)
    basket = Basket([], currency, offered)
    basket.customer = owner_of(request, lines) or customer
    basket.lines = [line for line in lines if _is_his(request, line, basket.customer)]
    basket.dropped = len(basket.lines) < len(lines)
    if not basket.lines:
        return basket
    try:
        basket.quote = purchase.preview(basket.lines, customer=basket.customer, currency=currency, at=request.now)
    except Refused as refusal:
        basket.decision = refusal.decision
    except (InvalidInput, NotYours):
        basket.lines, basket.dropped = [], True
    else:
        basket.outcomes = [outcome_of(line) for line in basket.quote.lines]
        basket.decision = basket.quote.decision
    return basket


def owner_of(request: Request, lines: Sequence[CartLine]) -> Customer | None:
    """Whose cart it is: a cart with things for a licence is the cart of its owner."""
    code = next((line.licence for line in lines if line.licence), "")
    if not code or not request.user.is_authenticated:
        return None
    found = licensing.visible_to(request.user).filter(code=code).first()
    return found.customer if found and may(request.user, "buy", found.customer) else None


def _is_his(request: Request, line: CartLine, customer: Customer | None) -> bool:
    if not line.licence:
        return True
    return customer is not None and licensing.licences_of(customer).filter(code=line.licence).exists()
