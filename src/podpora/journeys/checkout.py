"""A visitor or a member orders what is in his cart. Sent twice, ordered once (S21).

Three rooms: people (who buys), orders (the order), and the story of `purchase`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from podpora.base.actors import Actor
from podpora.base.transactions import one_transaction
from podpora.jobs import actions as jobs
from podpora.journeys import purchase
from podpora.orders import queries as orders
from podpora.orders.models import Order
from podpora.orders.values import CartLine, Terms
from podpora.people import actions as people
from podpora.people.models import Customer, Person


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys: a customer whom he belongs to, a new company of his, or (as a guest) whoever has this address.

    `details`: billing address and numbers, as `update_customer` takes them.
    """

    email: str
    name: str
    company: str = ""
    language: str = ""
    country: str = "CZ"
    details: Mapping[str, str] = field(default_factory=dict)
    customer: Customer | None = None
    person: Person | None = None


@one_transaction
def check_out(lines: Sequence[CartLine], buyer: Buyer, *, currency: str, key: str, terms: Terms, by: Actor, at: datetime) -> Order:
    """The order of this cart. `key` names the form that was sent: the same one again leads to the same order."""
    if not jobs.once(f"checkout:{key}", at=at):
        known = orders.order_of_checkout(key)
        if known is not None:
            return known
    customer = _customer_of(buyer, by=by, at=at)
    consent = {**terms.origin.consent, "checkout": key}
    terms = replace(terms, origin=replace(terms.origin, consent=consent, language=buyer.language))
    return purchase.place(lines, customer=customer, currency=currency, by=by, at=at, terms=terms)


def _customer_of(buyer: Buyer, *, by: Actor, at: datetime) -> Customer:
    """A guest's details are written only to a customer that he has just become: nobody changes another's address."""
    if buyer.customer is not None:
        return buyer.customer
    if buyer.person is not None and buyer.company:
        customer = people.create_company(buyer.person, name=buyer.company, country=buyer.country, by=by, at=at)
    else:
        facts = {"email": buyer.email, "name": buyer.name, "company": buyer.company}
        customer = people.ensure_customer(**facts, language=buyer.language, country=buyer.country, by=by, at=at)
    if customer.created_at == at and any(buyer.details.values()):
        return people.update_customer(customer, by=by, at=at, **buyer.details)
    return customer
