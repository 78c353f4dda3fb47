"""The plan of a roll-out as JSON, from outside and as it is stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from podpora.base.errors import Problems
from podpora.fleet.values import Plan, Wave
from podpora.fleet.values.rollouts import ERROR_LIMIT, LONGEST_PAUSE_HOURS, MOST_EXCLUSIONS, MOST_WAVES, Period


def read_plan(given: Mapping[str, Any], *, groups: frozenset[str], zone: str) -> Plan:
    """A plan from outside: `{waves: [{percent?, groups?, hours?}], exclusions?: [[first, last]], zone?, error_limit?}`.

    `groups`: the codes that are there; `zone`: where none is said. InvalidInput names what does not fit.
    """
    problems = Problems()
    for name in given:
        if name not in ("waves", "exclusions", "zone", "error_limit"):
            problems.add(name[:40], "unknown", fields="waves, exclusions, zone, error_limit")
    waves = _waves(given.get("waves"), groups, problems)
    limit = given.get("error_limit", ERROR_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 <= limit <= 100:
        problems.add("error_limit", "out_of_range", least=0, most=100)
        limit = ERROR_LIMIT
    name = given.get("zone", zone)
    if not _is_zone(name):
        problems.add("zone", "settings.rollout_zone")
    exclusions = _exclusions(given.get("exclusions", []), problems)
    problems.or_refuse()
    return Plan(waves, exclusions, str(name), float(limit))


def _waves(given: Any, groups: frozenset[str], problems: Problems) -> tuple[Wave, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_WAVES:
        problems.add("waves", "settings.rollout_waves")
        return ()
    waves = [_wave(number, each, groups, problems) for number, each in enumerate(given)]
    share = 0.0
    for number, wave in enumerate(waves):
        if not wave.groups and wave.percent <= share and number:
            problems.add(f"waves.{number}", "settings.rollout_order")
        share = max(share, wave.percent)
    if waves[-1].percent != 100:
        problems.add("waves", "settings.rollout_last_wave")
    return tuple(waves)


def _wave(number: int, given: Any, groups: frozenset[str], problems: Problems) -> Wave:
    path = f"waves.{number}"
    if not isinstance(given, Mapping) or set(given) - {"percent", "groups", "hours"}:
        problems.add(path, "unknown", fields="percent, groups, hours")
        return Wave()
    percent, named, hours = given.get("percent", 0), given.get("groups", []), given.get("hours", 24)
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        problems.add(f"{path}.percent", "out_of_range", least=0, most=100)
        percent = 0
    if not isinstance(named, list) or not all(isinstance(code, str) and code in groups for code in named):
        problems.add(f"{path}.groups", "unknown")
        named = []
    if hours is not None and (isinstance(hours, bool) or not isinstance(hours, int) or not 0 <= hours <= LONGEST_PAUSE_HOURS):
        problems.add(f"{path}.hours", "out_of_range", least=0, most=LONGEST_PAUSE_HOURS)
        hours = 24
    if not percent and not named:
        problems.add(path, "required", choices="percent, groups")
    return Wave(float(percent), frozenset(named), hours)


def _exclusions(given: Any, problems: Problems) -> tuple[Period, ...]:
    found = []
    try:
        if not isinstance(given, list) or len(given) > MOST_EXCLUSIONS:
            raise ValueError
        for first, last in given:
            period = date.fromisoformat(first), date.fromisoformat(last)
            if period[0] > period[1] or period[1].year > 9000:
                raise ValueError
            found.append(period)
    except (ValueError, TypeError):
        problems.add("exclusions", "settings.rollout_dates")
    return tuple(found)


def _is_zone(name: Any) -> bool:
    if not isinstance(name, str) or not name or len(name) > 60:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def plan_json(plan: Plan) -> dict[str, Any]:
    """As it is stored and told."""
    return {
        "waves": [{"percent": wave.percent, "groups": sorted(wave.groups), "hours": wave.hours} for wave in plan.waves],
        "exclusions": [[first.isoformat(), last.isoformat()] for first, last in plan.exclusions],
        "zone": plan.zone, "error_limit": plan.error_limit,
    }  # fmt: skip


def plan_from(stored: Mapping[str, Any]) -> Plan:
    """A plan that was stored by `plan_json`."""
    waves = tuple(Wave(float(wave["percent"]), frozenset(wave["groups"]), wave["hours"]) for wave in stored["waves"])
    exclusions = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored["exclusions"])
    return Plan(waves, exclusions, stored["zone"], stored["error_limit"])
