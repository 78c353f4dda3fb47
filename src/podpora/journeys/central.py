"""Central settings reach a device: the licence says whether its program may run, the fleet what it gets (RULES.md H)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podpora.base.decisions import Refused
from podpora.base.errors import NotYours
from podpora.fleet import actions, queries
from podpora.fleet.models import Profile
from podpora.fleet.rules import outcome_of
from podpora.fleet.rules.exporting import WRITERS
from podpora.fleet.rules.templates import templates
from podpora.fleet.values import Delivery, Level, Outcome, Target
from podpora.journeys.activation import device_standing
from podpora.licensing import queries as licensing
from podpora.licensing.models import Activation, Device


def poll(activation: Activation, *, at: datetime) -> Delivery | None:
    """The device's bundle; None where its company has no settings.

    A licence that ended gives no new bundle (CS-20): the program keeps the one it has until its time is over, 30 days at most, and
    then releases the locks. Rights are asked only when a bundle has to be signed, so a poll without a change reads one row.
    """
    device = activation.device
    device.licence = activation.licence  # known already
    held = queries.held_by(device, at=at) if activation.is_active else None
    if held is not None:
        return held
    standing = device_standing(activation, None, at=at)
    if not standing.run.allowed:
        raise Refused(standing.run)
    return actions.renew(device, at=at)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for tools that set computers on the spot."""

    name: str
    content: bytes
    content_type: str


def exported(profile: Profile, name: str, form: str) -> Exported:
    """What counts for the company, for a group of it or on a device, as a file of this form (`json`, `reg`, `plist`); else NotYours.

    `admx`: for the company only, the templates by which Windows' own editor of group policy knows the program's settings.

    For the company and a group it is what their layers say on the form's own platform: conditions on versions do not hold, and no device's
    own layer is in it.
    """
    place, row = queries.place_of(profile, name), queries.newest_schema(profile.product)
    product = profile.product
    if form == "admx" and row is not None and place.level is Level.COMPANY:
        content = templates(queries.read(row), product.name, product.code)
        return Exported(f"{product.code}-admx.zip", content, "application/zip")
    if form not in WRITERS or row is None:
        raise NotYours
    writer, content_type, platform = WRITERS[form]
    if place.level is Level.DEVICE:
        device = queries.device_in(profile, place.code)
        outcome = queries.outcome_for(profile, device) if device else Outcome()
    else:
        groups = [queries.group_in(profile, place.code)] if place.level is Level.GROUP else []
        layers = queries.content_for(queries.entries_of(profile, profile.revision), groups)
        outcome = outcome_of(queries.read(row), layers, Target(platform), keep_newer=True)
    return Exported(f"{product.code}-{name.replace(':', '-')}.{form}", writer(outcome, product.name, product.name), content_type)


def offline_file(device: Device, *, at: datetime) -> dict[str, Any] | None:
    """The signed settings of a device that has no network, in the form of a certificate file; None where its company has none.

    It is what the device would get by asking; a device whose licence ended gets none (CS-20).
    """
    activation = licensing.newest_activation(device)
    made = poll(activation, at=at) if activation else None
    if made is None:
        return None
    trusted = licensing.jwk_set(at=at)
    return {
        "podpora": "offline", "v": 1, "certificates": [], "settings": [made.bundle], "releases": [], "keys": trusted["keys"],
        "announcements": trusted["announcements"], "items": [],
    }  # fmt: skip
