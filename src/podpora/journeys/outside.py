"""Orders that another of the vendor's systems tells about: a shop, an import, a merchant of record.

They come late, twice, in any order, and with dates of years ago. An order is known by the other system's number: the same number and
content is the same order, the same number with another content is a conflict.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput, Problems
from podpora.base.money import Money
from podpora.base.transactions import one_transaction
from podpora.entitlements import queries as ledgers
from podpora.entitlements.values import Rights
from podpora.journeys import purchase, resale
from podpora.journeys.quoting import owners_of
from podpora.journeys.quoting import preview as quote_of
from podpora.journeys.quoting import problems_of as problems_of
from podpora.journeys.rights import facts_of, replayed
from podpora.licensing.models import Licence
from podpora.orders import queries, rules
from podpora.orders.models import Order, OrderLine
from podpora.orders.values import CartLine, Notice, Origin, Quote, Reserved, Terms
from podpora.people import actions as people_actions
from podpora.people import queries as people
from podpora.people.models import Customer
from podpora.people.permissions import may

WITH_ORDER = "with-order"  # the payment that came in the same message
TRIES = 5
NOTHING_RESERVED = Reserved()
ORDER_CODE, LICENCE_CODE = re.compile(r"A-[0-9A-Z]{6,12}"), re.compile(r"L-[0-9A-Z]{6,12}")


@dataclass(frozen=True, slots=True)
class Buyer:
    email: str
    name: str = ""
    company: str = ""
    language: str = ""
    country: str = ""


def _told(line: CartLine) -> list[Any]:
    """What a line says; nothing of what it leaves out."""
    more = {"align_to": line.align_to and line.align_to.isoformat(), "seats": line.seats}
    return [line.offer, line.quantity, line.licence, *([said] if (said := {k: v for k, v in more.items() if v}) else [])]


@dataclass(frozen=True, slots=True)
class OutsideOrder:
    external_id: str
    buyer: Buyer
    currency: str
    placed_at: datetime
    paid_at: datetime | None
    lines: tuple[CartLine, ...]
    invoice: bool | None = None
    reserved: Reserved = NOTHING_RESERVED
    for_email: str = ""

    def content_hash(self) -> str:
        """What makes two messages the same order: all that they say, however it was written."""
        buyer = (self.buyer.email.strip().lower(), self.buyer.name, self.buyer.company, self.buyer.language, self.buyer.country)
        lines = [_told(line) for line in self.lines]
        paid = self.paid_at.isoformat() if self.paid_at else None
        content = [self.external_id, buyer, self.currency, self.placed_at.isoformat(), paid, lines, self.invoice]
        content += [self.for_email.strip().lower()] if self.for_email else []
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def receive(told: OutsideOrder, *, by: Actor, at: datetime) -> tuple[Order, bool]:
    """The order, and whether it is new. Many at once make one: the unique number decides, the others read what it wrote."""
    for _try in range(TRIES):
        known = queries.order_by_external(told.external_id)
        if known is not None:
            if known.external_hash != told.content_hash():
                refuse("order.conflict", external_id=told.external_id).or_refuse()
            return known, False
        try:
            return _place(told, by=by, at=at), True
        except _UnusableBuyer as unusable:
            problems = _problems_of(told)
            problems.include(unusable.problem, inside="customer.")
            problems.or_refuse()
        except IntegrityError:
            continue  # somebody wrote the same number, or the same new customer, a moment ago
    raise IntegrityError(told.external_id)


@one_transaction
def _place(told: OutsideOrder, *, by: Actor, at: datetime) -> Order:
    _refuse_paid_before(told)
    customer = known_customer(told) or _new_customer(told.buyer, by=by, at=at)
    reserved = _usable(told.reserved, customer)
    origin = Origin(told.external_id, told.content_hash(), told.buyer.language, writes_invoice=told.invoice, reserved=reserved)
    terms = Terms(placed_at=told.placed_at, origin=origin, for_email=told.for_email)
    if told.paid_at is None:
        return purchase.place(told.lines, customer=customer, currency=told.currency, by=by, at=at, terms=terms)
    paid = Notice(WITH_ORDER, told.paid_at)
    return purchase.place_paid(told.lines, paid, customer=customer, currency=told.currency, terms=terms, by=by, at=at)


def _usable(reserved: Reserved, customer: Customer) -> Reserved:
    """Codes that are free here. One of another customer's licence is never taken: an order acts upon the licence that it names."""
    if reserved == NOTHING_RESERVED:
        return reserved
    wanted = {code for code in reserved.licences if code}
    theirs = set(Licence.objects.filter(code__in=wanted).exclude(customer=customer).values_list("code", flat=True))
    licences = tuple("" if code in theirs or not LICENCE_CODE.fullmatch(code) else code for code in reserved.licences)
    is_free = ORDER_CODE.fullmatch(reserved.code) and not Order.objects.filter(code=reserved.code).exists()
    return Reserved(reserved.code if is_free else "", licences)


