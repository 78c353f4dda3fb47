"""Who uses a device, and to which team it belongs."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import NotYours
from podpora.licensing import queries
from podpora.licensing.actions.shares import leave_share, take_share
from podpora.licensing.models import Device, Licence
from podpora.licensing.values import ACTIVATION_LIMIT, NOT_A_MEMBER
from podpora.people.models import Person, Team


@transaction.atomic
def assign_device(licence: Licence, code: str, person: Person | None, *, by: Actor, at: datetime) -> Device:
    """Say who uses the device; None: nobody in particular. Only members of the company may be named."""
    licence = queries.locked(licence)
    check_member(licence, person)
    device = device_of(licence, code)
    before, device.person = device.person, person
    if before != person:
        device.save(update_fields=["person"])
        facts = {"device": device.code, "name": device.name}
        was, now = {"person": before.code if before else None}, {"person": person.code if person else None}
        audit.record("device.assigned", f"licence:{licence.code}", by=by, at=at, facts=facts, before=was, after=now)
    return device


@transaction.atomic
def set_device_team(licence: Licence, code: str, team: Team | None, *, by: Actor, at: datetime) -> Device:
    """Move the device to a team, or out of one. If the team has seats of this licence, the device takes one of them."""
    licence = queries.locked(licence)
    check_team(licence, team)
    device = device_of(licence, code)
    before = device.team
    if before != team:
        move_to_team(licence, device, team)
        facts = {"device": device.code, "name": device.name}
        was, now = {"team": before.name if before else None}, {"team": team.name if team else None}
        audit.record("device.team_set", f"licence:{licence.code}", by=by, at=at, facts=facts, before=was, after=now)
    return device


def check_member(licence: Licence, person: Person | None) -> None:
    if person is not None and not person.memberships.filter(customer=licence.customer).exists():
        raise Refused(refuse(NOT_A_MEMBER, person=str(person)))


def check_team(licence: Licence, team: Team | None) -> None:
    if team is not None and team.customer_id != licence.customer_id:
        raise NotYours


def device_of(licence: Licence, code: str) -> Device:
    found = Device.objects.select_related("person", "team").filter(licence=licence, code=code, is_former=False).first()
    if found is None:
        raise NotYours
    return found


def move_to_team(licence: Licence, device: Device, team: Team | None) -> None:
    """Under the licence's lock. A seated device goes from share to share; refused where there is no room."""
    if device.holds_seat and licence.seats_shared:
        target = queries.share_of(licence, team.pk if team else None)
        source = queries.share_of(licence, device.team_id)
        if target is not None:
            take_share(target)
        elif source is not None:
            _check_pool(licence)
        leave_share(licence, device.team_id)
    device.team = team
    device.save(update_fields=["team"])


def _check_pool(licence: Licence) -> None:
    """Out of a share onto the seats that belong to no team: there has to be room."""
    used, pool = licence.seats_used - queries.shared_used(licence), licence.seats - licence.seats_shared
    if used >= pool:
        raise Refused(refuse(ACTIVATION_LIMIT, seats=pool, used=used, licence=licence.code))
