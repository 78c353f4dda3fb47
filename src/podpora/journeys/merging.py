"""Two that are one become one (A17): accounts of a person, or customers that were made twice.

First what would go over is shown; then everything goes, in one transaction: licences with their ledgers, orders, tickets, companies. Rights
are replayed afterwards, not copied: a licence gives what its ledger gives, whoever has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.decisions import Decision
from podpora.journeys.settlement import follow
from podpora.licensing.models import Licence
from podpora.orders.models import Invoice
from podpora.people import actions, queries, rules
from podpora.people.models import Customer, Membership, Person

SHOWN = (
    ("licences", "licensing.Licence.customer"), ("orders", "orders.Order.customer"), ("tickets", "desk.Ticket.customer"),
    ("asked", "desk.Ticket.requester"), ("devices", "licensing.Device.person"), ("companies", "people.Membership.person"),
    ("teams", "people.Team.customer"), ("members", "people.Membership.customer"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go over, by name; what is refused; and how much else hangs on it."""

    counts: Mapping[str, int]
    more: int
    invoices: int
    decision: Decision


def preview_people(lose: Person, keep: Person) -> Preview:
    """Nothing is written."""
    customer = queries.private_customer(lose)
    found = actions.rows_of(actions.PERSON_STAYS, lose)
    companies = Membership.objects.filter(person=lose).exclude(customer__person=lose).count()
    found |= actions.rows_of(actions.CUSTOMER_STAYS, customer) if customer else {}
    found |= {"people.Membership.person": companies} if companies else {}
    decision = rules.may_merge_people(lose.merge_facts(), keep.merge_facts())
    return _preview(found, Invoice.objects.filter(customer=customer).count() if customer else 0, decision)


def preview_companies(lose: Customer, keep: Customer) -> Preview:
    """Nothing is written."""
    found = actions.rows_of(actions.CUSTOMER_STAYS, lose)
    members, teams = lose.memberships.count(), lose.teams.count()
    found |= {"people.Membership.customer": members} | ({"people.Team.customer": teams} if teams else {})
    given_up = bool(lose.merged_into_id or keep.merged_into_id)
    decision = rules.may_merge_companies(is_pair=lose.is_company and keep.is_company, same=lose.pk == keep.pk, given_up=given_up)
    return _preview(found, Invoice.objects.filter(customer=lose).count(), decision)


def _preview(found: Mapping[str, int], invoices: int, decision: Decision) -> Preview:
    named = {name: found[label] for name, label in SHOWN if label in found}
    return Preview(named, sum(found.values()) - sum(named.values()), invoices, decision)


@transaction.atomic
def merge_people(lose: Person, keep: Person, *, by: Actor, at: datetime) -> Person:
    """All that `lose` had is `keep`'s. Safe to call twice."""
    customer = queries.private_customer(lose)
    codes = _licences(customer)
    actions.merge_people(lose, keep, by=by, at=at)
    _replay(codes, by=by, at=at)
    return Person.objects.get(pk=keep.pk)


@transaction.atomic
def merge_customers(lose: Customer, keep: Customer, *, by: Actor, at: datetime) -> Customer:
    """Two companies; or two private customers, with the accounts of their persons. Safe to call twice."""
    if lose.person is not None and keep.person is not None:
        merge_people(lose.person, keep.person, by=by, at=at)
    else:
        codes = _licences(lose)
        actions.merge_customers(lose, keep, by=by, at=at)
        _replay(codes, by=by, at=at)
    return Customer.objects.get(pk=keep.pk)


def preview(lose: Customer, keep: Customer) -> Preview:
    """Of customers of either kind."""
    if lose.person is not None and keep.person is not None:
        return preview_people(lose.person, keep.person)
    return preview_companies(lose, keep)


def _licences(customer: Customer | None) -> list[str]:
    return sorted(Licence.objects.filter(customer=customer).values_list("code", flat=True)) if customer else []


def _replay(codes: list[str], *, by: Actor, at: datetime) -> None:
    for code in codes:
        follow(code, by=by, at=at)
