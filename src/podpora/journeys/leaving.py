"""Somebody leaves a company, or is removed (A-18): his devices give their seats back, what he wrote stays with the company.

People know the membership (and that one owner has to stay, A-19), licensing the devices, the desk the tickets. First it is shown what
will happen, then it happens at once or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.desk.models import Ticket
from podpora.licensing import actions as licensing
from podpora.licensing import queries as licences
from podpora.licensing.models import Device
from podpora.people import actions as people
from podpora.people import queries as members
from podpora.people.models import Customer, Person, Team


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving will mean: devices that are deactivated, teams that lose him, tickets that stay."""

    devices: Sequence[Device]
    teams: Sequence[Team]
    tickets: int


def preview(customer: Customer, person: Person) -> Leaving:
    """Nothing is changed (three queries)."""
    devices = list(licences.devices_used_by(person, customer))
    teams = list(Team.objects.filter(customer=customer, members__person=person).order_by("name"))
    return Leaving(devices, teams, Ticket.objects.filter(requester=person, customer=customer).count())


@dataclass(frozen=True, slots=True)
class Left:
    """So many of his devices gave their seats back, or are the successor's now."""

    freed: int = 0
    handed_on: int = 0


@transaction.atomic
def leave(customer: Customer, person: Person, *, to: Person | None = None, by: Actor, at: datetime) -> Left:
    """Take the person out of the company. His devices give their seats back (A-18), or go on as those of `to`, another member.

    Refused for the last owner; NotYours for who may not; InvalidInput (`to`) for somebody who is no other member.
    """
    if to is not None and (to == person or not members.members_of(customer).filter(person=to).exists()):
        raise InvalidInput({"to": ["unknown"]})
    people.remove_member(customer, person, by=by, at=at)
    if to is not None:
        return Left(handed_on=licensing.hand_on_devices(customer, person, to, by=by, at=at))
    return Left(freed=licensing.release_devices(customer, person, by=by, at=at))
