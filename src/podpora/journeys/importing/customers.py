"""Customers: a person with his address, or a company with its first owner and members."""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.jobs import queries as known_names
from podpora.jobs.values import NO_SUCH_CUSTOMER
from podpora.journeys.importing.reading import Outcome, Reader, Row, Sources, known, remember
from podpora.people import actions
from podpora.people.models import Customer

ADDRESS = ("street", "city", "postal_code", "company_id", "vat_id")
FIELDS = ("external_id", "email", "name", "company", "language", "country", *ADDRESS)
READ_OVER = ("kind", "created_at", "members", "teams", "merged_into")  # in an export, for people to read
BUYER = ("customer", "email", "name", "company", "language", "country")


@transaction.atomic
def bring_in(row: Row, sources: Sources, *, by: Actor, at: datetime) -> Outcome:
    """One customer. Somebody with this address who is here already is he; what is empty on him is filled in."""
    read = Reader(row, (*FIELDS, *READ_OVER))
    external_id = read.text("external_id", most=100, required=True)
    wanted = {"email": read.text("email", most=254, required=True), "name": read.text("name", most=150)}
    wanted |= {
        "company": read.text("company", most=200),
        "language": read.text("language", most=5),
        "country": read.text("country", most=2),
    }
    address = {name: value for name in ADDRESS if (value := read.text(name, most=200))}
    read.or_refuse()
    if there := known("customer", external_id, row):
        return there
    customer = actions.ensure_customer(**wanted, by=by, at=at)
    new = {name: value for name, value in address.items() if not getattr(customer, name)}
    if new:
        actions.update_customer(customer, by=by, at=at, **new)
    return remember("customer", external_id, customer.code, row, at=at)


def known_by(name: str) -> Customer | None:
    """The customer with this name in the other system, or with this code."""
    there = known_names.outside_name("customer", name)
    return Customer.objects.filter(code=there.code if there else name).first()


def named(read: Reader, *, by: Actor, at: datetime) -> Customer | None:
    """The customer whom a row names: by his name in the other system, or by his address (then he is made if he is not here).

    None when the row's fields about him are wrong; they are then among the reader's problems.
    """
    name = read.text("customer", most=100)
    if name:
        found = known_by(name)
        if found is None:
            read.problems.add("customer", NO_SUCH_CUSTOMER)
        return found
    wanted = {field: read.text(field, most=254, required=field == "email") for field in BUYER[1:]}
    if read.problems.fields:
        return None
    try:
        return actions.ensure_customer(**wanted, by=by, at=at)
    except InvalidInput as problem:
        read.problems.include(problem)
        return None