class _UnusableBuyer(Exception):
    """What was told of the buyer can't be used; told together with all else that is wrong, after the transaction."""

    def __init__(self, problem: InvalidInput) -> None:
        self.problem = problem


def _new_customer(buyer: Buyer, *, by: Actor, at: datetime) -> Customer:
    facts = {"email": buyer.email, "name": buyer.name, "company": buyer.company}
    try:
        return people_actions.ensure_customer(**facts, language=buyer.language, country=buyer.country, by=by, at=at)
    except InvalidInput as problem:
        raise _UnusableBuyer(problem) from problem


def _problems_of(told: OutsideOrder) -> Problems:
    return problems_of(dict(enumerate(told.lines)), told.currency, at=told.placed_at)


def _refuse_paid_before(told: OutsideOrder) -> None:
    if told.paid_at is not None and queries.today(told.paid_at) < queries.today(told.placed_at):
        problems = _problems_of(told)
        problems.add("paid_at", "before_the_order")
        problems.or_refuse()


def known_customer(told: OutsideOrder) -> Customer | None:
    """Who buys: the owner of the licences that are extended, if the buyer may buy for him; else the buyer's own customer."""
    email = told.buyer.email.strip().lower()
    extended = sorted({line.licence for line in told.lines if line.licence})
    owners = {owner.pk: owner for _, (owner, _) in sorted(owners_of(extended).items()) if owner} if extended else {}
    mine = next((owner for owner in owners.values() if owner.email.lower() == email), None)
    if mine is not None or not (owners or told.buyer.company):
        return mine or people.private_customer_of(email)
    person = people.person_by_email(email)
    if person is None:
        return None
    for owner in owners.values():
        if may(person, "buy", owner):
            return owner
    return people.company_owned_by(person, told.buyer.company) if told.buyer.company else people.private_customer(person)


def preview(told: OutsideOrder) -> Quote:
    """What this order would cost and lead to. Writes nothing, also no customer."""
    _refuse_paid_before(told)
    customer = known_customer(told)
    resale.address_of(told.for_email, told.lines, customer)
    return quote_of(
        told.lines, customer=customer, currency=told.currency, at=told.placed_at, paid_at=told.paid_at
    )  # fmt: skip


def rights_by_licence(lines: Iterable[OrderLine], issued: Mapping[str, Licence], *, at: datetime) -> dict[str, Rights]:
    """What each line's licence gives by all that is known (also what was told with a date that lies ahead)."""
    found = list(lines)
    entries = ledgers.ledgers({line.licence_code for line in found})
    instant = max((rules.horizon(known, at) for known in entries.values()), default=at)
    products = {code: licence.product_id for code, licence in issued.items()}
    unknown = {line.offer_code for line in found if line.licence_code not in products}
    if unknown:
        of_offers = dict(queries.offers_named(unknown).values_list("code", "product_id"))
        products |= {line.licence_code: of_offers[line.offer_code] for line in found if line.offer_code in of_offers}
    facts = {product: facts_of(product) for product in sorted(set(products.values()))}
    return {code: replayed(known, facts[products[code]], at=instant) for code, known in entries.items()}


def licences_by_code(lines: Iterable[OrderLine]) -> dict[str, Licence]:
    """The licences of the lines that are issued (one query)."""
    return {licence.code: licence for licence in Licence.objects.filter(code__in={line.licence_code for line in lines})}


def amount_of(text: str, currency: str) -> Money:
    """`1290.00` -> Money. InvalidInput for what is no amount of this currency."""
    try:
        return Money.of(text, currency)
    except (ValueError, ArithmeticError):
        raise InvalidInput({"amount": ["not_an_amount"]}) from None
