"""Customers: the one that a buyer's address belongs to, companies, addresses for invoices."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.transactions import one_transaction
from podpora.people import queries
from podpora.people.actions import cleaning
from podpora.people.actions.persons import own_customer, unproven_person
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import CustomerKind, Role


@one_transaction
def ensure_customer(
    *, email: str, name: str, company: str = "", language: str = "", country: str = "", by: Actor, at: datetime
) -> Customer:
    """The customer who buys with this address: his private one, or the company of that name that he owns.

    An unknown address makes a guest: a person without a password, whose purchases wait until he proves the address.
    """
    address = queries.current_address(cleaning.email_of(email))
    firm = cleaning.line_of(company, field="company", longest=200)
    nation = cleaning.country_of(country) if country else ""
    person = _buyer(address, name, language, at=at)
    customer = queries.company_owned_by(person, firm) if firm else queries.private_customer(person)
    if customer is not None:
        return customer
    if firm:
        customer = _new_company(person, firm, email=address, language=language, country=nation, at=at)
    else:
        customer = own_customer(person, at=at)
        _set(customer, language=cleaning.language_of(language), country=nation)
    audit.record("customer.created", f"customer:{customer.code}", by=by, at=at, facts={"kind": customer.kind})
    return customer


def _buyer(address: str, name: str, language: str, *, at: datetime) -> Person:
    """The person of the address, locked so that two orders at once make one company. A guest who gives a name gets it."""
    person = Person.objects.select_for_update().filter(email=address).first()
    if person is None:
        unproven_person(address, name=name, language=language, at=at)
        person = Person.objects.select_for_update().get(email=address)
    if not person.name and queries.is_guest(person):
        person.name = cleaning.line_of(name, field="name", longest=150)
        person.save(update_fields=["name"])
    return person


@transaction.atomic
def create_company(
    person: Person, *, name: str, company_id: str = "", vat_id: str = "", country: str = "CZ", by: Actor, at: datetime
) -> Customer:
    """A person founds a company here and becomes its first owner."""
    firm = cleaning.line_of(name, field="name", longest=200, required=True)
    nation = cleaning.country_of(country)
    numbers = {
        "company_id": cleaning.line_of(company_id, field="company_id", longest=20),
        "vat_id": cleaning.line_of(vat_id, field="vat_id", longest=20).replace(" ", "").upper(),
    }
    owner = Person.objects.select_for_update().get(pk=person.pk)
    if queries.company_owned_by(owner, firm):
        raise InvalidInput({"name": ["taken"]})
    customer = _new_company(owner, firm, email=owner.email, language=owner.language, country=nation, at=at)
    _set(customer, **numbers)
    audit.record("customer.created", f"customer:{customer.code}", by=by, at=at, facts={"kind": customer.kind})
    return customer


def _new_company(owner: Person, name: str, *, email: str, language: str, country: str, at: datetime) -> Customer:
    customer = Customer.objects.create(
        kind=CustomerKind.COMPANY,
        name=name,
        email=email,
        language=cleaning.language_of(language) or owner.language or "en",
        country=country or "CZ",
        created_at=at,
    )
    Membership.objects.create(customer=customer, person=owner, role=Role.OWNER, since=at)
    return customer


def _set(customer: Customer, **values: str) -> None:
    """Write the values that are not empty."""
    given = {field: value for field, value in values.items() if value}
    for field, value in given.items():
        setattr(customer, field, value)
    if given:
        customer.save(update_fields=list(given))


LENGTHS = {"name": 200, "street": 200, "city": 100, "postal_code": 20, "company_id": 20, "vat_id": 20}


@transaction.atomic
def update_customer(customer: Customer, *, by: Actor, at: datetime, **changes: str) -> Customer:
    """Name, billing address, numbers and language of a customer; whatever is not named stays."""
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    cleaned = {field: _clean(field, value) for field, value in changes.items()}
    before = {field: getattr(locked, field) for field, value in cleaned.items() if value != getattr(locked, field)}
    for field in before:
        setattr(locked, field, cleaned[field])
    if before:
        locked.save(update_fields=list(before))
        after = {field: cleaned[field] for field in before}
        audit.record("customer.changed", f"customer:{locked.code}", by=by, at=at, before=before, after=after)
    return locked


def _clean(field: str, value: str) -> str:
    if field == "email":
        return cleaning.email_of(value)
    if field == "country":
        return cleaning.country_of(value)
    if field == "language":
        return cleaning.language_of(value) or "en"
    if field in LENGTHS:
        return cleaning.line_of(value, field=field, longest=LENGTHS[field], required=field == "name")
    raise NotYours
