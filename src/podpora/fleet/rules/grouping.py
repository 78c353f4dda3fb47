"""Which groups a device is in by their rules."""

import re
from functools import lru_cache

from podpora.fleet.rules.effective import holds
from podpora.fleet.values import Condition, DeviceTraits, GroupRule, Target


def belongs(traits: DeviceTraits, rule: GroupRule) -> bool:
    """Everything that the rule says is so of the device. A rule that says nothing finds nobody."""
    if rule.is_empty:
        return False
    condition = Condition(rule.platforms, rule.since, rule.below)
    if not holds(condition, Target(traits.platform, traits.version)):
        return False
    if rule.name and not _pattern(rule.name).fullmatch(traits.name):
        return False
    return (not rule.team or rule.team == traits.team) and (not rule.person or rule.person == traits.person)


@lru_cache(maxsize=1000)
def _pattern(name: str) -> re.Pattern[str]:
    """`PRAHA-*`: a star stands for anything; case does not matter. Stars side by side are one, so that it can't take for ever."""
    parts = [re.escape(part) for part in re.split(r"\*+", name)]
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)
