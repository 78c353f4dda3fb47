"""Groups and who is in them."""

from django.db.models import QuerySet

from podpora.base.errors import NotYours
from podpora.fleet.models import Group, GroupDevice, Profile
from podpora.fleet.rules import belongs, rule_from
from podpora.fleet.values import DeviceTraits
from podpora.licensing.models import Device


def groups_of(profile: Profile) -> QuerySet[Group]:
    """In their order: 0 first (CS-4)."""
    return Group.objects.filter(profile=profile)


def group_in(profile: Profile, code: str) -> Group:
    """The profile's group with this code; raises NotYours (CS-24)."""
    found = None if "\x00" in code else groups_of(profile).filter(code=code).first()
    if found is None:
        raise NotYours
    return found


def groups_of_device(profile: Profile, device: Device, traits: DeviceTraits) -> list[Group]:
    """The groups that the device was put into or that find it by their rule, in their order."""
    put = set(GroupDevice.objects.filter(group__profile=profile, device=device).values_list("group_id", flat=True))
    return [group for group in groups_of(profile) if group.pk in put or belongs(traits, rule_from(group.rule))]
