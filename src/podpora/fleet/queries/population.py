"""All devices of a company at once: what a change would mean for them, whom a wave reaches.

Devices in the same groups, of the same platform and version, get the same: so the outcome is computed for each such kind once, and a
hundred thousand devices are a few dozen kinds.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from podpora.fleet.models import Group, GroupDevice, Profile
from podpora.fleet.queries.contents import COMPANY, layer_of
from podpora.fleet.queries.devices import devices_of, platform_of
from podpora.fleet.queries.groups import groups_of
from podpora.fleet.queries.schemas import newest_schema, read
from podpora.fleet.rules import belongs, has_reached, outcome_of, rule_from
from podpora.fleet.values import DeviceTraits, Effective, Entries, Layer, Level, Schema, Target, Wave, Why


class Member(NamedTuple):
    """A device with the groups that it is in, in their order."""

    code: str
    groups: tuple[str, ...]
    target: Target


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would mean. `too_old`: devices whose program does not know a changed setting yet; `waiting`: those settings."""

    devices: int = 0
    changed: int = 0
    too_old: int = 0
    waiting: tuple[str, ...] = ()
    by_layer: Mapping[str, int] = field(default_factory=dict)  # layer -> devices in it


def members(profile: Profile) -> Iterator[Member]:
    """Every device of the profile with its groups: two statements, whatever their number."""
    groups = list(groups_of(profile))
    rules = [(group, rule_from(group.rule)) for group in groups]
    put: dict[int, set[int]] = defaultdict(set)
    for group, device in GroupDevice.objects.filter(group__profile=profile).values_list("group_id", "device_id").iterator():
        put[device].add(group)
    rows = devices_of(profile).order_by("pk")
    for pk, code, name, platform, version, team, person in rows.values_list(
        "pk", "code", "name", "platform", "app_version", "team__code", "person__email"
    ).iterator(chunk_size=5000):
        system = platform_of(platform)
        traits = DeviceTraits(system, version, name, team or "", person or "")
        inside = put.get(pk, ())
        codes = tuple(group.code for group, rule in rules if group.pk in inside or belongs(traits, rule))
        yield Member(code, codes, Target(system, version))


def member_codes(profile: Profile, group: Group) -> set[str]:
    """The devices in one group, put in or found by its rule."""
    return {member.code for member in members(profile) if group.code in member.groups}


def count_reached(profile: Profile, rollout: str, waves: Collection[Wave]) -> tuple[int, int]:
    """How many devices there are, and how many of them the waves reach."""
    if not any(wave.groups for wave in waves) and any(wave.percent == 100 for wave in waves):
        total = devices_of(profile).count()
        return total, total
    if not any(wave.groups for wave in waves):
        codes = list(devices_of(profile).values_list("code", flat=True))
        return len(codes), sum(has_reached(code, (), rollout=rollout, waves=waves) for code in codes)
    found = [has_reached(member.code, member.groups, rollout=rollout, waves=waves) for member in members(profile)]
    return len(found), sum(found)


def preview(profile: Profile, before: Mapping[str, Entries], after: Mapping[str, Entries]) -> Preview:
    """For how many devices something is another after a change, and for how many of them the program is too old."""
    row = newest_schema(profile.product)
    if row is None:
        return Preview()
    schema, layers = read(row), {group.code: layer_of(group) for group in groups_of(profile)}
    alone = {name.partition(":")[2] for name in {*before, *after} if name.startswith(f"{Level.DEVICE}:")}
    kinds: Counter[tuple[Any, ...]] = Counter()
    by_layer: Counter[str] = Counter()
    for member in members(profile):
        own = member.code if member.code in alone else ""
        kinds[(member.groups, member.target, own)] += 1
        by_layer.update([COMPANY.key, *(layers[code].key for code in member.groups), *([f"{Level.DEVICE}:{own}"] if own else [])])
    changed = too_old = 0
    waiting: set[str] = set()
    for (groups, target, own), count in kinds.items():
        mine = [COMPANY, *(layers[code] for code in groups), *([Layer(Level.DEVICE, own)] if own else [])]
        old, known = _outcome(schema, before, mine, target)
        new, late = _outcome(schema, after, mine, target)
        changed += count * (old != new)
        if fresh := late - known:
            too_old += count
            waiting |= fresh
    return Preview(sum(kinds.values()), changed, too_old, tuple(sorted(waiting)), by_layer)


def _outcome(
    schema: Schema, named: Mapping[str, Entries], layers: Collection[Layer], target: Target
) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """What counts, in a form that can be compared, and the settings that wait for a newer program."""
    found = outcome_of(schema, {layer: named[layer.key] for layer in layers if layer.key in named}, target)
    late = {key for key, lost in found.skipped.items() if any(loser.why is Why.NEEDS_VERSION for loser in lost)}
    return {key: _shown(effective) for key, effective in found.values.items()}, late


def _shown(effective: Effective) -> tuple[str, str]:
    return repr(effective.entry.value), effective.entry.mode.value
