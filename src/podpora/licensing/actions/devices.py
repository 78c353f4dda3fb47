"""What an owner does with one of his devices, and what is done with a licence whose key has leaked."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput, NotYours
from podpora.licensing import queries
from podpora.licensing.models import Device, Licence

NAME = 100
WHY = 300


@transaction.atomic
def block_device(licence: Licence, code: str, *, by: Actor, at: datetime) -> Device:
    """Shut a device out without taking it off the list: it keeps its seat and gets no certificate. NotYours for no such device."""
    device = _locked_device(licence, code)
    if device.blocked_at is None:
        device.blocked_at = at
        device.save(update_fields=["blocked_at"])
        _record("device.blocked", device, by=by, at=at)
    return device


@transaction.atomic
def unblock_device(licence: Licence, code: str, *, by: Actor, at: datetime) -> Device:
    """Let it in again."""
    device = _locked_device(licence, code)
    if device.blocked_at is not None:
        device.blocked_at = None
        device.save(update_fields=["blocked_at"])
        _record("device.unblocked", device, by=by, at=at)
    return device


@transaction.atomic
def rename_device(licence: Licence, code: str, name: str, *, by: Actor, at: datetime) -> Device:
    """What its owner calls it. The program's own name for it no longer replaces this one."""
    name = " ".join(name.split())
    if not name:
        raise InvalidInput({"name": ["required"]})
    if len(name) > NAME:
        raise InvalidInput({"name": ["too_long"]}, {"name": {"most": NAME}})
    if not name.isprintable():
        raise InvalidInput({"name": ["invalid_characters"]})
    device = _locked_device(licence, code)
    before = device.name
    device.name, device.is_named = name, True
    device.save(update_fields=["name", "is_named"])
    if before != name:
        facts = {"device": device.code}
        subject = f"licence:{licence.code}"
        audit.record("device.renamed", subject, by=by, at=at, facts=facts, before={"name": before}, after={"name": name})
    return device


@transaction.atomic
def freeze(licence: Licence, reason: str, *, by: Actor, at: datetime) -> Licence:
    """X-9: no new device from now on. Devices that are active go on. A new key, or staff, let new ones come again."""
    licence = queries.locked(licence)
    if licence.frozen_at is None:
        licence.frozen_at, licence.frozen_why = at, reason[:WHY]
        licence.save(update_fields=["frozen_at", "frozen_why"])
        audit.record("licence.frozen", f"licence:{licence.code}", by=by, at=at, facts={"reason": licence.frozen_why})
    return licence


@transaction.atomic
def thaw(licence: Licence, *, by: Actor, at: datetime) -> Licence:
    """New devices may come again."""
    licence = queries.locked(licence)
    if licence.frozen_at is not None:
        licence.frozen_at, licence.frozen_why = None, ""
        licence.save(update_fields=["frozen_at", "frozen_why"])
        audit.record("licence.thawed", f"licence:{licence.code}", by=by, at=at)
    return licence


def _locked_device(licence: Licence, code: str) -> Device:
    queries.locked(licence)
    device = Device.objects.filter(licence=licence, code=code).first()
    if device is None:
        raise NotYours
    return device


def _record(verb: str, device: Device, *, by: Actor, at: datetime) -> None:
    facts = {"device": device.code, "name": device.name}
    audit.record(verb, f"licence:{device.licence.code}", by=by, at=at, facts=facts)
