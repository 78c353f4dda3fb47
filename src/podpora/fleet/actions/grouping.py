"""Groups of devices. Whatever changes who is in one changes what devices get: the profile's stamp grows."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from podpora.audit.actions import record
from podpora.base.actors import Actor
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput
from podpora.fleet import queries
from podpora.fleet.models import Group, GroupDevice, Profile
from podpora.fleet.rules import rule_json
from podpora.fleet.values import MOST_GROUPS, GroupRule
from podpora.licensing.models import Device


@transaction.atomic
def create_group(
    profile: Profile, name: str, *, priority: int | None = None, rule: GroupRule | None = None, by: Actor, at: datetime
) -> Group:
    """A new group; without a priority it stands last. One that takes the place of another moves that one down (CS-4)."""
    profile = Profile.objects.select_for_update(no_key=True).get(pk=profile.pk)
    count = queries.groups_of(profile).count()
    if count >= MOST_GROUPS:
        refuse("settings.too_many_groups").or_refuse()
    place = count if priority is None else min(priority, count)
    name = _named(name)
    if queries.groups_of(profile).filter(name=name).exists():  # sent twice, or two that nobody could tell apart
        raise InvalidInput({"name": ["taken"]})
    group = Group(profile=profile, name=name, priority=place, rule=rule_json(rule or GroupRule()))
    queries.groups_of(profile).filter(priority__gte=place).update(priority=F("priority") + 1)
    group.save()
    _touched(profile)
    record("settings.group", group, by=by, at=at, after={"name": group.name, "priority": place, "rule": group.rule})
    return group


@transaction.atomic
def update_group(
    group: Group, *, name: str | None = None, priority: int | None = None, rule: GroupRule | None = None, by: Actor, at: datetime
) -> Group:
    """Another name, place or rule. None: as it is."""
    profile = Profile.objects.select_for_update(no_key=True).get(pk=group.profile_id)
    others = [other for other in queries.groups_of(profile) if other.pk != group.pk]
    group = queries.group_in(profile, group.code)
    before = {"name": group.name, "priority": group.priority, "rule": group.rule}
    if name is not None:
        group.name = _named(name)
    if rule is not None:
        group.rule = rule_json(rule)
    place = group.priority if priority is None else min(priority, len(others))
    for position, other in enumerate([*others[:place], group, *others[place:]]):
        other.priority = position
        other.save(update_fields=["priority", "name", "rule"])
    after = {"name": group.name, "priority": group.priority, "rule": group.rule}
    if before != after:
        _touched(profile)
        record("settings.group", group, by=by, at=at, before=before, after=after)
    return group


@transaction.atomic
def delete_group(group: Group, *, by: Actor, at: datetime) -> None:
    """The group is no more: its devices fall back to what lies above. What was published in it stays in the history."""
    profile = Profile.objects.select_for_update(no_key=True).get(pk=group.profile_id)
    record("settings.group_deleted", group, by=by, at=at, before={"name": group.name})
    queries.groups_of(profile).filter(priority__gt=group.priority).update(priority=F("priority") - 1)
    group.delete()
    _touched(profile)


@transaction.atomic
def set_devices(group: Group, devices: Iterable[Device], *, by: Actor, at: datetime) -> tuple[int, int]:
    """Exactly these devices are in the group (besides those of its rule). Returns how many came and how many went."""
    profile = Profile.objects.select_for_update(no_key=True).get(pk=group.profile_id)
    wanted = {device.pk for device in devices}
    present = set(group.members.values_list("device_id", flat=True))
    gone, _ = group.members.exclude(device__in=wanted).delete() if present - wanted else (0, {})
    GroupDevice.objects.bulk_create([GroupDevice(group=group, device_id=pk) for pk in sorted(wanted - present)], batch_size=500)
    if wanted != present:
        _touched(profile)
        record("settings.group_devices", group, by=by, at=at, facts={"added": len(wanted - present), "removed": gone})
    return len(wanted - present), gone


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput({"name": ["required"]})
    if len(name) > 100:
        raise InvalidInput({"name": ["too_long"]}, {"name": {"most": 100}})
    return name


def _touched(profile: Profile) -> None:
    Profile.objects.filter(pk=profile.pk).update(stamp=F("stamp") + 1)
