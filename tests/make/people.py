"""People for tests, made through the actions that the product uses."""

from datetime import UTC, datetime
from itertools import count

from podpora.base.actors import Actor, ActorKind, system
from podpora.people import actions, queries
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import Role, StaffRole

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
PASSWORD = "podpora-demo"
_number = count(1)


def person(
    email: str = "", name: str = "Jana Nováková", *, language: str = "en", password: str = PASSWORD, at: datetime = AT
) -> Person:
    """A private person with a proven address."""
    address = email or f"person{next(_number)}@private.example"
    return actions.create_person(address, name, password=password, language=language, by=system("test"), at=at)


def guest(email: str = "", name: str = "Gustav Host", *, at: datetime = AT) -> Person:
    """Somebody who bought without an account."""
    address = email or f"guest{next(_number)}@private.example"
    actions.ensure_customer(email=address, name=name, by=system("test"), at=at)
    return Person.objects.get(email=address)


def staff(role: StaffRole = StaffRole.TECHNICIAN, email: str = "", name: str = "Tereza Technická", *, at: datetime = AT) -> Person:
    address = email or f"staff{next(_number)}@vendor.example"
    return actions.create_person(address, name, password=PASSWORD, staff_role=role, language="en", by=system("test"), at=at)


def manager(*, at: datetime = AT) -> Person:
    return staff(StaffRole.MANAGER, name="Marie Vedoucí", at=at)


def customer(*, at: datetime = AT) -> Customer:
    """The private customer of a new person."""
    return customer_of(person(at=at))


def customer_of(somebody: Person) -> Customer:
    found = queries.private_customer(somebody)
    assert found is not None
    return found


def company(name: str = "", owner: Person | None = None, *, at: datetime = AT) -> Customer:
    """A company with one owner."""
    founder = owner or person(at=at)
    return actions.create_company(founder, name=name or f"Company {next(_number)}", by=actor(founder), at=at)


def member(of: Customer, role: Role = Role.VIEWER, somebody: Person | None = None, *, at: datetime = AT) -> Person:
    """A member, put there as an accepted invitation would."""
    joins = somebody or person(at=at)
    Membership.objects.create(customer=of, person=joins, role=role, since=at)
    return joins


def actor(somebody: Person) -> Actor:
    """The person acting in a browser."""
    return Actor(ActorKind.PERSON, str(somebody), person_id=somebody.pk)
