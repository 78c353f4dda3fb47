"""A company that runs the License Manager: an owner, members of every role, a team with a lead, a licence with devices."""

from dataclasses import dataclass, field
from datetime import datetime

from podpora.licensing.models import Device, Licence
from podpora.people import actions
from podpora.people.models import Customer, Person, Team
from podpora.people.values import Role
from tests.make import licensing as make
from tests.make import people

SEATS = 8


@dataclass
class Firm:
    customer: Customer
    owner: Person
    licence: Licence
    viewer: Person
    billing: Person
    lead: Person
    team: Team
    devices: list[Device] = field(default_factory=list)


def firm(name: str = "Alfa", *, devices: int = 3, seats: int = SEATS, at: datetime = make.BOUGHT) -> Firm:
    """The company with a PRO licence bought at `at`; its devices are named PC-1, PC-2 … and the first one is the team's."""
    owner = people.person(at=at)
    customer = people.company(name, owner, at=at)
    viewer, billing, lead = (people.member(customer, role) for role in (Role.VIEWER, Role.BILLING, Role.VIEWER))
    team = actions.create_team(customer, "Sales", by=people.actor(owner), at=at)
    actions.put_into_team(team, lead, is_lead=True, by=people.actor(owner), at=at)
    licence = make.licence(customer, make.Terms(seats=seats, bought_at=at))
    made = Firm(customer, owner, licence, viewer, billing, lead, team)
    for number in range(1, devices + 1):
        made.devices.append(make.activated(licence, make.device(f"PC-{number}"), at=at).activation.device)
    if made.devices:
        Device.objects.filter(pk=made.devices[0].pk).update(team=team)
    return made
