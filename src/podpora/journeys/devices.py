"""What the owner of a licence says about one of its devices: its name, who uses it, its team. All of it or nothing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.licensing import actions
from podpora.licensing.models import Device, Licence
from podpora.people.models import Person, Team


@transaction.atomic
def change(
    licence: Licence, device: str, given: Mapping[str, str], *, blocked: bool | None = None, by: Actor, at: datetime
) -> Device:
    """`given`: `name`, `person` and `team` (codes; empty for nobody and no team); what is not named stays. InvalidInput names the field."""
    if "name" in given:
        found = actions.rename_device(licence, device, given["name"], by=by, at=at)
    if "person" in given:
        found = actions.assign_device(licence, device, _person(licence, given["person"]), by=by, at=at)
    if "team" in given:
        found = actions.set_device_team(licence, device, _team(licence, given["team"]), by=by, at=at)
    if blocked is not None:
        act = actions.block_device if blocked else actions.unblock_device
        found = act(licence, device, by=by, at=at)
    if not given and blocked is None:
        raise InvalidInput({"name": ["required"]})
    return found


def _person(licence: Licence, code: str) -> Person | None:
    if not code:
        return None
    person = Person.objects.filter(code=code, memberships__customer=licence.customer).first()
    if person is None:
        raise InvalidInput({"person": ["unknown"]})
    return person


def _team(licence: Licence, code: str) -> Team | None:
    if not code:
        return None
    team = Team.objects.filter(code=code, customer=licence.customer).first()
    if team is None:
        raise InvalidInput({"team": ["unknown"]})
    return team
