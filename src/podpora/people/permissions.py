"""May this person do this at all, whatever the state of the world?"""

from typing import Any

from podpora.base.actors import Actor
from podpora.people.models import Customer, Person, TeamMember
from podpora.people.values import ROLE_PERMISSIONS, STAFF_PERMISSIONS, Role, StaffRole


def staff_may(person: Any, permission: str) -> bool:
    """May this person do this on the vendor's side? Anonymous and inactive persons may nothing."""
    if not person.is_authenticated or not person.is_active:
        return False
    return permission in STAFF_PERMISSIONS[StaffRole(person.staff_role)]


def is_manager(person: Any) -> bool:
    return bool(person.is_authenticated and person.is_active and person.staff_role == StaffRole.MANAGER)


def role_of(person: Any, customer: Customer | None) -> Role | None:
    """The person's role in this customer, None for a stranger and in what is nobody's. Read each time: a role change works at once (A05)."""
    if customer is None or not person.is_authenticated or not person.is_active:
        return None
    membership = customer.memberships.filter(person=person).first()
    return Role(membership.role) if membership else None


def may(person: Any, permission: str, customer: Customer | None) -> bool:
    """May this person do this with what the customer owns?"""
    role = role_of(person, customer)
    return role is not None and permission in ROLE_PERMISSIONS[role]


def token_allows(actor: Actor, scope: str) -> bool:
    """Is this within what the token was made for? Persons, jobs and unlimited tokens have no such limit."""
    return actor.scopes is None or scope in actor.scopes


def may_manage_members(person: Any, customer: Customer) -> bool:
    return customer.is_company and may(person, "members", customer)


def leads(person: Any, team_id: int | None) -> bool:
    """Does this person lead the team? Asked each time; whoever left the company leads nothing in it."""
    if team_id is None or not person.is_authenticated or not person.is_active:
        return False
    rows = TeamMember.objects.filter(person=person, team=team_id, is_lead=True)
    return rows.filter(team__customer__memberships__person=person).exists()


def may_act_as(staff: Any, person: Person) -> bool:
    """May this member of the vendor's staff see and do what the person may? Never as another member of staff, nor as oneself."""
    return bool(person.is_active) and not person.staff_role and person.pk != staff.pk and staff_may(staff, "act_as")
