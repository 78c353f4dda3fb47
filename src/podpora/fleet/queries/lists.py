"""The list of a company's devices with what each has: who is behind, in error, silent; counts for the overview."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from re import escape, split

from django.db.models import Count, F, Q, QuerySet

from podpora.fleet.models import DeviceSettings, GroupDevice, Profile, RollOut
from podpora.fleet.queries.devices import devices_of, platform_of
from podpora.fleet.queries.groups import groups_of
from podpora.fleet.queries.rollouts import WRONG, open_rollout
from podpora.fleet.rules import holds, rule_from
from podpora.fleet.values import EVERYWHERE, HARMLESS, Condition, GroupRule, ReportState, Target
from podpora.licensing.models import Device

SILENT_AFTER = timedelta(days=14)
STATES = ("all", "current", "waiting", "behind", "error", "drift", "silent")
ORDERS = {"name": "name", "seen": "last_seen_at", "revision": "central_settings__revision"}


@dataclass(frozen=True, slots=True)
class SettingsWish:
    """What of the list is wanted, as the address says it."""

    state: str = ""
    q: str = ""
    platform: str = ""
    group: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class DeviceCounts:
    """How many devices stand how. A device may be silent or drifted and something else; the others exclude each other."""

    total: int = 0
    current: int = 0
    waiting: int = 0  # has what is settled; a roll-out will reach it
    behind: int = 0
    error: int = 0
    drift: int = 0  # its own policy counts in the place of something
    silent: int = 0

    def of(self, state: str) -> int:
        return self.total if state == "all" else int(asdict(self)[state])


def conditions(profile: Profile, *, at: datetime) -> dict[str, Q]:
    """How a device may stand, each as a filter of devices."""
    rollout = open_rollout(profile)
    newest, settled = profile.revision, rollout.settled if rollout else profile.revision
    applied = Q(central_settings__state=ReportState.APPLIED)
    return {
        "all": Q(),
        "error": Q(central_settings__state__in=WRONG),
        "current": applied & Q(central_settings__reported_revision__gte=newest),
        "waiting": applied & Q(central_settings__reported_revision__gte=settled, central_settings__reported_revision__lt=newest),
        "behind": (
            Q(central_settings=None)
            | Q(central_settings__state=ReportState.OFFERED)
            | applied & Q(central_settings__reported_revision__lt=settled)
        ),
        "drift": Q(central_settings__is_drifted=True),
        "silent": Q(last_seen_at__lt=at - SILENT_AFTER),
    }


def device_counts(profile: Profile, *, at: datetime) -> DeviceCounts:
    """All counts in one statement."""
    counted = {state: Count("pk", filter=held) for state, held in conditions(profile, at=at).items() if state != "all"}
    return DeviceCounts(**devices_of(profile).aggregate(total=Count("pk"), **counted))


def listed(profile: Profile, wish: SettingsWish, *, at: datetime) -> QuerySet[Device]:
    """The devices of the list, in its order, with what each was given and said."""
    held = conditions(profile, at=at).get(wish.state, Q())
    rows = devices_of(profile).filter(held).select_related("central_settings", "team", "person")
    if wish.q:
        rows = rows.filter(
            Q(name__icontains=wish.q) | Q(code__iexact=wish.q) | Q(person__name__icontains=wish.q) | Q(person__email__iexact=wish.q)
        )
    if wish.platform:
        rows = rows.filter(platform__istartswith=wish.platform)
    if wish.group:
        rows = rows.filter(_inside(profile, wish.group))
    name = ORDERS.get(wish.sort.removeprefix("-"), "name")
    order = F(name).desc(nulls_last=True) if wish.sort.startswith("-") else F(name).asc(nulls_first=True)
    return rows.order_by(order, "pk").defer("central_settings__bundle")


def _inside(profile: Profile, code: str) -> Q:
    """Those that were put into the group, and those that its rule finds."""
    group = groups_of(profile).filter(code=code).first() if "\x00" not in code else None
    if group is None:
        return Q(pk__in=())
    put = Q(pk__in=GroupDevice.objects.filter(group=group).values("device"))
    return put | _found_by(profile, rule_from(group.rule)) if group.rule else put


def _found_by(profile: Profile, rule: GroupRule) -> Q:
    """A group's rule as a filter. Versions are compared here, not in the database: there are few kinds of programs."""
    found, condition = Q(), Condition(rule.platforms, rule.since, rule.below)
    if condition != EVERYWHERE:
        found = Q(pk__in=())
        for platform, version in devices_of(profile).values_list("platform", "app_version").distinct():
            if holds(condition, Target(platform_of(platform), version)):
                found |= Q(platform=platform, app_version=version)
    if rule.name:
        found &= Q(name__iregex="^" + ".*".join(escape(part) for part in split(r"\*+", rule.name)) + "$")
    if rule.team:
        found &= Q(team__code=rule.team)
    return found & Q(person__email=rule.person) if rule.person else found


def standing_of(profile: Profile, given: DeviceSettings | None, rollout: RollOut | None) -> str:
    """How one device stands, as `conditions` says it: current, waiting, behind or error."""
    if given is None or given.profile_id != profile.pk or given.state == ReportState.OFFERED or given.reported_revision is None:
        return "behind"
    if given.state in WRONG:
        return "error"
    if given.reported_revision >= profile.revision:
        return "current"
    return "waiting" if rollout and given.reported_revision >= rollout.settled else "behind"


def device_in(profile: Profile, code: str) -> Device | None:
    """One device of the profile with what it was given."""
    rows = devices_of(profile).select_related("central_settings", "team", "person", "licence__customer", "licence__product")
    return rows.filter(code=code).first() if "\x00" not in code else None


def errors_of(profile: Profile, revision: int) -> list[tuple[str, str, int]]:
    """What devices that have this revision could not use: (setting, reason, how many), the most frequent first."""
    found: dict[tuple[str, str], int] = {}
    rows = DeviceSettings.objects.filter(profile=profile, revision=revision, state__in=WRONG).values_list("keys", "refused")[:2000]
    for keys, refused in rows.iterator():
        for key, told in keys.items():
            if told.get("state") not in HARMLESS:
                place = key, told.get("reason") or told.get("code", "")
                found[place] = found.get(place, 0) + 1
        for one in refused:
            found["", one.get("code", "")] = found.get(("", one.get("code", "")), 0) + 1
    return sorted(((key, why, count) for (key, why), count in found.items()), key=lambda each: (-each[2], each[0]))


def names_of_devices(profile: Profile, codes: Iterable[str]) -> dict[str, str]:
    """What the profile's devices with these codes are called; those that went to somebody else are not named."""
    wanted = set(codes)
    return {device.code: str(device) for device in devices_of(profile).filter(code__in=wanted)} if wanted else {}


def devices_by_codes(profile: Profile, wanted: Iterable[str]) -> list[Device]:
    """The profile's devices with these codes or exactly these names (case does not matter)."""
    words = {word.strip() for word in wanted if word.strip()}
    upper = {word.upper() for word in words}
    lower = {word.lower() for word in words}
    found = []
    for device in devices_of(profile).only("pk", "code", "name"):
        if device.code in upper or device.name.lower() in lower:
            found.append(device)
    return found
