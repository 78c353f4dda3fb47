"""The demo people of docs/reference/demo.md: who they are. What they own is their history (history.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from podpora.base.actors import Actor
from podpora.people import actions, queries
from podpora.people.models import Person
from podpora.people.values import StaffRole

PASSWORD = "podpora-demo"  # noqa: S105  # of everybody in the demo, and said on its first page


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    who: str
    language: str = "cs"
    staff_role: StaffRole = StaffRole.NONE
    joined_days_ago: int = 400


PEOPLE = (
    DemoPerson("manager@vendor.example", "Marie Dvořáková", "vendor's manager (everything)", staff_role=StaffRole.MANAGER),
    DemoPerson("tereza@vendor.example", "Tereza Malá", "technician", staff_role=StaffRole.TECHNICIAN),
    DemoPerson("tomas@vendor.example", "Tomáš Beran", "technician", staff_role=StaffRole.TECHNICIAN),
    DemoPerson("moderator@vendor.example", "Adam Kříž", "forum moderator", staff_role=StaffRole.MODERATOR),
    DemoPerson("jana@private.example", "Jana Nováková", "private, PRO for 3 devices (2 used), VIP active", joined_days_ago=330),
    DemoPerson(
        "petr@lapsed.example", "Petr Svoboda", "private, PRO with lifetime updates, VIP ended a year ago", joined_days_ago=740
    ),
    DemoPerson(
        "olga@eol.example", "Olga Horáková", "private, PRO for a version past its end of life, VIP ended", joined_days_ago=1600
    ),
    DemoPerson("filip@free.example", "Filip Kučera", "FREE", joined_days_ago=60),
    DemoPerson("trial@trial.example", "Lucie Veselá", "trial in its second week", joined_days_ago=9),
    DemoPerson("admin@company.example", "Karel Procházka", "company with 25 devices (18 used), owner", joined_days_ago=500),
    DemoPerson("billing@company.example", "Hana Černá", "the same company: billing", joined_days_ago=490),
    DemoPerson("settings@company.example", "Radek Malý", "the same company: looks after settings", joined_days_ago=485),
    DemoPerson("member@company.example", "David Marek", "the same company: plain member", joined_days_ago=480),
    DemoPerson("admin@other.example", "Emma Clark", "another company, a stranger to the first", "en", joined_days_ago=200),
)

# name, scopes, whose (nobody's: one of the vendor's systems)
TOKENS = (
    ("E-shop", ("orders", "licences", "customers"), ""),
    ("Build", ("catalog",), ""),
    ("Inventory", ("licences",), "admin@company.example"),
)


def make_people(*, by: Actor, at: datetime) -> dict[str, Person]:
    """Everybody with a proven address and the demo's password, by e-mail."""
    people = {}
    for demo in PEOPLE:
        joined_at = at - timedelta(days=demo.joined_days_ago)
        people[demo.email] = actions.create_person(
            demo.email, demo.name, password=PASSWORD, staff_role=demo.staff_role, language=demo.language, by=by, at=joined_at
        )
    return people


def make_tokens(people: Mapping[str, Person], *, by: Actor, at: datetime) -> None:
    """Programs that may use the API; their secrets are nowhere, nobody needs them here."""
    for name, scopes, owner in TOKENS:
        made = at - timedelta(days=30)
        actions.create_token(name, scopes, people[owner] if owner else None, by=by, at=made)
    for days_ago, token in enumerate(queries.live_tokens()):
        if days_ago:
            actions.touch_token(token, at=at - timedelta(days=days_ago, hours=2))
