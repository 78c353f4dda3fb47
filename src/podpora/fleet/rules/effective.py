"""What counts on a device: one function, from the layers to a value with its winner, its losers and the reason (CS-1 to CS-5, CS-12)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from podpora.catalog.rules import number_key
from podpora.fleet.values import Condition, Content, Effective, Entry, Layer, Level, Loser, Mode, Outcome, Schema, Target, Why

# Who wins: the debate.
#
# Two things pull in different directions. "Forced" has to mean forced: an administrator who locks a setting for the whole company must
# not find it unlocked because somebody left a default in a group (CS-2). And what is nearer to a device has to beat what is farther,
# or there would be no exceptions (CS-3). So the mode is asked first, but only this one question: is it forced? Between default and
# initial the nearer layer wins, for both leave the last word to the user; a department that says "start with the dark theme" knows its
# people better than a company-wide default does. Among the groups of one device their order decides, 0 first (CS-4); it is the
# company's own list and no two groups share a place, but should they, the code of the group decides, so that the answer never depends
# on how rows happen to be stored.
_NEARNESS = {Level.DEVICE: 0, Level.GROUP: 1, Level.COMPANY: 2}
_Rank = tuple[bool, int, int, str]


def _rank(layer: Layer, entry: Entry) -> _Rank:
    """The lowest wins."""
    return entry.mode is not Mode.FORCED, _NEARNESS[layer.level], layer.priority, layer.code


def outcome_of(schema: Schema, content: Content, target: Target, *, keep_newer: bool = False) -> Outcome:
    """What counts on the device `target`, to which all layers of `content` belong. No order of anything changes the answer.

    `keep_newer`: with settings that its program does not know yet, for the bundle: an updated program then has them at once, and an
    old one lists what it leaves out (CS-12).
    """
    standing: dict[str, list[tuple[Layer, Entry]]] = defaultdict(list)
    losers: dict[str, list[Loser]] = defaultdict(list)
    for layer, entries in content.items():
        for key, entry in entries.items():
            why = _does_not_apply(schema, key, entry, target, keep_newer)
            if why is None:
                standing[key].append((layer, entry))
            else:
                losers[key].append(Loser(layer, entry, why))
    owners = _owners_of_blocks(schema, standing, target)
    values: dict[str, Effective] = {}
    for key, found in standing.items():
        owner = owners.get(schema.block_of(key))
        ordered = sorted(found, key=lambda pair: _rank(*pair))
        winner = next((pair for pair in ordered if owner in (None, pair[0])), None)
        for layer, entry in ordered:
            if winner is None or (owner is not None and layer != owner):
                losers[key].append(Loser(layer, entry, Why.ATOMIC))
            elif (layer, entry) != winner:
                losers[key].append(Loser(layer, entry, _why_lost(layer, entry, *winner)))
        if winner is not None:
            values[key] = Effective(key, *winner, losers=_in_order(losers[key]))
    return Outcome(values, {key: _in_order(lost) for key, lost in sorted(losers.items()) if key not in values})


def _owners_of_blocks(schema: Schema, standing: Mapping[str, list[tuple[Layer, Entry]]], target: Target) -> dict[str, Layer]:
    """CS-5: settings that only make sense together come from one layer: that with the strongest entry of the whole block.

    An entry that the program does not know yet decides only where there is no other: what its program leaves out must not take away
    from a device what it understands (CS-12).
    """
    best: dict[str, tuple[tuple[bool, *_Rank], Layer]] = {}
    for key, found in standing.items():
        block, since = schema.block_of(key), schema.settings[key].since
        is_newer = bool(since) and not _is_at_least(target.version, since)
        for layer, entry in found if block else ():
            rank = (is_newer, *_rank(layer, entry))
            if block not in best or rank < best[block][0]:
                best[block] = (rank, layer)
    return {block: layer for block, (_, layer) in best.items()}


def _why_lost(layer: Layer, entry: Entry, winner: Layer, winning: Entry) -> Why:
    if winning.mode is Mode.FORCED and entry.mode is not Mode.FORCED:
        return Why.FORCED
    return Why.PRIORITY if layer.level is winner.level else Why.NEARER


def _does_not_apply(schema: Schema, key: str, entry: Entry, target: Target, keep_newer: bool) -> Why | None:
    setting = schema.settings.get(key)
    if setting is None:
        return Why.UNKNOWN
    if setting.since and not keep_newer and not _is_at_least(target.version, setting.since):
        return Why.NEEDS_VERSION
    if setting.until and _is_at_least(target.version, setting.until):
        return Why.REMOVED
    return None if holds(entry.condition, target) else Why.CONDITION


def holds(condition: Condition, target: Target) -> bool:
    """Is an entry with this condition meant for the device?"""
    if condition.platforms and target.platform.lower() not in condition.platforms:
        return False
    if condition.since and not _is_at_least(target.version, condition.since):
        return False
    return not (condition.below and (not target.version or _is_at_least(target.version, condition.below)))


def _is_at_least(version: str, wanted: str) -> bool:
    """A device whose version nobody knows has no version yet: it is below every other."""
    have, need = number_key(version), number_key(wanted)
    return have is not None and need is not None and have >= need


def _in_order(lost: Iterable[Loser]) -> tuple[Loser, ...]:
    """The strongest first."""
    return tuple(sorted(lost, key=lambda each: _rank(each.layer, each.entry)))
