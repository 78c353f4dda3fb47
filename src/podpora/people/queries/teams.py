"""Teams of companies and who is in them."""

from typing import Any

from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.people.models import Customer, Team
from podpora.people.queries.customers import customers_with


def teams_of(customer: Customer) -> QuerySet[Team]:
    """The company's teams by name, each with its people (three queries)."""
    return customer.teams.prefetch_related("members__person").order_by("name", "pk")


def team_in(customer: Customer, code: str) -> Team:
    """The company's team with this code; else NotYours."""
    found = customer.teams.select_related("customer").filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def team_visible_to(person: Any, code: str) -> Team:
    """A team of a company that the person belongs to; else NotYours."""
    found = Team.objects.select_related("customer").filter(code=code.upper()[:20]).first() if code.isprintable() else None
    if found is None or not customers_with(person, "see").filter(pk=found.customer_id).exists():
        raise NotYours
    return found


def teams_led_by(person: Any) -> QuerySet[Team]:
    """The teams that this person leads, of companies that he still belongs to."""
    if not person.is_authenticated or not person.is_active:
        return Team.objects.none()
    return Team.objects.filter(members__person=person, members__is_lead=True, customer__memberships__person=person)


def teams_of_person(person: Any, customer: Customer | None) -> QuerySet[Team]:
    """The teams of this company in which the person is, while he belongs to the company."""
    if customer is None or not person.is_authenticated or not person.is_active:
        return Team.objects.none()
    return Team.objects.filter(customer=customer, members__person=person, customer__memberships__person=person)
