"""The devices of a company: what counts on one and why, what each was given and said."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from podpora.fleet.models import DeviceSettings, Group, Profile
from podpora.fleet.queries.contents import COMPANY, entries_of, layer_of
from podpora.fleet.queries.groups import groups_of_device
from podpora.fleet.queries.schemas import newest_schema, read
from podpora.fleet.rules import outcome_of
from podpora.fleet.values import BUNDLE_RENEWED, Delivery, DeviceTraits, Entries, Layer, Level, Outcome, Target
from podpora.licensing.models import Device


def devices_of(profile: Profile) -> QuerySet[Device]:
    """Every device that the company's settings are for."""
    return Device.objects.filter(licence__customer=profile.customer_id, licence__product=profile.product_id, is_former=False)


def held_by(device: Device, *, at: datetime) -> Delivery | None:
    """The bundle that the device was given, as long as nothing changed for it and it is young: one statement, no write (CS-15)."""
    given = given_to(device)
    if given is None or given.profile.customer_id != device.licence.customer_id:
        return None
    same = given.stamp == given.profile.stamp and all(getattr(given, name) == value for name, value in seen_of(device).items())
    young = given.offered_at <= at < given.offered_at + BUNDLE_RENEWED
    return Delivery(given.bundle, given.etag) if same and young else None


def seen_of(device: Device) -> dict[str, str | int]:
    """What of the device decides which settings it gets: its program, and what the rules of groups look at."""
    return {
        "seen_version": device.app_version, "seen_platform": device.platform, "seen_name": device.name,
        "seen_team": device.team_id or 0, "seen_person": device.person_id or 0,
    }  # fmt: skip


def held_sql(device: str, customer: str) -> str:
    """The same question as a piece of a statement: the tag of what the device holds. Parameters: a renewal's time ago, and now.

    `device` and `customer` are expressions for their primary keys; the device's row is named `d`.
    """
    given, profile = DeviceSettings._meta.db_table, Profile._meta.db_table
    return (
        f"(SELECT held.etag FROM {given} held JOIN {profile} whole ON whole.id = held.profile_id "  # noqa: S608  # our own names
        f"WHERE held.device_id = {device} AND whole.customer_id = {customer} AND held.stamp = whole.stamp "
        "AND held.seen_version = d.app_version AND held.seen_platform = d.platform "
        "AND held.seen_name = d.name AND held.seen_team = COALESCE(d.team_id, 0) AND held.seen_person = COALESCE(d.person_id, 0) "
        "AND held.offered_at > %s AND held.offered_at <= %s)"
    )


def given_to(device: Device) -> DeviceSettings | None:
    """What the device was given last; None: nothing yet (one statement)."""
    return DeviceSettings.objects.select_related("profile").filter(device=device).first()


def platform_of(name: str) -> str:
    """`Windows 11` -> `windows`, as conditions and rules name it."""
    return name.lower().split(" ")[0]


def target_of(device: Device) -> Target:
    return Target(platform_of(device.platform), device.app_version)


def traits_of(device: Device) -> DeviceTraits:
    team, person = device.team, device.person
    target = target_of(device)
    return DeviceTraits(target.platform, target.version, device.name, team.code if team else "", person.email if person else "")


def outcome_for(profile: Profile, device: Device, *, number: int | None = None) -> Outcome:
    """What counts on this device at a revision (the newest if none is named), with winners and losers."""
    schema = newest_schema(profile.product)
    if schema is None:
        return Outcome()
    named = entries_of(profile, profile.revision if number is None else number)
    groups = groups_of_device(profile, device, traits_of(device))
    return outcome_of(read(schema), content_for(named, groups, device.code), target_of(device))


def content_for(named: Mapping[str, Entries], groups: Iterable[Group], device: str = "") -> dict[Layer, Entries]:
    """Of a revision the layers that a device of these groups has."""
    layers = [COMPANY, *(layer_of(group) for group in groups), Layer(Level.DEVICE, device)]
    return {layer: named[layer.key] for layer in layers if named.get(layer.key)}
